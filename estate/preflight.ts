import type { Run, TargetReference } from "./documents";
import type { Preflight } from "./jobs";
import { sqlTarget } from "./jobs/preflight";
import { BACKUP_GRANT, READ_STEP, SQL_RIGHTS, sqlStepId, VERIFY_GRANT } from "./jobs/preflight-sql";

/** What a preflight has found, judged: each line good, or bad with the grant or the step that mends it. */

/** One line of what was found. */
export interface Finding {
  what: string;
  /** Unknown: it could not be found out, and may be in order. */
  verdict: "good" | "bad" | "unknown";
  found: string;
  /** What mends it: a grant, or a step. */
  mend?: string;
}

/** Kerberos takes no more. */
const MOST_SKEW_SECONDS = 300;

export function judgePreflight(wanted: Preflight, run: Run): Finding[] {
  const { account, host, group, targets, instances = [] } = wanted;
  const looked = (id: string, what: string, judge: (facts: Facts) => Omit<Finding, "what">, mend: string): Finding => {
    const step = run.steps.find((one) => one.id === id);
    if (step?.outcome === "ok") return { what, ...judge((step.data["facts"] ?? {}) as Facts) };
    const reason = step?.error ?? run.error;
    return { what, verdict: "unknown", found: reason?.message ?? "it was not looked at", mend: reason?.advice ?? mend };
  };
  const again = "Run it again.";
  return [
    looked("computer", "product", (facts) => productOf(facts, wanted), again),
    looked("token", "account", (facts) => ({ verdict: "good", found: `runs as ${textOf(facts["account"])}` }), again),
    ...(group === undefined
      ? []
      : [
          looked("token", "group", ({ has }) => memberOf(has === true, account, group), again),
          failing(
            run,
            "topology",
            "Lync cmdlets",
            (count) => `Get-CsPool found ${String(count)}`,
            `Grant ${account} ${group}, and look whether the store answers.`,
          ),
        ]),
    looked("account", "managed account", (facts) => managedOf(facts, host), again),
    ...targets.flatMap(({ name, path, host: keeper, keepFreeBytes }, index) => {
      const grant = `Where it is not the network or the space: run pulumi up, with ${account} among the writers of ${name}.`;
      return [
        looked(`folder-${String(index)}`, `target ${name}`, (facts) => folderOf(facts, path, grant), grant),
        looked(`read-back-${String(index)}`, `writing to ${name}`, (facts) => readBackOf(facts, grant), grant),
        looked(`free-${String(index)}`, `space of ${name}`, (facts) => spaceOf(facts, keepFreeBytes), grant),
        looked(
          `clock-${String(index)}`,
          `clock of ${keeper}`,
          clockOf,
          `${account} may ask it only where ${keeper} lets it: compare the clocks by hand.`,
        ),
      ];
    }),
    ...instances.flatMap((instance, index) => sqlFindings(wanted, run, { instance, index })),
    ...readingBack(wanted, run),
  ];
}

/** Whoever cannot log on has no rights: one line says it. */
function sqlFindings(wanted: Preflight, run: Run, { instance, index }: { instance: string; index: number }): Finding[] {
  const { account } = wanted;
  const target = sqlTarget(wanted);
  const login = `Make a login for ${account} on ${instance}.`;
  const logon = failing(run, sqlStepId(index), `SQL Server ${instance}`, () => "it can log on", login);
  if (logon.verdict !== "good") return [logon];
  return [
    logon,
    ...SQL_RIGHTS.map(({ id, what, grant }) =>
      failing(run, sqlStepId(index, id), `${what}, ${instance}`, () => "can be read", grant(account)),
    ),
    ...(target ? backupFindings(run, { instance, index, account, target }) : []),
  ];
}

interface Tried {
  instance: string;
  index: number;
  account: string;
  target: TargetReference;
}

function backupFindings(run: Run, { instance, index, account, target }: Tried): Finding[] {
  const [what, id] = [`backup of ${instance} to ${target.name}`, sqlStepId(index, "backup")];
  const backup = failing(run, id, what, () => "it is written there", BACKUP_GRANT(account));
  if (backup.verdict === "good") {
    const mend = VERIFY_GRANT(account);
    return [backup, failing(run, sqlStepId(index, "verify"), `verification on ${instance}`, () => "it is whole", mend)];
  }
  // 3201 and 3202: SQL Server itself could not write.
  if (!/backup device|Operating system error|Write on/i.test(backup.found)) return [backup];
  const writer = `the account that ${instance} runs as; of a virtual one, that of its computer`;
  return [{ ...backup, mend: `Run pulumi up, with ${writer}, among the writers of ${target.name}.` }];
}

function readingBack(wanted: Preflight, run: Run): Finding[] {
  const target = sqlTarget(wanted);
  if (!target) return [];
  const mend = `Run pulumi up, with ${wanted.account} among the writers of ${target.name}.`;
  const what = `reading from ${target.name} what SQL Server wrote`;
  const read = failing(run, READ_STEP, what, () => "reads to its end", mend);
  const count = run.steps.find(({ id }) => id === READ_STEP)?.data["artefacts"];
  if (read.verdict === "good" && count === 0) return [{ what, verdict: "unknown", found: "no backup was made", mend }];
  return [read];
}

type Facts = Readonly<Record<string, unknown>>;
type Judged = Omit<Finding, "what">;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "nobody knows what");
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

/** A call that fails is what was to be found out. */
function failing(run: Run, id: string, what: string, good: (count: number) => string, mend: string): Finding {
  const step = run.steps.find((one) => one.id === id);
  if (!step) return { what, verdict: "unknown", found: run.error?.message ?? "it was not looked at", mend };
  if (step.outcome === "ok") return { what, verdict: "good", found: good(numberOf(step.data["count"])) };
  return { what, verdict: "bad", found: step.message, mend: step.error?.advice ?? mend };
}

function productOf(facts: Facts, { product, group }: Preflight): Judged {
  const found = facts["product"];
  if (found === product) return { verdict: "good", found: `${product} ${textOf(facts["version"])}` };
  if (typeof found === "string") {
    return {
      verdict: "bad",
      found: `${found}, and ${product} is declared`,
      mend: "Correct the product in the topology.",
    };
  }
  const missing = "no Lync Server is installed here";
  if (group === undefined) return { verdict: "good", found: missing };
  return {
    verdict: "bad",
    found: missing,
    mend: "Install its management tools here, or place the jobs on a server of Lync.",
  };
}

const memberOf = (has: boolean, account: string, group: string): Judged =>
  has
    ? { verdict: "good", found: `its token has ${group}` }
    : {
        verdict: "bad",
        found: `its token lacks ${group}`,
        mend: `Add ${account} to ${group}; it counts from its next logon on.`,
      };

function managedOf({ managed, installed }: Facts, host: string): Judged {
  if (managed !== true) return { verdict: "good", found: "none: it logs on with a password" };
  if (installed === true) return { verdict: "good", found: "installed here" };
  if (installed === null) return { verdict: "unknown", found: "only a logon tells, and this one has worked" };
  return { verdict: "bad", found: "not installed here", mend: `Run Install-ADServiceAccount on ${host}.` };
}

function folderOf({ exists, readable, error }: Facts, path: string, mend: string): Judged {
  if (exists === true && readable === true) return { verdict: "good", found: path };
  return { verdict: "bad", found: typeof error === "string" ? error : `${path} is not there`, mend };
}

const readBackOf = ({ same, error }: Facts, mend: string): Judged =>
  same === true
    ? { verdict: "good", found: "what was written reads back the same" }
    : { verdict: "bad", found: typeof error === "string" ? error : "what was written reads back differently", mend };

function spaceOf({ freeBytes }: Facts, keepFreeBytes: number): Judged {
  const free = numberOf(freeBytes);
  const found = `${String(Math.floor(free / 1_000_000_000))} GB free`;
  if (free >= keepFreeBytes) return { verdict: "good", found };
  const kept = `${String(Math.ceil(keepFreeBytes / 1_000_000_000))} GB`;
  return {
    verdict: "bad",
    found: `${found}, and ${kept} are to stay so`,
    mend: "Free some space, or shorten the retention.",
  };
}

function clockOf({ skewSeconds }: Facts): Judged {
  const skew = numberOf(skewSeconds);
  const found = `${String(Math.abs(skew))} s apart`;
  if (Math.abs(skew) <= MOST_SKEW_SECONDS) return { verdict: "good", found };
  return { verdict: "bad", found, mend: "Set the clocks: Kerberos refuses more than five minutes." };
}
