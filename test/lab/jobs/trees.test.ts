import { describeTrees } from "./trees";

describeTrees(10);
