import { createHash } from "node:crypto";
import { Job, type Job as JobDocument, type JobState } from "../../estate/documents";

/** What documents mean, whoever owns them: two stacks that declare the same job agree on it. By property. */

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

type ByProperty<T> = Readonly<Record<string, T>>;

export const meaningHash = (documents: ByProperty<JobDocument>): string => combined(mapped(documents, hashOf));

/** A document that was touched in any way, if only in its blanks, is not the one that was declared. */
export const foundHash = (jobs: ByProperty<JobState>): string =>
  combined(
    mapped(jobs, (state) => {
      const job = parsed(state);
      return job && Job.write(job) === state.text ? hashOf(job) : state.hash;
    }),
  );

/** For messages: the documents themselves. */
export const shown = (documents: ByProperty<JobDocument>): unknown => single(mapped(documents, withoutOwner));
export const shownFound = (jobs: ByProperty<JobState>): unknown =>
  single(
    mapped(jobs, (state) => {
      const job = parsed(state);
      return job ? withoutOwner(job) : "no job document";
    }),
  );

const hashOf = (job: JobDocument): string => sha256(JSON.stringify(withoutOwner(job)));

function withoutOwner(job: JobDocument): Omit<JobDocument, "owner"> {
  const { owner: _owner, ...rest } = job;
  return rest;
}

function combined(hashes: ByProperty<string>): string {
  const [first, ...rest] = Object.values(hashes);
  if (first !== undefined && rest.length === 0) return first;
  return sha256(JSON.stringify(Object.entries(hashes).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Of a single job nobody need say which one it is. */
function single(all: ByProperty<unknown>): unknown {
  const values = Object.values(all);
  return values.length === 1 ? values[0] : all;
}

function parsed({ text }: JobState): JobDocument | undefined {
  try {
    return text === null ? undefined : Job.parse(text);
  } catch {
    return undefined;
  }
}

const mapped = <T, R>(all: ByProperty<T>, of: (one: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(all).map(([key, one]) => [key, of(one)]));
