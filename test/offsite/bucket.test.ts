import { describeBucket } from "./bucket";

describeBucket("versioned");
