import { poolOf, serversOf, type Pool, type Topology } from "../../estate/documents";
import type { Computer, World } from "../world";
import { readImported } from "./homes";

/** Lync's Windows services: which run where, and what each needs to run. */

interface Service {
  name: string;
  runs: (pool: Pool, topology: Topology) => boolean;
  needs?: string;
}

const inPools =
  (...kinds: Pool["kind"][]) =>
  ({ kind }: Pool): boolean =>
    kinds.includes(kind);
const withRole =
  (role: Pool["roles"][number]) =>
  (pool: Pool): boolean =>
    pool.roles.includes(role);
const hostsStore = ({ fqdn }: Pool, { centralManagement: { active, standby } }: Topology): boolean =>
  fqdn === active || fqdn === standby;

export const SERVICES: readonly Service[] = [
  { name: "REPLICA", runs: () => true },
  { name: "FabricHostSvc", runs: inPools("enterprise", "standard") },
  { name: "RTCSRV", runs: inPools("enterprise", "standard", "director", "edge", "branch") },
  { name: "RTCRGS", runs: withRole("response-group"), needs: "RTCSRV" },
  { name: "RTCCPS", runs: withRole("call-park"), needs: "RTCSRV" },
  { name: "RTCCAA", runs: withRole("conferencing"), needs: "RTCSRV" },
  { name: "LYNCBACKUP", runs: ({ pairedWith }) => pairedWith !== undefined },
  { name: "MASTER", runs: hostsStore },
  { name: "FTA", runs: hostsStore },
  { name: "RTCMEDSRV", runs: inPools("mediation") },
  { name: "RTCCHAT", runs: inPools("persistent-chat") },
];

const needsOf = (name: string): string | undefined => SERVICES.find((one) => one.name === name)?.needs;

export function servicesOf(topology: Topology, pool: Pool): NonNullable<Computer["services"]> {
  return Object.fromEntries(
    SERVICES.filter(({ runs }) => runs(pool, topology)).map(({ name }) => [name, "running" as const]),
  );
}

const runs = (computer: Computer | undefined, service: string): boolean => computer?.services?.[service] === "running";

/** What depends on it stops too. */
export function stopServices(computer: Computer, names: readonly string[]): void {
  for (const name of Object.keys(computer.services ?? {})) {
    const needed = needsOf(name);
    if (!names.includes(name) && (needed === undefined || !names.includes(needed))) continue;
    if (computer.services) computer.services[name] = "stopped";
  }
}

/** What it needs starts too; what depends on it does not. */
export function startServices(world: World, computer: Computer, names: readonly string[]): void {
  for (const name of names.flatMap((one) => [needsOf(one), one])) {
    if (name === undefined || computer.services?.[name] !== "stopped") continue;
    if (name === "RTCSRV") firstFrontEndStarts(world, computer);
    computer.services[name] = "running";
  }
}

function firstFrontEndStarts(world: World, { fqdn }: Computer): void {
  const { topology } = world.deployment;
  const pool = poolOf(topology, fqdn);
  if (!pool || serversOf(pool).some((server) => runs(world.find(server), "RTCSRV"))) return;
  readImported(world, topology, pool.fqdn);
}

export function serviceProblems({ fqdn, services = {} }: Computer): string[] {
  const running = Object.keys(services).filter((name) => services[name] === "running");
  return running.flatMap((name) => {
    const needed = needsOf(name);
    return needed !== undefined && services[needed] !== "running" ? [`${name} runs on ${fqdn} without ${needed}`] : [];
  });
}
