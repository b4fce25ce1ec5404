import { describePruneFlips } from "./prune-flips";

describePruneFlips(100);
