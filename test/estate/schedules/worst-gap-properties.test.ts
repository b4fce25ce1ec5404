import { gapProperties } from "./gap-properties";

describe("the worst gap of any schedule", gapProperties(1));
