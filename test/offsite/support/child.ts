import type { StoreReference } from "../../../estate/documents";
import { push, type PushSource } from "../../../offsite/push/push";
import { openStore, type StoreOptions } from "../../../offsite/store/open";

/** A courier in a process of its own, which can be killed. Not a test itself. */
export interface ChildWork {
  reference: StoreReference;
  options: StoreOptions;
  sources: PushSource[];
  copy: string;
  othersMs: number;
  now?: string;
}

async function main(): Promise<void> {
  const { reference, options, sources, copy, othersMs, now } = JSON.parse(process.argv[2] ?? "") as ChildWork;
  const store = await openStore(reference, options);
  process.stdout.write("begin\n");
  const report = await push(store, sources, {
    ...{ copy, othersMs },
    ...(now === undefined ? {} : { now: () => new Date(now) }),
  });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  store.close();
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  });
}
