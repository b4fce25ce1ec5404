import { describeRoundTrips } from "./round-trips";

describeRoundTrips(150);
