import { describeFaults } from "./faults";

describeFaults(10_000);
