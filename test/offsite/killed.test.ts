import { describeKilledPush } from "./killed";

describeKilledPush(4);
