import type { Topology } from "../../estate/documents";
import { defineEstate, type Estate } from "../../estate/estate";
import { instancesOf, storesOf } from "../../estate/topology/stores";

export const reach = { via: "lab" } as const;
const account = String.raw`CONTOSO\lync-backup$`;

/** As short as an estate can be: a host for the exports, one for the sets, and the SQL Servers. */
export function everythingOf(topology: Topology, more: Partial<Parameters<typeof defineEstate>[1]> = {}): Estate {
  const recorded = new Map(topology.sql.map((one) => [one.instance, one]));
  const sql = instancesOf(topology, storesOf(topology)).map(
    (instance) =>
      recorded.get(instance) ?? {
        instance,
        release: "2014" as const,
        edition: "standard" as const,
        availabilityGroups: [],
      },
  );
  const servers = new Set(sql.map(({ instance }) => instance.split("\\")[0] ?? ""));
  return defineEstate("everything", {
    topology: { ...topology, sql },
    account,
    hosts: ["tools.contoso.net", "keep.contoso.net", ...servers].map((name) => ({ name, reach })),
    targets: [
      {
        name: "vault",
        host: "keep.contoso.net",
        path: String.raw`D:\LyncBackup`,
        share: "LyncBackup$",
        writers: [account, ...new Set(sql.flatMap(({ serviceAccount }) => serviceAccount ?? []))],
        readers: [],
        encryption: "bitlocker",
        location: "remote",
      },
    ],
    defaults: { hosts: ["tools.contoso.net"] },
    everything: true,
    ...more,
  });
}
