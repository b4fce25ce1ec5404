import { CAPABILITIES, type Capability } from "../../estate/stores/capabilities";
import { OF_THE_BUCKET, type Evidence, type Fact, type Parts } from "../../estate/stores/profile";
import { PROFILES } from "../../estate/stores/profiles";
import { DUTIES, GRANTS, PLACES, ROLES, type Grant, type Only } from "../../offsite/policies/grants";
import { code, markdown, table, type Page } from "./page";

/** What is known of stores, and what each part may do there. */
export const storePages = (): Page[] => [
  markdown(
    "stores.md",
    "# Stores",
    "What is known of stores, and what each part of the courier asks of them. How the commands are used stands in " +
      "[Offsite](offsite.md).",
    "## Profiles",
    "What a store can do is found out by `offsite probe`, recorded, and believed before anything else. Until somebody " +
      "has looked, this table counts: what it says is missing is refused, in a sentence, before anything is sent. An " +
      "empty cell is not known: the courier tries it, and sees for itself whether the store overwrites before it sends a " +
      "set. “Bucket” depends on how the bucket was made.",
    table(
      ["it …", ...PROFILED.map(([profile]) => code(profile))],
      (Object.keys(CAPABILITIES) as Capability[]).map((capability) => [
        `${CAPABILITIES[capability]} (${code(capability)})`,
        ...PROFILED.map(([, { capabilities }]) => factText(capabilities[capability])),
      ]),
    ),
    "ᵈ documented by its maker · ʳ reported by users · ᵐ measured by the tests of this product",
    ...PROFILED.map(([profile, known]) => profileText(profile, known)),
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

type Known = (typeof PROFILES)[keyof typeof PROFILES];

/** Of a store that is like no other nothing is known. */
const PROFILED = Object.entries(PROFILES).filter(([profile]) => profile !== "generic");

const EVIDENCE: Readonly<Record<Evidence, string>> = { documented: "ᵈ", reported: "ʳ", measured: "ᵐ" };

function factText(fact: Fact | undefined): string {
  if (!fact) return "";
  const holds = fact.holds === OF_THE_BUCKET ? "bucket" : fact.holds ? "yes" : "no";
  return `${holds}${EVIDENCE[fact.evidence]}`;
}

function profileText(
  profile: string,
  { name, capabilities, addressing, parts, insteadOfPolicies, notes }: Known,
): string {
  const of = Object.entries(capabilities).flatMap(([capability, { note, evidence }]) =>
    note === undefined ? [] : [`${code(capability)}: ${note}.${EVIDENCE[evidence]}`],
  );
  const lines = [
    `The bucket stands in the ${addressing === "host" ? "name of the host" : "path"} of a request.`,
    ...(parts ? [partsText(parts)] : []),
    ...of,
    ...notes.map(({ text, evidence }) => `${text}${EVIDENCE[evidence]}`),
    ...(insteadOfPolicies === undefined ? [] : [`${insteadOfPolicies}${EVIDENCE.documented}`]),
  ];
  return [`**${name}** (${code(profile)})`, "", ...lines.map((line) => `- ${line}`)].join("\n");
}

const partsText = ({ most, leastBytes, mostBytes, equal, evidence }: Parts): string =>
  `At most ${most.toLocaleString("en-US")} parts of ${String(leastBytes >> 20)} MiB to ${String(mostBytes / 2 ** 30)} GiB` +
  `${equal ? ", all but the last of one size" : ""}.${EVIDENCE[evidence]}`;

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
