import { describeSequences } from "./sequences";

describeSequences(300);
