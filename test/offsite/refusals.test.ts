import { describeRefusals } from "./refusals";

describeRefusals("plain");
