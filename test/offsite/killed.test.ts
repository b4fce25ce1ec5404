import { describeKilledPush } from "./killed";

describeKilledPush(3);
describeKilledPush(1, "locked");
