import type { StoreReference } from "../../estate/documents";
import { PLACES, type Grant } from "./grants";

/** A policy as AWS writes it, and as most stores read it. */
export interface Policy {
  Version: "2012-10-17";
  Statement: Statement[];
}

export interface Statement {
  Sid: string;
  Effect: "Allow";
  Principal?: { AWS: string };
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string>>;
}

/**
 * With a principal it is a policy of the bucket; without one, of the account that it is given to. There is no condition
 * on what may be listed: with one, stores answer "denied" instead of "not there" for an object that is missing.
 */
export function policyOf(store: StoreReference, grants: readonly Grant[], principal?: string): Policy {
  return {
    Version: "2012-10-17",
    Statement: grouped(grants)
      .flatMap(({ actions, on }) => {
        const statement: Statement = {
          Sid: "",
          Effect: "Allow",
          ...(principal === undefined ? {} : { Principal: { AWS: principal } }),
          Action: actions.map((action) => `s3:${action}`),
          Resource: resourcesOf(store, on),
        };
        // Only Amazon's policies can demand that nothing is overwritten.
        return actions[0] === "PutObject" && store.profile === "aws" ? withoutOverwriting(statement) : [statement];
      })
      .map((statement, index) => ({ ...statement, Sid: `LyncBackup${String(index + 1)}` })),
  };
}

/** The requests of an upload in parts cannot carry the condition; the one that completes it can. */
const withoutOverwriting = (statement: Statement): Statement[] => [
  { ...statement, Condition: { Null: { "s3:if-none-match": "false" } } },
  { ...statement, Condition: { Bool: { "s3:ObjectCreationOperation": "false" } } },
];

interface Group {
  actions: string[];
  on: Grant["on"];
}

/** What is granted in the same places stands together; what writes, alone. */
function grouped(grants: readonly Grant[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { action, on } of grants) {
    const places = on === "bucket" ? on : on.join(" ");
    const name = action === "PutObject" ? `${action} ${places}` : places;
    const known = groups.get(name);
    if (known) known.actions.push(action);
    else groups.set(name, { actions: [action], on });
  }
  return [...groups.values()];
}

/** How policies call a bucket. */
export const arnOf = ({ bucket, region, profile }: StoreReference): string =>
  `arn:${profile === "aws" ? partitionOf(region) : "aws"}:s3:::${bucket}`;

function resourcesOf(store: StoreReference, on: Grant["on"]): string[] {
  const { prefix } = store;
  const arn = arnOf(store);
  if (on === "bucket") return [arn];
  const below = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  return on.map((place) => `${arn}/${below}${PLACES[place]}`);
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
