import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import {
  advance,
  cutHost,
  LabError,
  loseCentralManagement,
  loseComputer,
  loseDatabase,
  loseSqlServer,
  mendHost,
  moveContacts,
  movePoolUsers,
  powerOn,
  startService,
  stopService,
} from "../../../lab/commands";
import { impossible } from "../../../lab/model/impossible";
import { usersOf } from "../../../lab/model/directory-users";
import { ADMIN, call, CHAT, FE, file, lab, look, P1, P2, refusalOf, SE } from "./support";

const POOLS = [P1, P2, SE] as const;
const SERVERS = ["sql1.contoso.com", "mir1.contoso.com", "sql2.contoso.com", "mir2.contoso.com", SE] as const;
const FILES = ["a.zip", "b.zip", "c.zip"] as const;

type Move = (folder: string) => Promise<unknown>;

/** Cmdlets as an administrator may type them in any order, what users do meanwhile, and what fate does. */
const moves: fc.Arbitrary<{ name: string; move: Move }> = fc
  .record({
    pool: fc.constantFrom(...POOLS),
    other: fc.constantFrom(...POOLS),
    server: fc.constantFrom(...SERVERS),
    name: fc.constantFrom(...FILES),
    front: fc.constantFrom(...FE, "fe2a.contoso.com", SE),
    flag: fc.boolean(),
    which: fc.nat({ max: 26 }),
  })
  .map(({ pool, other, server, name, front, flag, which }) => {
    const FileName = file(name);
    const rgs = `service:ApplicationServer:${pool}`;
    const owner = flag ? { Owner: `service:ApplicationServer:${other}` } : {};
    const cmdlet = (called: string, parameters: Record<string, unknown>): { name: string; move: Move } => ({
      name: `${called} ${JSON.stringify(parameters)}`,
      move: (folder) => call(folder, called, parameters, { account: ADMIN }),
    });
    const byHand = (what: string, move: Move): { name: string; move: Move } => ({
      name: `${what} ${pool} ${server}`,
      // What is off cannot be mended, and what is not there cannot be stopped.
      move: (folder) =>
        move(folder).catch((error: unknown) => {
          if (!(error instanceof LabError)) throw error;
        }),
    });
    const all = [
      () => cmdlet("Export-CsUserData", { PoolFqdn: pool, FileName }),
      () => cmdlet("Import-CsUserData", { PoolFqdn: pool, FileName }),
      () => cmdlet("Update-CsUserData", { FileName }),
      () => cmdlet("Export-CsRgsConfiguration", { Source: rgs, FileName, ...owner }),
      () => cmdlet("Export-CsRgsConfiguration", { Source: rgs, FileName, RemoveExportedConfiguration: true, ...owner }),
      () => cmdlet("Import-CsRgsConfiguration", { Destination: rgs, FileName, OverwriteOwner: flag }),
      () =>
        cmdlet("Import-CsRgsConfiguration", {
          Destination: rgs,
          FileName,
          OverwriteOwner: true,
          ResolveNameConflicts: flag,
        }),
      () => cmdlet("Export-CsLisConfiguration", { FileName }),
      () => cmdlet("Import-CsLisConfiguration", { FileName }),
      () => cmdlet("Publish-CsLisConfiguration", {}),
      () => cmdlet("Export-CsConfiguration", { FileName, LocalStore: flag }),
      () => cmdlet("Import-CsConfiguration", { FileName, LocalStore: flag }),
      () => cmdlet("Export-CsPersistentChatData", { DBInstance: CHAT, FileName, DisableExportedNodes: flag }),
      () => cmdlet("Import-CsPersistentChatData", { DBInstance: CHAT, FileName }),
      () => cmdlet("Stop-CsWindowsService", { ComputerName: front, ...(flag ? { Name: "RTCSRV" } : {}) }),
      () => cmdlet("Start-CsWindowsService", { ComputerName: front, ...(flag ? { Name: "RTCRGS" } : {}) }),
      () => cmdlet("Install-CsDatabase", { ConfiguredDatabases: true, SqlServerFqdn: server, Clean: flag }),
      () =>
        cmdlet("Install-CsDatabase", {
          CentralManagementDatabase: true,
          SqlServerFqdn: server,
          SqlInstanceName: "rtc",
          Clean: flag,
        }),
      () => cmdlet("Invoke-CsManagementStoreReplication", {}),
      () => byHand("lose or cut", (folder) => (flag ? loseSqlServer(folder, server) : cutHost(folder, server))),
      () => byHand("mend", (folder) => mendHost(folder, server)),
      () =>
        byHand("lose a computer or switch on", (folder) =>
          flag ? loseComputer(folder, server) : powerOn(folder, server),
        ),
      () =>
        byHand("lose a database", (folder) =>
          flag ? loseDatabase(folder, String.raw`sql1.contoso.com\rtc`, "rtcxds") : loseCentralManagement(folder),
        ),
      () =>
        byHand(`stop or start on ${front}`, (folder) =>
          (flag ? stopService : startService)(folder, front, flag ? "RTCSRV" : "RTCRGS"),
        ),
      () => byHand("a day passes", (folder) => advance(folder, 1440)),
      () =>
        byHand("move", async (folder) => {
          const sip = await look(folder, (world) => usersOf(world, pool)[0]?.sip ?? "");
          if (flag && pool !== SE) return movePoolUsers(folder, pool, other === pool ? "FailedOver" : "Active");
          return moveContacts(folder, sip, other === pool ? "exchange" : "lync").catch(() => undefined);
        }),
    ];
    return all[which]?.() ?? cmdlet("Enable-CsTopology", {});
  });

/** So many sequences. */
export function describeSequences(numRuns: number): void {
  describe("No sequence of cmdlets and mishaps", () => {
    it("leaves a state that no deployment can be in", async function () {
      this.timeout(60_000 + numRuns * 1_000);
      await fc.assert(
        fc.asyncProperty(fc.array(moves, { minLength: 5, maxLength: 30 }), async (sequence) => {
          const folder = await lab(undefined, 3);
          const done: string[] = [];
          for (const { name, move } of sequence) {
            done.push(`${name}: ${(await refusalOf(move(folder))) ?? "done"}`);
            assert.deepEqual(await look(folder, impossible), [], done.join("\n"));
          }
        }),
        { numRuns },
      );
    });
  });
}
