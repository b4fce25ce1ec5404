import { describeBucket } from "./bucket";
import { describeCouriers } from "./couriers";
import { describeFetch } from "./fetch";
import { describePush } from "./push";
import { describeRefusals } from "./refusals";

/** The bucket puts a COMPLIANCE lock on whatever comes: nothing in here can have been rewritten. */
for (const suite of [describePush, describeBucket, describeFetch, describeRefusals, describeCouriers])
  suite("compliance");
