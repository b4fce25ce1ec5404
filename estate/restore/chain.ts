import { isData, isFull, type Link } from "./links";

/**
 * Ways from full backups through differentials and logs, by the rules of SQL Server: a differential goes on top of its
 * own full backup; a log follows where it begins no later than the database has come and ends no earlier, on the same
 * recovery path. Of all ways to an end the one with the fewest backups is taken, and of those the one that starts latest.
 */

/** How a database comes to where a link ends. */
interface Way {
  link: Link;
  before: Way | undefined;
  count: number;
  /** When the last data backup in it was finished. */
  start: number;
  /** Its last log begins before a restore of the database and ends after it. */
  crosses: boolean;
}

export class Ways {
  private readonly ways = new Map<Link, Way>();

  /** To all that can be reached from full backups; towards a moment to nothing that needs what lies past it. */
  constructor(links: readonly Link[], time = Infinity) {
    const starts = this.start(links.filter(({ at }) => at <= time));
    // A log with nothing in it ends where it begins: it comes after the one that ends there too.
    const logs = links
      .filter((link) => !isData(link))
      .sort((a, b) => compare(a.last, b.last) || compare(a.first, b.first));
    const ending = new Map<bigint, Link[]>();
    for (const log of logs) {
      for (const link of [...starts, ...(ending.get(log.first) ?? [])]) {
        if (link.at < time && follows(log, link)) this.add(log, this.ways.get(link));
      }
      if (this.ways.has(log)) ending.set(log.last, [...(ending.get(log.last) ?? []), log]);
    }
  }

  private start(links: readonly Link[]): Link[] {
    const fulls = links.filter(isFull);
    for (const full of fulls) this.add(full, undefined);
    const bases = new Map(fulls.filter(({ kind }) => kind === "full").map((full) => [full.backupSet, full]));
    const differentials = links.filter(({ kind }) => kind === "differential");
    for (const link of differentials) {
      const base = link.base === undefined ? undefined : bases.get(link.base);
      if (base) this.add(link, this.ways.get(base));
    }
    return [...fulls, ...differentials].filter((link) => this.ways.has(link));
  }

  private add(link: Link, before: Way | undefined): void {
    const way: Way = {
      link,
      before,
      count: (before?.count ?? 0) + 1,
      start: isData(link) ? link.at : (before?.start ?? 0),
      crosses: !isData(link) && before?.link.fork !== link.fork,
    };
    if (isBetter(way, this.ways.get(link))) this.ways.set(link, way);
  }

  to(link: Link): readonly Link[] | undefined {
    const way = this.ways.get(link);
    return way && linksOn(way);
  }

  /** A log that a restore lies in does not tell what the database held meanwhile: it serves at its end only. */
  at(time: number): readonly Link[] | undefined {
    let best: Way | undefined;
    for (const way of this.ways.values()) {
      const { link, crosses } = way;
      const isThere = isData(link) || crosses ? link.at === time : link.at >= time;
      if (isThere && isBetter(way, best)) best = way;
    }
    return best && linksOn(best);
  }

  /** All that it can be brought to, the newest last. */
  get reached(): Link[] {
    return [...this.ways.keys()].sort((a, b) => a.at - b.at || compare(a.last, b.last));
  }
}

export function follows(log: Link, { last, fork }: Pick<Link, "last" | "fork">): boolean {
  if (log.first > last || last > log.last) return false;
  return log.fork === fork || (log.firstFork === fork && last <= log.forkPoint);
}

function isBetter(way: Way, other: Way | undefined): boolean {
  if (!other || way.crosses !== other.crosses) return !other || other.crosses;
  return way.count === other.count ? way.start > other.start : way.count < other.count;
}

function linksOn(way: Way): Link[] {
  const links: Link[] = [];
  for (let at: Way | undefined = way; at; at = at.before) links.push(at.link);
  return links.reverse();
}

export const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
