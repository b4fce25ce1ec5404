import { Job, type Owner, type Product, type StepInput, type TargetReference } from "../documents";
import { sqlPreflightSteps } from "./preflight-sql";

/**
 * What a host and the account of its jobs can do, before a job needs it: a document that is run once, under that account
 * and with a logon like that of its tasks. Steps look and change nothing; what cannot be found out keeps nothing else
 * from being looked at.
 */

export interface Preflight {
  owner: Owner;
  host: string;
  product: Product;
  deployment: string;
  account: string;
  /** Where jobs here call Lync's cmdlets: the group that these ask for. */
  group?: string;
  /** Where sets go, as the account reaches it. */
  targets: readonly { name: string; host: string; path: string; keepFreeBytes: number }[];
  /** Instances of SQL Server that jobs here ask. */
  instances?: readonly string[];
}

/** What the exports of the configuration, of users and of response groups ask for. */
export const EXPORT_GROUP = "RTCUniversalServerAdmins";

export const PREFLIGHT = "preflight";

export function preflightJob(wanted: Preflight): Job {
  const { owner, host, product, deployment, account, group, targets, instances = [] } = wanted;
  const target = sqlTarget(wanted);
  const steps = [
    observing("computer", "Look at the computer", { what: "computer" }),
    observing("token", "Look at the account's own token", { what: "token", ...(group ? { against: group } : {}) }),
    observing("account", "See whether the managed account can be used", { what: "managed-account" }),
    ...(group === undefined ? [] : [asking()]),
    ...targets.flatMap(({ path, host: keeper }, index) => [
      observing(`folder-${String(index)}`, `Look at ${path}`, { what: "folder", path }),
      observing(`read-back-${String(index)}`, `Write to ${path} and read it back`, { what: "read-back", path }),
      observing(`free-${String(index)}`, `Measure the free space of ${path}`, { what: "free-space", path }),
      observing(`clock-${String(index)}`, `Compare the clock with that of ${keeper}`, {
        what: "clock",
        against: keeper,
      }),
    ]),
    ...sqlPreflightSteps(instances, target),
  ];
  return Job.make({
    ...{ name: PREFLIGHT, owner, purpose: "probe", title: `What ${host} and the account of its jobs can do`, product },
    ...{ deployment, placement: [{ host }], account, timeLimitMinutes: 30, steps },
    ...(target ? { target } : {}),
  });
}

/** A share, because SQL Server writes there itself, from wherever it is. */
export function sqlTarget({ targets, instances = [] }: Preflight): TargetReference | undefined {
  const shared = targets.find(({ path }) => path.startsWith("\\\\"));
  return shared && instances.length > 0 ? { name: shared.name, host: shared.host, path: shared.path } : undefined;
}

const LOOK = { onFailure: "note", timeLimitMinutes: 5 } as const;

const observing = (
  id: string,
  title: string,
  what: Omit<Extract<StepInput, { kind: "observe" }>, "kind" | "id" | "title">,
): StepInput => ({
  ...{ kind: "observe", id, title, ...LOOK },
  ...what,
});

const asking = (): StepInput => ({
  ...{ kind: "cmdlet", id: "topology", title: "Ask the Central Management store", ...LOOK },
  ...{ cmdlet: "Get-CsPool", parameters: {}, select: ["Identity"] },
});
