import { describeKilledPush } from "./killed";

describeKilledPush(200);
