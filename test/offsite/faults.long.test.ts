import { describeFaults } from "./faults";

describeFaults(7500);
describeFaults(2500, "locked");
