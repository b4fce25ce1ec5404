import fc from "fast-check";
import { z } from "zod";
import { Name, type Job, type Product, type Retention } from "../../estate/documents";
import {
  configurationCovers,
  configurationJob,
  fileStoreCovers,
  fileStoreJob,
  fileStoreShape,
  persistentChatCovers,
  persistentChatJob,
  persistentChatShape,
  responseGroupCovers,
  responseGroupJob,
  responseGroupShape,
  userDataCovers,
  userDataJob,
  userDataShape,
  type Covered,
  type JobDeclaration,
} from "../../estate/jobs";

/** What the tests of job documents share: a declaration, any declaration, and every kind of job. */

const r = String.raw;

export const declared: JobDeclaration = {
  owner: { project: "lync", stack: "test", name: "subject" },
  name: "subject",
  product: "lync2013",
  deployment: "contoso",
  placement: [{ host: "admin01.contoso.com" }],
  account: r`CONTOSO\lync-backup$`,
  timeLimitMinutes: 180,
  target: { name: "vault", host: "backup01.contoso.com", path: r`\\backup01.contoso.com\lyncbackup$` },
  keepFreeBytes: 1024,
  retention: { last: 14, daily: 0, weekly: 0, monthly: 0, yearly: 0 },
};

const PRODUCTS = fc.constantFrom<Product[]>("lync2013", "sfb2015", "sfb2019", "sfbse");
/** Also no device name of Windows, which random letters spell now and then. */
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/).filter((one) => Name.safeParse(one).success);
export const fqdns = fc.array(label, { minLength: 2, maxLength: 6 }).map((labels) => labels.join("."));
const LONGEST_FQDN = ["a", "b", "c"].map((one) => one.repeat(63)).join(".") + "." + "d".repeat(61);
const anyFqdn = fc.oneof({ weight: 9, arbitrary: fqdns }, { weight: 1, arbitrary: fc.constant(LONGEST_FQDN) });
const instances = fc.tuple(fqdns, fc.constantFrom("", r`\rtc`, r`\chat`)).map((parts) => parts.join(""));
const someFqdns = fc.uniqueArray(anyFqdn, { maxLength: 3 });
const retention = fc.record<Retention>({
  last: fc.integer({ min: 1, max: 50 }),
  daily: fc.nat(30),
  weekly: fc.nat(10),
  monthly: fc.nat(12),
  yearly: fc.nat(5),
});

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

function declarations(hosts = 4): fc.Arbitrary<JobDeclaration> {
  const all = fc.record({
    owner: fc.record({ project: fc.string({ minLength: 1, maxLength: 20 }), stack: label, name: label }),
    name: label,
    product: PRODUCTS,
    deployment: label,
    placement: fc
      .uniqueArray(fqdns, { minLength: 1, maxLength: hosts })
      .chain((names) =>
        fc.tuple(...names.map((host) => fc.record({ host: fc.constant(host), pool: optional(fqdns) }))),
      ),
    account: fc.constantFrom(r`CONTOSO\lync-backup$`, r`contoso.com\Backup Operator`),
    timeLimitMinutes: fc.integer({ min: 1, max: 10080 }),
    target: fc.record({ name: label, host: fqdns, path: fc.constantFrom(r`\\bk01.contoso.com\lync$`, r`D:\Lync`) }),
    keepFreeBytes: fc.nat(),
    retention,
    awaits: optional(fc.uniqueArray(label, { maxLength: 2 })),
  });
  // Objects as a program makes them, with a prototype.
  return all.map((one) => structuredClone(one));
}

/** Without what is undefined: absent and undefined are not the same to a strict schema. */
const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;

export interface JobFunction {
  name: string;
  make: (declared: JobDeclaration & Record<string, unknown>) => Job;
  covers: (own: Record<string, unknown>) => readonly Covered[];
  /** What is its own, well declared. */
  own: fc.Arbitrary<Record<string, unknown>>;
  all: fc.Arbitrary<JobDeclaration & Record<string, unknown>>;
}

function jobFunction<Shape extends z.ZodRawShape>(
  name: string,
  shape: Shape,
  make: (declared: JobDeclaration & z.input<z.ZodObject<Shape>>) => Job,
  covers: (own: z.output<z.ZodObject<Shape>>) => readonly Covered[],
  own: fc.Arbitrary<Record<string, unknown>>,
  restrict: { hosts?: number; products?: readonly Product[] } = {},
): JobFunction {
  const ownDefined = own.map(defined);
  const base = declarations(restrict.hosts).filter(({ product }) => restrict.products?.includes(product) ?? true);
  return {
    name,
    make: make as JobFunction["make"],
    covers: (inputs) => covers(z.object(shape).parse(inputs)),
    own: ownDefined,
    all: fc.tuple(base, ownDefined).map(([common, particular]) => ({ ...common, ...particular })),
  };
}

const pools = fc.uniqueArray(anyFqdn, { minLength: 5, maxLength: 5 }).chain(([pool = "", partner = "", ...branches]) =>
  fc.record({
    pool: fc.constant(pool),
    partner: optional(fc.constant(partner)),
    branches: fc.subarray(branches),
  }),
);

const chat = fc
  .uniqueArray(instances, { minLength: 3, maxLength: 3 })
  .chain(([instance = "", mirror = "", backup = ""]) =>
    fc.record({
      pool: anyFqdn,
      instance: fc.constant(instance),
      mirror: optional(fc.constant(mirror)),
      backup: optional(fc.constant(backup)),
      database: fc.constantFrom(undefined, "mgc", "Chat_2"),
      extract: fc.constantFrom(
        {},
        { level: "All" },
        { level: "Content" },
        { level: "RoomDirectory" },
        { level: "RoomDirectory", startDate: "2026-01-31" },
      ),
    }),
  )
  .map(({ extract, ...rest }) => ({ ...rest, ...extract }));

const stores = fc.record({
  store: fc.tuple(fqdns, fc.constantFrom("share", "lync share", "dfs\\lync")).map((parts) => r`\\` + parts.join("\\")),
  callParkPools: someFqdns,
  announcementPools: someFqdns,
  excludeFolders: fc.constantFrom(undefined, [], ["Old*", "tmp"]),
  fullEveryDays: optional(fc.integer({ min: 1, max: 366 })),
  mirror: optional(fc.boolean()),
  backupMode: optional(fc.boolean()),
  security: optional(fc.boolean()),
  retries: optional(fc.nat(100)),
  waitSeconds: optional(fc.nat(600)),
  megabitsPerSecond: optional(fc.integer({ min: 1, max: 1000 })),
});

export const JOBS: readonly JobFunction[] = [
  jobFunction("configuration", {}, configurationJob, configurationCovers, fc.constant({})),
  jobFunction("user data", userDataShape, userDataJob, userDataCovers, pools),
  jobFunction(
    "Response Groups",
    responseGroupShape,
    responseGroupJob,
    responseGroupCovers,
    pools.map(({ pool, partner }) => ({ pool, partner })),
  ),
  jobFunction("Persistent Chat", persistentChatShape, persistentChatJob, persistentChatCovers, chat, {
    products: ["lync2013", "sfb2015"],
  }),
  jobFunction("file store", fileStoreShape, fileStoreJob, fileStoreCovers, stores, { hosts: 1 }),
];
