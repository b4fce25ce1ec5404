import { serversOf } from "../../estate/documents";
import type { Actor } from "../files";
import { poolsWithUsers, usersOf, type DirectoryUser } from "../model/directory-users";
import type { World } from "../world";
import { CmdletRefusal, like, textOf, type Parameters } from "./refusal";
import { topologyFor } from "./stores";

/** Users as the directory has them. */

const POLICIES = ["Voice", "Conferencing", "Client", "ExternalAccess", "Archiving", "Mobility", "Presence", "Location"];

export function getUser(world: World, actor: Actor, parameters: Parameters): Shown[] {
  const topology = topologyFor(world, actor);
  const identity = textOf(parameters, "Identity");
  const filter = filterOf(textOf(parameters, "Filter"));
  const limit = parameters["ResultSize"];
  if (parameters["UnAssignedUser"] === true) return [];
  const found = poolsWithUsers(world).flatMap((pool) => {
    const [first] = topology.pools.filter(({ fqdn }) => fqdn === pool).flatMap(serversOf);
    return usersOf(world, pool).map((user) => shown(user, pool, first));
  });
  const matching = found.filter((user) => filter(user) && (identity === undefined || isCalled(user, identity)));
  if (matching.length > 0 || identity === undefined)
    return matching.slice(0, typeof limit === "number" ? limit : undefined);
  throw new CmdletRefusal("not-found", `Cannot find the user "${identity}" in the directory.`);
}

type Shown = Record<string, string | boolean | null>;

const shown = (user: DirectoryUser, pool: string, server: string | undefined): Shown => ({
  Identity: `CN=${user.name},CN=Users,DC=${pool.split(".").slice(1).join(",DC=")}`,
  DisplayName: user.name,
  SipAddress: user.sip,
  UserPrincipalName: user.sip.replace(/^sip:/, ""),
  SamAccountName: user.sip.replace(/^sip:(.*)@.*$/, "$1"),
  HostingProvider: "SRV:",
  RegistrarPool: pool,
  HomeServer: server ?? null,
  Enabled: true,
  EnterpriseVoiceEnabled: user.enterpriseVoice,
  LineURI: user.lineUri ?? "",
  ...Object.fromEntries(POLICIES.map((kind) => [`${kind}Policy`, user.policies[kind] ?? null])),
});

function isCalled(user: Shown, identity: string): boolean {
  const wanted = identity.replace(/^sip:/i, "");
  return like(String(user["SipAddress"]).replace(/^sip:/, ""), wanted) || like(String(user["DisplayName"]), wanted);
}

const CLAUSE =
  /^\s*(?<name>\w+)\s+-(?<operator>eq|ne|like)\s+(?:'(?<single>[^']*)'|"(?<double>[^"]*)"|\$(?<word>true|false|null))\s*$/i;

/** Comparisons joined by -and or by -or, as far as anybody needs them. */
function filterOf(text: string | undefined): (user: Shown) => boolean {
  if (text === undefined) return () => true;
  const inside = text.trim().replace(/^\{(.*)\}$/s, "$1");
  const joined = / -or /i.test(inside) ? "or" : "and";
  const clauses = inside.split(joined === "or" ? / -or /i : / -and /i).map((one) => clauseOf(one, text));
  return (user) => (joined === "or" ? clauses.some((clause) => clause(user)) : clauses.every((clause) => clause(user)));
}

function clauseOf(text: string, filter: string): (user: Shown) => boolean {
  const parts = CLAUSE.exec(text)?.groups;
  if (!parts) throw new CmdletRefusal("not-simulated", `The lab does not understand the filter ${filter}.`);
  const { name = "", operator = "", single, double, word } = parts;
  const wanted = word?.toLowerCase() === "null" ? "" : (single ?? double ?? word ?? "");
  const yes = operator.toLowerCase() !== "ne";
  return (user) => {
    const key = Object.keys(user).find((one) => one.toLowerCase() === name.toLowerCase());
    const found = String((key === undefined ? undefined : user[key]) ?? "");
    const matches =
      operator.toLowerCase() === "like" ? like(found, wanted) : found.toLowerCase() === wanted.toLowerCase();
    return matches === yes;
  };
}
