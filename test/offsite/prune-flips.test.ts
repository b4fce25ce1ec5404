import { describePruneFlips } from "./prune-flips";

describePruneFlips(2);
