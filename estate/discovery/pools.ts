import { Name, type Pool, type PoolKind, type Product, type Role, type SqlStore } from "../documents";
import { listIn, nameIn, placeOf, textIn, type Answers, type Row } from "./answers";
import { ROLES, type ServiceRole } from "./job";
import { STORE_OF, type Services } from "./services";

/** Sites and pools, as the cmdlets show them. */

export interface Site {
  name: string;
  title?: string;
  federationRoute?: string;
  xmppRoute?: string;
}

/** By the name that the deployment itself gives them; names of ours are narrower. */
export function sitesIn(answers: Answers): Map<string, Site> {
  const sites = new Map<string, Site>();
  const taken = new Set<string>();
  for (const row of answers.rows("sites")) {
    const identity = placeOf(textIn(row, "Identity")) ?? "";
    const name = nameLike(identity, taken);
    const title = textIn(row, "DisplayName");
    const [federationRoute, xmppRoute] = ["FederationRoute", "XmppFederationRoute"].map((route) =>
      placeOf(textIn(row, route)),
    );
    sites.set(identity, {
      name,
      ...(title === undefined || title === name ? {} : { title }),
      ...(federationRoute === undefined ? {} : { federationRoute }),
      ...(xmppRoute === undefined ? {} : { xmppRoute }),
    });
  }
  return sites;
}

function nameLike(text: string, taken: Set<string>): string {
  const slug = text
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  const base = Name.safeParse(slug).success ? slug : `site-${slug}`.replace(/-+$/, "");
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}-${String(number)}`;
  taken.add(name);
  return name;
}

/** A pool is what its services make of it; the first that fits. One of none of these stores nothing of Lync's. */
const KINDS: readonly (readonly [ServiceRole, PoolKind])[] = [
  ["EdgeServer", "edge"],
  ["Director", "director"],
  ["UserServer", "enterprise"],
  ["PersistentChatServer", "persistent-chat"],
  // A Survivable Branch Appliance registers users whose data lie elsewhere.
  ["Registrar", "branch"],
  ["MediationServer", "mediation"],
  ["TrustedApplicationPool", "trusted-application"],
];

const APPLICATIONS: readonly (readonly [ending: string, Role])[] = [
  ["rgs", "response-group"],
  ["cps", "call-park"],
  ["announcement", "announcement"],
];

export interface FoundPool extends Omit<Pool, "product"> {
  /** The major version of its services; 5 is Lync Server 2010. */
  major: number;
  applicationsTold: boolean;
}

/** Undefined where it is of no kind that has a part in backups: a gateway, a SQL Server, an Office Web Apps farm. */
export function poolIn(
  row: Row,
  { answers, services, site }: { answers: Answers; services: Services; site: (identity: string) => string },
): FoundPool | undefined {
  const fqdn = nameIn(row, "Identity") ?? "";
  const of = (role: ServiceRole): Row | undefined => services.of(role, fqdn);
  const found = KINDS.find(([role]) => of(role));
  if (!found) return undefined;
  const own = ROLE_NAMES.map(of).filter((service) => service !== undefined);
  const userStore = services.store("UserDatabase", [of("UserServer")]);
  const kind = found[1] === "enterprise" && serverOf(userStore) === fqdn ? "standard" : found[1];
  const isFrontEnd = kind === "enterprise" || kind === "standard";
  const backEnd = kind === "enterprise" ? userStore : undefined;
  const storing = isFrontEnd || kind === "persistent-chat";
  const stores = Object.fromEntries(
    Object.entries(STORE_OF).flatMap(([key, role]) => {
      const store = storing ? services.store(role, own) : undefined;
      return store ? [[key, store] as const] : [];
    }),
  ) as Partial<Record<keyof typeof STORE_OF, SqlStore>>;
  const application = of("ApplicationServer");
  const applications = listIn(application, "Applications").map((name) => name.toLowerCase());
  // Whoever does not say which it has may have all: an export of nothing costs nothing.
  const applicationsTold = !application || Array.isArray(application["Applications"]) || applications.length > 0;
  const ofFrontEnds: Role[] = [
    ...(of("ConferencingServer") ? (["conferencing"] as const) : []),
    ...APPLICATIONS.flatMap(([ending, role]) =>
      !applicationsTold || applications.some((name) => name.endsWith(ending)) ? [role] : [],
    ),
    ...(stores.archivingStore ? (["archiving"] as const) : []),
    ...(stores.monitoringStore ? (["monitoring"] as const) : []),
  ];
  const roles: Role[] = [
    ...(isFrontEnd ? ofFrontEnds : []),
    ...(storing && of("PersistentChatServer") ? (["persistent-chat"] as const) : []),
  ];
  // What lies in the pool's own SQL Server is said by its role.
  for (const key of Object.keys(stores) as (keyof typeof stores)[]) {
    if (key !== "complianceStore" && isFrontEnd && stores[key]?.instance === userStore?.instance) delete stores[key];
  }
  const computers = answers
    .rows("computers")
    .filter((one) => nameIn(one, "Pool") === fqdn)
    .flatMap((one) => nameIn(one, "Identity") ?? []);
  const isAlone = computers.length === 1 && computers[0] === fqdn;
  const said: Partial<FoundPool> = {
    ...stores,
    ...present("backEnd", backEnd),
    ...present("fileStore", services.fileStore(own)),
    ...present("pairedWith", isFrontEnd ? nameIn(row, "BackupPoolFqdn") : undefined),
    ...present("edge", first(own, "EdgeServer")),
    ...present("nextHop", kind === "edge" ? first(own, "Registrar") : undefined),
    ...present("registrar", kind === "branch" ? first(own, "UserServer") : undefined),
  };
  return {
    fqdn,
    kind,
    site: site(placeOf(textIn(row, "Site")) ?? ""),
    major: Math.max(0, ...own.map((service) => Number(textIn(service, "Version") ?? 0))),
    applicationsTold,
    servers: isAlone ? [] : computers.map((computer) => ({ fqdn: computer })),
    roles,
    ...said,
  };
}

const ROLE_NAMES = Object.keys(ROLES).filter(
  (role) => !role.endsWith("Database") && role !== "FileStore",
) as ServiceRole[];

const serverOf = (store: SqlStore | undefined): string | undefined => store?.instance.split("\\")[0];

const first = (services: readonly Row[], property: string): string | undefined =>
  services.flatMap((service) => placeOf(textIn(service, property)) ?? [])[0];

const present = <Key extends string, T>(key: Key, value: T | undefined): Partial<Record<Key, T>> =>
  value === undefined ? {} : ({ [key]: value } as Record<Key, T>);

/** Service versions of 2019 and of Subscription Edition are the same: the computer that was asked tells which. */
export function productOf(major: number, asked: Product): Product | undefined {
  if (major === 6) return "lync2013";
  if (major === 7) return "sfb2015";
  if (major >= 8) return asked === "sfbse" ? "sfbse" : "sfb2019";
  return undefined;
}
