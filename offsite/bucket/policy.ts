import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import type { BucketPosture, PolicyStatement, StoreReference } from "../../estate/documents";
import { canonicalStatements } from "../../estate/stores/statements";
import { arnOf } from "../policies/policy";
import { ask, tell, type Setting } from "./ask";

/** All statements of the bucket's policy. */
export const policy: Setting<PolicyStatement[]> = {
  read: (store) =>
    ask(
      store,
      "the policy of the bucket",
      (client, at, options) => client.send(new GetBucketPolicyCommand(at), options),
      { none: [], read: ({ Policy }) => (Policy === undefined ? undefined : statementsIn(Policy)) },
    ),
  write: (store, statements) =>
    tell(store, "the policy of the bucket", (client, at, options) =>
      statements.length === 0
        ? client.send(new DeleteBucketPolicyCommand(at), options)
        : client.send(
            new PutBucketPolicyCommand({
              ...at,
              Policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
            }),
            options,
          ),
    ),
};

function statementsIn(text: string): PolicyStatement[] | undefined {
  try {
    const { Statement = [] } = JSON.parse(text) as { Statement?: PolicyStatement | PolicyStatement[] };
    return canonicalStatements(Array.isArray(Statement) ? Statement : [Statement]);
  } catch {
    return undefined;
  }
}

/** What the policy refuses, by the property that declares it. */
export type Refusal = "refusePlainHttp" | "refuseUnencryptedPuts";
export const REFUSALS: readonly Refusal[] = ["refusePlainHttp", "refuseUnencryptedPuts"];

/** What statements of a policy mean, in the words of a declaration. */
export interface PolicyMeaning {
  refusePlainHttp: boolean;
  refuseUnencryptedPuts: boolean;
  policyStatements: PolicyStatement[];
}

export function meaningOf(store: StoreReference, statements: readonly PolicyStatement[]): PolicyMeaning {
  const has = (refusal: Refusal): boolean => statements.some((one) => isSame(one, refusalOf(store, refusal)));
  const ours = REFUSALS.map((refusal) => refusalOf(store, refusal));
  return {
    refusePlainHttp: has("refusePlainHttp"),
    refuseUnencryptedPuts: has("refuseUnencryptedPuts"),
    policyStatements: canonicalStatements(statements.filter((one) => !ours.some((refusal) => isSame(one, refusal)))),
  };
}

/** The statements that there should be: what is not declared stays as it was found. */
export function statementsFor(
  store: StoreReference,
  found: readonly PolicyStatement[],
  wanted: Pick<BucketPosture, keyof PolicyMeaning>,
): PolicyStatement[] {
  const meant = meaningOf(store, found);
  // A refusal that somebody has altered is put right, not kept beside the right one.
  const altered = new Set(REFUSALS.flatMap((one) => (wanted[one] === undefined ? [] : [SIDS[one]])));
  const others = wanted.policyStatements ?? meant.policyStatements.filter(({ Sid }) => !altered.has(Sid ?? ""));
  const refused = REFUSALS.filter((one) => wanted[one] ?? meant[one]).map((one) => refusalOf(store, one));
  return canonicalStatements([...others, ...refused]);
}

export const SIDS: Readonly<Record<Refusal, string>> = {
  refusePlainHttp: "LyncBackupRefusePlainHttp",
  refuseUnencryptedPuts: "LyncBackupRefuseUnencryptedPuts",
};

export function refusalOf(store: StoreReference, refusal: Refusal): PolicyStatement {
  const arn = arnOf(store);
  const denied = { Sid: SIDS[refusal], Effect: "Deny", Principal: "*" } as const;
  switch (refusal) {
    case "refusePlainHttp":
      return {
        ...denied,
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      };
    case "refuseUnencryptedPuts":
      return {
        ...denied,
        Action: "s3:PutObject",
        Resource: `${arn}/*`,
        Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } },
      };
  }
}

/** What a statement is called says nothing of what it does. */
function isSame(one: PolicyStatement, other: PolicyStatement): boolean {
  const text = ({ Sid: _name, ...does }: PolicyStatement): string => JSON.stringify(canonicalStatements([does]));
  return text(one) === text(other);
}
