import { describeKilledPush } from "./killed";

describeKilledPush(150);
describeKilledPush(50, "locked");
