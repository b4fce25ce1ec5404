import { DUTIES, GRANTS, PLACES, ROLES, type Grant, type Only } from "../../offsite/policies/grants";
import { code, markdown, table, type Page } from "./page";

/** What is known of stores, and what each part may do there. */
export const storePages = (): Page[] => [
  markdown(
    "stores.md",
    "# Stores",
    "What each part of the courier asks of a store. How the commands are used stands in [Offsite](offsite.md).",
    "## The least that each part needs",
    "Each part has credentials of its own: a stolen key of a courier deletes nothing, and one that verifies changes " +
      "nothing. `offsite policy` prints a role's grants as a policy for a bucket and a prefix.",
    ...ROLES.flatMap((role) => [
      `### ${role}`,
      `${DUTIES[role]}.`,
      table(["may", "on", "why", "only"], GRANTS.filter((grant) => grant.role === role).map(rowOf)),
    ]),
    "Who may list sees the names in the whole bucket: where a policy limits listing to a prefix, stores answer " +
      "“denied” instead of “not there” for an object that is missing, and nobody could tell the two apart. Deployments " +
      "that must not see each other's names need a bucket each.",
    "Amazon's policies demand in addition that whoever puts an object asks that nothing be overwritten. No other store " +
      "is known to know that condition: there, a stolen key of a courier can write over an object, and the versions of " +
      "the bucket keep what was there, which that key cannot delete.",
    "Nobody is granted to bypass a lock (`BypassGovernanceRetention`). With `sse-kms`, the key must let the pusher " +
      "use `kms:GenerateDataKey` and `kms:Decrypt`, and the others `kms:Decrypt`.",
  ),
];

const rowOf = ({ action, on, why, only }: Grant): string[] => [
  code(action),
  on === "bucket" ? "the bucket" : on.map((place) => code(PLACES[place])).join(" "),
  why,
  only === undefined ? "" : ONLY[only],
];

const ONLY: Readonly<Record<Only, string>> = {
  versions: "where the store lists versions",
  "no versions": "where the store lists none",
  lock: "with a lock",
  "legal hold": "with a legal hold",
};
