import { describeKilled } from "./killed";

describeKilled(5);
