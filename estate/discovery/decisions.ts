import type { z } from "zod";
import { rowOf } from "../catalogue";
import type { SqlInstance, Topology } from "../documents";
import type { Estate } from "../estate";
import { adviceOn } from "../topology/advice";
import { databasesOf } from "../topology/databases";
import { isFrontEnd, storesOf } from "../topology/stores";
import type { Discovery } from "./topology";

/** What no cmdlet decides: remarks for the person who takes a discovered estate over, each at its place in it. */
export interface Decision {
  path: readonly (string | number)[];
  says: string;
}

/** As it is written down, before defaults. */
export type DeclaredEstate = z.input<typeof Estate>;

export function decisionsOn(found: Discovery, declared: DeclaredEstate): Decision[] {
  const { topology } = found;
  return [
    ...onWhole(found),
    ...onPools(topology),
    ...onStores(found),
    ...onArchiving(topology),
    ...onTargets(declared),
    ...onWaivers(declared.waivers ?? []),
  ];
}

const at = (...path: (string | number)[]): Decision["path"] => ["topology", ...path];

function onWhole({ topology, tooOld, outside, ambiguous, unused, applicationsUntold }: Discovery): Decision[] {
  const { product, contactStore, sites } = topology;
  const said: (Decision | false)[] = [
    (product === "sfb2019" || product === "sfbse") && {
      path: at("product"),
      says: "Services of 2019 and of Subscription Edition say the same version: correct the pools of the other one",
    },
    contactStore === undefined && {
      path: at("deployment"),
      says:
        "A policy allows the unified contact store. Say contactStore: exchange where all contacts are in Exchange, " +
        "mixed where some are, lync where none: contacts must never be imported under another mode",
    },
    tooOld.length > 0 && {
      path: at("pools"),
      says: `Left out, because Lync Server 2010 has no exports: ${tooOld.join(", ")}. Move their users, or back them up by hand`,
    },
    outside.length > 0 && {
      path: at("pools"),
      says: `Left out, because they store nothing of Lync's: ${outside.join(", ")}. Does something back them up?`,
    },
    {
      path: at("pools"),
      says:
        "No cmdlet knows reverse proxies, load balancers, Office Web Apps Servers, Exchange or gateways that Topology " +
        "Builder does not list: where a restore needs them, say under external what backs them up",
    },
    unused.length > 0 && {
      path: at("pools"),
      says: `No service says that it uses these: ${unused.join(", ")}. Add them to the pools that do, or nothing backs them up`,
    },
    applicationsUntold.length > 0 && {
      path: at("pools"),
      says: `Which applications these have is not told, so they are taken to have all: ${applicationsUntold.join(", ")}. Correct their roles`,
    },
    ambiguous.length > 0 && {
      path: at("sql"),
      says: `By these names more than one instance is meant, and the first was taken: ${ambiguous.join(", ")}. Correct the stores of their pools`,
    },
  ];
  return [
    ...said.filter((one) => one !== false),
    ...sites.flatMap(({ xmppRoute }, index) =>
      xmppRoute === undefined
        ? []
        : [
            {
              path: at("sites", index),
              says: "XMPP federation goes through this site: a failover must move its route",
            },
          ],
    ),
  ];
}

function onPools(topology: Topology): Decision[] {
  const advice = adviceOn(topology).flatMap(({ path, says }): Decision[] => {
    const [, list, index, key] = /^(pools|centralManagement)(?:\[(\d+)\])?(?:\.(\w+))?/.exec(path) ?? [];
    if (list === undefined || key === "fqdn") return [];
    const place = index === undefined ? [list] : [list, Number(index)];
    return [{ path: at(...place), says: key === undefined ? `It ${says}` : `Its ${WORDS[key] ?? key} ${says}` }];
  });
  const own = topology.pools.flatMap((pool, index): Decision[] => {
    const says = (text: string): Decision => ({ path: at("pools", index), says: text });
    if (isFrontEnd(pool) && pool.pairedWith === undefined) {
      return [says("It is paired with no pool: where continuity counts, pair it, or plan how it is rebuilt")];
    }
    if (pool.kind === "edge") {
      return [
        says("Edge Servers stand outside the domain: they are set up again, so keep their certificates and addresses"),
      ];
    }
    if (pool.kind === "branch") {
      return [says("Its users fail over with no pool: their data lie with the registrar, their appliance does not")];
    }
    if (pool.kind !== "persistent-chat") return [];
    return [
      says(
        pool.complianceStore
          ? "Persistent Chat does not fail over with a pool. Say complianceAdapter: true where an adapter drains the compliance store, which is transient then"
          : "Persistent Chat does not fail over with a pool: plan how it is restored",
      ),
    ];
  });
  return [...advice, ...own];
}

const WORDS: Readonly<Record<string, string>> = { pairedWith: "partner", standby: "standby", registrar: "registrar" };

function onStores({ topology, silent, clustered, strangers }: Discovery): Decision[] {
  const simple = new Map<string, string[]>();
  for (const { row, recovery, store } of databasesOf(topology, storesOf(topology))) {
    if (recovery !== "simple" || row.restoredBy !== "sql") continue;
    simple.set(store.sql.instance, [...(simple.get(store.sql.instance) ?? []), row.name]);
  }
  return topology.sql.flatMap((sql, index): Decision[] => {
    const { instance } = sql;
    const why = silent.get(instance);
    const others = strangers.get(instance) ?? [];
    const said = [
      why !== undefined && `Assumed, because it could not be asked: ${why} Correct release and edition${textOf(sql)}`,
      clustered.includes(instance) &&
        "It is a failover cluster, and only the node is known that it runs on: add the others to nodes",
      others.length > 0 && `It also holds what is not Lync's, and nothing here backs up: ${others.join(", ")}`,
      simple.has(instance) &&
        `${(simple.get(instance) ?? []).join(", ")} in simple recovery: a loss costs all since the last backup. In full recovery their logs are backed up too`,
    ];
    return said.flatMap((one) => (one === false ? [] : [{ path: at("sql", index), says: one }]));
  });
}

const textOf = ({ serviceAccount }: SqlInstance): string =>
  serviceAccount === undefined ? ", and add the service account: it writes the backups" : "";

function onArchiving({ archiving }: Topology): Decision[] {
  const said: (string | false)[] = [
    archiving?.blocksMessagesOnFailure === true &&
      "Messages are blocked where archiving fails: its database is needed for service, full or lost. A second server for it?",
    archiving?.toExchange === true &&
      "Archives of users with a mailbox lie in Exchange: its own backup must hold them, with those of Lync in step",
  ];
  return said.flatMap((says) => (says === false ? [] : [{ path: at("archiving"), says }]));
}

function onWaivers(waivers: NonNullable<DeclaredEstate["waivers"]>): Decision[] {
  if (waivers.length === 0) return [];
  return [
    {
      path: ["waivers"],
      says:
        "None of these does a job here back up. Say under external which tool does and who is called " +
        "(name, data, tool, owner, rpoHours, lastSuccess, lastRestoreTest), and take the waiver away; " +
        "each ends on its day, and the preview fails then",
    },
    ...waivers.map(({ data }, index) => ({
      path: ["waivers", index],
      says: data.map((datum) => rowOf(datum).what).join(" "),
    })),
  ];
}

const onTargets = ({ targets }: DeclaredEstate): Decision[] =>
  targets.flatMap(({ encryption, location, readers }, index): Decision[] => {
    const said = [
      encryption === "none" && "Nothing is encrypted there: exports hold contact lists and certificates",
      location === "local" && "Say location: remote where it is in another site than what it backs up",
      (readers ?? []).length === 0 &&
        "Who restores? Say readers: nobody but administrators can read the sets otherwise",
      "Sets here are as near as the servers. A copy offsite survives a site and an attacker",
    ];
    return said.flatMap((says) => (says === false ? [] : [{ path: ["targets", index], says }]));
  });
