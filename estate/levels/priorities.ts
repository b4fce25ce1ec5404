import { rowOf } from "../catalogue";
import { FRONT_END_POOLS, type Datum } from "../documents";
import type { Obligation } from "../obligations";
import { instanceOf } from "../topology/stores";
import type { Places } from "./places";
import { hasLog, recoveryUnknown, type Protectors } from "./protectors";
import type { Rehearsal } from "./recovery-time";
import { best, met, missed, unknown, type Answer } from "./verdict";

/** What each priority of a business means, beyond the numbers that are promised. */

/** Service goes on after a loss: pools paired across sites, a standby of the store, a second server for what blocks. */
export function continuityOf({ datum, scope, neededForService }: Obligation, places: Places): Answer | undefined {
  if (datum === "configuration") {
    const { active, standby } = places.topology.centralManagement;
    return standby === undefined
      ? missed(`no pool holds a standby of the Central Management store on ${active}`)
      : met(standby, `${standby} holds a standby of the Central Management store on ${active}`);
  }
  if (datum === "user-data" && scope.of === "pool") return paired(scope.pool, places);
  if (scope.of !== "database" || !neededForService || rowOf(datum).arises.per !== "database") return undefined;
  const store = places.databaseIn(scope)?.store.sql;
  if (!store) return undefined;
  const second = store.mirror ?? store.listener;
  return second === undefined
    ? missed(`service stops with ${instanceOf(store)}, which is neither mirrored nor in an availability group`)
    : met(second, `${scope.database} is available through ${second} too`);
}

function paired(name: string, { pools }: Places): Answer | undefined {
  const pool = pools.get(name);
  if (!pool || !FRONT_END_POOLS.includes(pool.kind)) return undefined;
  const partner = pools.get(pool.pairedWith ?? "");
  if (!partner) return missed(`${name} is paired with no pool`);
  if (partner.site === pool.site) {
    return missed(`${name} and ${partner.fqdn} are paired in one site, ${pool.site}`, partner.fqdn);
  }
  return met(partner.fqdn, `${name} (${pool.site}) and ${partner.fqdn} (${partner.site}) are paired across sites`);
}

/** Nothing is missing between two sets: the log is backed up, where the datum comes back with one. */
export function completenessOf(
  { datum, scope }: Obligation,
  protectors: Protectors,
  places: Places,
): Answer | undefined {
  if (!hasLog(datum) || scope.of !== "database") return undefined;
  const { database } = scope;
  const recovery = places.databaseIn(scope)?.recovery;
  if (recovery === "simple") {
    return missed(`${database} is in simple recovery, where no log can be backed up: set it to full recovery`);
  }
  const logs = protectors.sources.flatMap(({ points, basis }) =>
    basis.length > 0 ? points.filter(({ setKind }) => setKind === "log") : [],
  );
  const [log] = logs;
  if (!log)
    return missed(
      protectors.full.length > 0
        ? `no job backs up the log of ${database} beside its full backups`
        : protectors.nothing,
    );
  if (recovery !== "full") return unknown(recoveryUnknown(database), log.name);
  return met(log.name, `${database} is in full recovery, and ${log.name} backs up its log`);
}

/** Profiles of stores that stand in somebody else's data centre. */
const ELSEWHERE = new Set(["aws", "r2", "b2", "wasabi"]);

/** A copy that neither the loss of the site nor whoever has the keys can take away. */
export function protectedCopy(protectors: Protectors): Answer {
  const answers = protectors.full.flatMap((job) => [
    ...(job.target.location === "remote"
      ? [met(job.name, `${job.name} writes to ${job.target.name}, which is in another site`)]
      : []),
    ...job.copies.map(({ copy, lock, legalHold, profile }) => {
      const by = `${job.name}, copy ${copy}`;
      if (legalHold) return met(by, "under legal hold");
      if (lock) return met(by, `locked for ${String(lock.days)} days (${lock.mode})`);
      if (ELSEWHERE.has(profile)) return met(by, `not locked, in another site (${profile})`);
      return unknown(`in which site the store of ${copy} stands, and what it keeps is not locked`, by);
    }),
  ]);
  const others = protectors.others.map(({ name, owner }) =>
    unknown(`where ${owner} keeps backups, and how they are protected`, name),
  );
  if (protectors.full.length > 0) answers.push(missed("no copy of it is locked or in another site"));
  return best([...answers, ...others]) ?? missed(protectors.nothing);
}

/** Rehearsed, and not long ago. */
export function drillOf(rehearsals: readonly Rehearsal[], { externals }: Protectors): Answer {
  const failed = rehearsals.find(({ fresh, drill }) => fresh && drill.verdict === "failed");
  if (failed) return missed(failed.says, failed.drill.scenario);
  const passed = rehearsals.find(({ fresh }) => fresh);
  if (passed) return met(passed.drill.scenario, passed.says);
  const [external] = externals;
  if (external) return met(external.name, `${external.owner} tested a restore on ${String(external.lastRestoreTest)}`);
  return missed(rehearsals[0]?.says ?? "its restore was never rehearsed");
}

/** What restores a datum without this product: Microsoft's own tools, or hands. */
const RESTORED_WITH: Partial<Record<Datum, string>> = {
  configuration: "Import-CsConfiguration",
  locations: "Import-CsLisConfiguration",
  "user-data": "Import-CsUserData",
  "user-settings": "Set-CsUser and Grant-Cs…, from a list that people can read,",
  "response-groups": "Import-CsRgsConfiguration",
  "persistent-chat": "Import-CsPersistentChatData or SQL Server, whichever made it,",
  "persistent-chat-compliance": "SQL Server",
  archiving: "SQL Server",
  cdr: "SQL Server",
  qoe: "SQL Server",
  "file-store": "a copy of the files",
  "call-park-music": "a copy of the file",
  "announcement-audio": "a copy of the files",
  "sql-instance": "SQL Server's setup, from a list that people can read,",
};

/** Restorable without this product, from plain objects that are not in the site. */
export function portabilityOf({ datum }: Obligation, protectors: Protectors): Answer {
  const tool = RESTORED_WITH[datum];
  const answers = protectors.full.map((job): Answer => {
    if (tool === undefined) return unknown(`what restores ${datum} without this product`, job.name);
    const [copy] = job.copies;
    if (!copy && job.target.location !== "remote") return missed("no copy of it leaves the site", job.name);
    const listing = job.setKind === "incremental" ? "; a listing in JSON lines says which set holds each file" : "";
    const where = copy ? `the plain objects of ${copy.copy}` : `the files on ${job.target.name}`;
    return met(job.name, `${tool} restores it from ${where}${listing}`);
  });
  const others = protectors.others.map(({ name, tool: other }) =>
    unknown(`whether anything but ${other} restores it`, name),
  );
  return best([...answers, ...others]) ?? missed(protectors.nothing);
}
