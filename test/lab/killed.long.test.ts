import { describeKilled } from "./killed";

describeKilled();
