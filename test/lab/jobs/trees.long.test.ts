import { describeTrees } from "./trees";

describeTrees(200);
