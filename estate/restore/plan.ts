import { Ways } from "./chain";
import { destinationBreak, type Destination } from "./destination";
import { breakOf, type Break, type Noted } from "./breaks";
import { isData, linksOf, type KeptSet, type Link } from "./links";

/**
 * Which backups bring a database back to a moment, in which order; or what exactly stands in the way. Nothing is asked
 * of any server: what sets say of themselves is enough, and a refusal comes before anything is touched.
 */

export interface RestoreRequest {
  sets: readonly KeptSet[];
  /** As the sets name them: the declared principal or listener. */
  instance: string;
  database: string;
  /** A moment in UTC, of which whole seconds count, or the end of the newest backup. */
  to: string;
  /** What is known of the server that it is restored on. */
  onto?: Destination;
  /** What msdb of the source has noted: it tells whose backups are missing. */
  noted?: readonly Noted[];
}

export const NEWEST = "newest";

export interface Chain {
  /** In this order. */
  links: readonly [Link, ...Link[]];
  /** What the database holds afterwards is from this moment. */
  at: string;
  /** The last log is rolled forward no further, by the clock of the server that wrote it; without it, to its end. */
  stop?: string;
  /** What a person should know. */
  notes: readonly string[];
}

export type RestorePlan = { chain: Chain; refused?: never } | { refused: Break; chain?: never };

export function planRestore(request: RestoreRequest): RestorePlan {
  const links = linksOf(request.sets, request);
  const newest = links.at(-1);
  const time = request.to === NEWEST ? newest?.at : Math.floor(Date.parse(request.to) / 1000) * 1000;
  if (time !== undefined && Number.isNaN(time)) throw new Error(`${request.to} is no moment in UTC`);
  const usable = links.filter(({ problems }) => problems.length === 0);
  const found =
    newest === undefined || time === undefined
      ? undefined
      : request.to === NEWEST
        ? new Ways(usable).to(newest)
        : new Ways(usable, time).at(time);
  const [first, ...rest] = found ?? [];
  if (!first || time === undefined) return { refused: breakOf(links, request, time) };
  const refused = request.onto && destinationBreak([first, ...rest], request.database, request.onto);
  return refused ? { refused } : { chain: chainOf([first, ...rest], time, request.to === NEWEST) };
}

function chainOf(links: Chain["links"], time: number, isNewest: boolean): Chain {
  const last = links.at(-1) ?? links[0];
  const at = new Date(time).toISOString();
  // Within the log, where it is not the very end that is meant.
  const stops = !isNewest && !isData(last);
  const notes: string[] = [];
  if (stops && last.recovery === "BULK_LOGGED") {
    notes.push(
      `The log in the set ${last.set} was made under the bulk-logged model. If it holds a bulk operation, SQL Server restores it only to its end.`,
    );
  }
  const keys = new Set(links.flatMap(({ encrypted, thumbprint = "unknown" }) => (encrypted ? [thumbprint] : [])));
  for (const key of keys) {
    notes.push(`The server that restores needs the certificate with the thumbprint ${key}, with its private key.`);
  }
  const offset = last.utcOffsetMinutes ?? 0;
  if (stops && last.utcOffsetMinutes === undefined) {
    notes.push(
      `The set ${last.set} does not say how the clock of its server differed from UTC, so the moment is taken as UTC: compare it with the clock of the server.`,
    );
  }
  const before = links.at(-2)?.utcOffsetMinutes;
  if (stops && before !== undefined && before !== offset) {
    notes.push(
      `The clock of the server was set forward or back within the log in the set ${last.set}: look whether the restored database is from the right hour.`,
    );
  }
  const wall = new Date(time + offset * 60_000).toISOString().slice(0, 19);
  return { links, at, ...(stops ? { stop: wall } : {}), notes };
}
