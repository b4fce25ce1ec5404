import { describeFaults } from "./faults";

describeFaults(60);
describeFaults(20, "locked");
