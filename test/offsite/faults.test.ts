import { describeFaults } from "./faults";

describeFaults(80);
