import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "mocha";
import {
  hostLayout,
  Job,
  MANIFEST,
  startOfRun,
  type Run,
  type StepInput,
  type StoreReference,
} from "../../../estate/documents";
import { agentPackage } from "../../../hosts/agent/package";
import { openHost } from "../../../hosts/open";
import { advance, editFile, editShare } from "../../../lab/commands";
import { fetchSet } from "../../../offsite/fetch/fetch";
import { CREDENTIALS, S3Server, serverIsHere } from "../../offsite/support/store";
import {
  apply,
  BACKUP,
  BK01,
  configuration,
  FE01,
  inFolder,
  labWithJob,
  ownerOf,
  run,
  setJob,
  setsOf,
  side,
  temporaryFolder,
  vault,
} from "../fixture";
import { runJob, succeeded } from "./support";

const COURIER = String.raw`CONTOSO\lync-courier$`;
const SERIES = "configuration";

type CourierInput = Extract<StepInput, { kind: "courier" }>;

describe("A courier job in the lab", function () {
  let server: S3Server | undefined;
  let bucket: StoreReference | undefined;
  let folder = "";
  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
  });
  after(() => server?.stop());
  beforeEach(async () => {
    bucket = await server?.bucket();
    folder = await labWithJob();
    const writers = [BACKUP, COURIER];
    await apply(folder, BK01, { kind: "set-target", target: { ...vault, writers } });
    await apply(folder, BK01, { kind: "set-agent", agent: agentPackage() });
    await putCredentials(BK01);
  });

  const there = <T>(value: T | undefined): T => {
    assert.ok(value !== undefined);
    return value;
  };
  const putCredentials = (host: string): Promise<void> => {
    const key = fs.readFileSync(path.join(there(server).credentialsFolder, `${CREDENTIALS}.json`));
    return editFile(
      folder,
      host,
      `${hostLayout.data}\\${hostLayout.credentials(CREDENTIALS).replaceAll("/", "\\")}`,
      key,
    );
  };

  function courierJob(
    actions: CourierInput["action"][],
    { host = BK01, account = COURIER, ...patch }: Partial<CourierInput> & { host?: string; account?: string } = {},
  ): Job {
    const { product, deployment } = configuration();
    const target = { name: "vault", host: BK01, path: String.raw`\\bk01.contoso.com\lyncbackup$` };
    const keep = { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
    return Job.make({
      ...{ name: "offsite", owner: ownerOf("subject"), purpose: "offsite", title: "Sets to the second site" },
      ...{ product, deployment, account, timeLimitMinutes: 120, placement: [{ host }] },
      steps: actions.map((action) => ({
        ...{ kind: "courier", id: action, title: `Courier: ${action}`, action, copy: "second" },
        ...{ store: there(bucket), credentials: CREDENTIALS, sources: [{ target, series: "all", keep }] },
        ...patch,
      })),
    });
  }

  async function carry(job: Job): Promise<Run> {
    await apply(folder, job.placement[0]?.host ?? BK01, setJob(job));
    return runJob(folder, job);
  }

  async function sealed(): Promise<string> {
    await advance(folder, 60);
    return there(succeeded(await run(folder)).set);
  }

  const offsite = async (set: string): Promise<Record<string, Buffer>> => {
    const destination = path.join(temporaryFolder(), "fetched");
    const store = await there(server).open(there(bucket));
    try {
      await fetchSet(store, SERIES, set, { destination });
    } finally {
      store.close();
    }
    return filesIn(destination);
  };
  const filesIn = (real: string): Record<string, Buffer> =>
    Object.fromEntries(fs.readdirSync(real).map((name) => [name, fs.readFileSync(path.join(real, name))]));

  it("carries what is sealed to a real store, from which it comes back byte for byte, and leaves its receipts", async () => {
    const sets = [await sealed(), await sealed()];
    const done = succeeded(await carry(courierJob(["push", "verify"])));
    const [push, verify] = done.steps;
    assert.deepEqual(push?.data["sets"], sets);
    assert.deepEqual(verify?.data["sets"], sets);
    for (const { set, real } of await setsOf(folder)) assert.deepEqual(await offsite(set), filesIn(real));
    for (const set of sets) {
      const [receipt] = (await inFolder(folder, BK01, side(""))).filter((name) => name.startsWith(`${set}.carried.`));
      assert.equal(receipt, `${set}.carried.second.json`);
    }
    assert.ok(Date.parse(push?.finishedAt ?? "") > Date.parse(push?.startedAt ?? ""), "carrying takes its time");
  });

  it("shows on its host what a restore would bring, and never what is damaged", async () => {
    const pointsOn = async (host: string) => {
      const opened = await openHost({ name: host, reach: { via: "lab" } }, { lab: folder });
      const { jobs } = await opened.state();
      await opened.close();
      return jobs.find(({ name }) => name === "offsite")?.offsite ?? [];
    };
    const [first, second] = [await sealed(), await sealed()];
    const job = courierJob(["push"]);
    succeeded(await carry(job));
    assert.deepEqual(await pointsOn(BK01), [], "nobody has looked at it");
    succeeded(await carry(courierJob(["push", "verify"])));
    const [point] = await pointsOn(BK01);
    assert.deepEqual([point?.series, point?.set], [SERIES, second]);
    assert.equal(Math.floor(Date.parse(point?.startedAt ?? "") / 1000) * 1000, Date.parse(startOfRun(second)));
    const bucketFolder = path.join(there(server).folder, "data", there(bucket).bucket, "series", SERIES);
    fs.rmSync(path.join(bucketFolder, "sets", second, MANIFEST));
    fs.rmSync(path.join(bucketFolder, "sets", second), { recursive: true, force: true });
    assert.equal((await carry(courierJob(["verify"]))).outcome, "succeeded");
    assert.equal((await pointsOn(BK01))[0]?.set, first);
    for (const name of ["packs", "data"]) fs.rmSync(path.join(bucketFolder, name), { recursive: true, force: true });
    assert.equal((await carry(courierJob(["verify"]))).outcome, "failed");
    assert.deepEqual(await pointsOn(BK01), []);
  });

  it("looks at what has arrived of the series that it names, though nothing has of another", async () => {
    const set = await sealed();
    const target = { name: "vault", host: BK01, path: String.raw`\\bk01.contoso.com\lyncbackup$` };
    const sources = [{ target, series: [SERIES, "users-pool01"] }];
    const { steps } = succeeded(await carry(courierJob(["push", "verify"], { sources })));
    assert.deepEqual(steps[1]?.data["sets"], [set]);
  });

  it("carries nothing twice, and the next time what has come since, also when the clock starts it", async () => {
    await sealed();
    succeeded(await carry(courierJob(["push"])));
    const again = succeeded(await runJob(folder, courierJob(["push"])));
    assert.equal(again.steps[0]?.data["objects"], 0);
    const later = await sealed();
    const { fired } = await advance(folder, 24 * 60);
    assert.deepEqual(
      fired.flatMap(({ job, outcome }) => (job === "offsite" ? [outcome] : [])),
      ["succeeded"],
    );
    assert.ok(MANIFEST in (await offsite(later)));
  });

  it("marks offsite what retention does not want there, and removes it no earlier than a push can be done with it", async () => {
    const [first, second] = [await sealed(), await sealed()];
    const done = succeeded(await carry(courierJob(["push", "prune"])));
    assert.deepEqual(done.steps[1]?.data["removed"], []);
    assert.ok(MANIFEST in (await offsite(first)));
    assert.ok(MANIFEST in (await offsite(second)));
  });

  it("finds what is damaged offsite, and the run says which set", async () => {
    const set = await sealed();
    succeeded(await carry(courierJob(["push"])));
    const data = path.join(there(server).folder, "data", there(bucket).bucket, "series", SERIES);
    for (const name of ["packs", "data"]) fs.rmSync(path.join(data, name), { recursive: true, force: true });
    const found = await carry(courierJob(["verify"]));
    assert.equal(found.outcome, "failed");
    assert.equal(found.error?.code, "not-offsite");
    assert.match(found.error.message, new RegExp(set));
  });

  const failing: Record<string, { code: string; says: RegExp; when: () => Promise<Job> }> = {
    "a computer without lync-backup": {
      code: "no-courier",
      says: /^This computer has no courier/,
      when: async () => {
        await putCredentials(FE01);
        return courierJob(["push"], { host: FE01, account: BACKUP });
      },
    },
    "credentials that are not there": {
      code: "no-credentials",
      says: /bk01\.contoso\.com has no credentials by the name of other\./,
      when: () => Promise.resolve(courierJob(["push"], { credentials: "other" })),
    },
    "a share that does not admit the courier": {
      code: "access-denied",
      says: /denied to CONTOSO\\lync-courier\$/,
      when: async () => {
        await editShare(folder, BK01, "LyncBackup$", { access: [] });
        return courierJob(["push"]);
      },
    },
    "a bucket that is not there": {
      code: "not-found",
      says: /nowhere/,
      when: () => Promise.resolve(courierJob(["push"], { store: { ...there(bucket), bucket: "nowhere" } })),
    },
  };
  for (const [what, { code, says, when }] of Object.entries(failing)) {
    it(`fails with a sentence for ${what}, and no receipt says otherwise`, async () => {
      await sealed();
      const { outcome, error } = await carry(await when());
      assert.deepEqual([outcome, error?.code], ["failed", code]);
      assert.match(error?.message ?? "", says);
      assert.deepEqual(await inFolder(folder, BK01, side("")), []);
    });
  }
});
