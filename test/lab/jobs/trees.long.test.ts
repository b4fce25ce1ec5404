import { describeTrees } from "./trees";

describeTrees(1000);
