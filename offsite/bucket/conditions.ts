import { GetObjectCommand } from "@aws-sdk/client-s3";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { PolicyStatement } from "../../estate/documents";
import { arnOf } from "../policies/policy";
import { Expected } from "../store/retry";
import type { Store } from "../store/store";
import type { Answer } from "./ask";
import { PROBE_FOLDER } from "./keys";
import { policy } from "./policy";

/**
 * Whether the store does what the conditions of a policy say. Some accept a policy and leave its conditions out: there
 * a denial of plain HTTP would deny everybody. So for a moment the policy denies reading two keys that do not exist:
 * one over the transport of these very requests, the other over the other one. Only the first must be refused.
 */
export async function honoursConditions(store: Store, forMs: number): Promise<Answer<true>> {
  const [here, there] = [0, 1].map(() => `${PROBE_FOLDER}/${randomBytes(8).toString("hex")}`) as [string, string];
  if ((await readingOf(store, here)) !== "nothing there") {
    return { lacks: "these credentials may not read objects, so it is not seen what keeps them from it" };
  }
  const before = await policy.read(store);
  if ("lacks" in before) return before;
  const secure = store.reference.endpoint?.startsWith("http:") !== true;
  const denies = [denial(store, here, secure), denial(store, there, !secure)];
  await policy.write(store, [...before.is.filter(({ Sid }) => Sid?.startsWith(SID) !== true), ...denies]);
  try {
    if (!(await isRefusedSoon(store, here, forMs))) {
      return { lacks: "a policy that denies something does not keep these credentials from it" };
    }
    return (await readingOf(store, there)) === "refused"
      ? { lacks: "the conditions of a policy are accepted and left out: it would refuse everybody" }
      : { is: true };
  } finally {
    await policy.write(
      store,
      before.is.filter(({ Sid }) => Sid?.startsWith(SID) !== true),
    );
  }
}

const SID = "LyncBackupProbe";

const denial = (store: Store, key: string, secure: boolean): PolicyStatement => ({
  Sid: `${SID}${secure ? "Tls" : "Plain"}`,
  Effect: "Deny",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: `${arnOf(store.reference)}/${key}`,
  Condition: { Bool: { "aws:SecureTransport": String(secure) } },
});

/** Policies take a while until every part of a store has them. */
async function isRefusedSoon(store: Store, key: string, forMs: number): Promise<boolean> {
  for (const until = Date.now() + forMs; ; await delay(Math.min(250, forMs / 4))) {
    if ((await readingOf(store, key)) === "refused") return true;
    if (Date.now() > until) return false;
  }
}

async function readingOf(store: Store, key: string): Promise<"nothing there" | "refused"> {
  const answer = await store.sender.tries(
    "looking what a policy refuses",
    ["missing", "denied"],
    (client, at, options) => client.send(new GetObjectCommand({ ...at, Key: key }), options),
  );
  return answer instanceof Expected && answer.kind === "denied" ? "refused" : "nothing there";
}
