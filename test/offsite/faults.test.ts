import { describeFaults } from "./faults";

describeFaults(200);
