import { describeSequences } from "./sequences";

describeSequences(1000);
