import { describeTrees } from "./trees";

describeTrees(80);
