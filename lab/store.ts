import path from "node:path";
import { commit, finishCommit, noChanges } from "./commit";
import { Disk } from "./disk";
import { locked } from "./lock";
import { Sections } from "./sections";

/** The world and the disks in files. A transaction is the only one, and happens as a whole or not at all. */
export class Store {
  constructor(readonly folder: string) {}

  async transaction<T>(work: (transaction: Transaction) => Promise<T> | T): Promise<T> {
    return locked(path.join(this.folder, "lock"), async () => {
      finishCommit(this.folder);
      const transaction = new Transaction(this.folder);
      const result = await work(transaction);
      transaction.commit();
      return result;
    });
  }
}

export class Transaction {
  readonly sections: Sections;
  readonly disk: Disk;

  constructor(private readonly folder: string) {
    this.sections = new Sections(folder);
    this.disk = new Disk(folder, this.sections);
  }

  /** Writes what was changed so far. */
  commit(): void {
    const changes = noChanges();
    this.disk.collect(changes);
    this.sections.collect(changes);
    commit(this.folder, changes);
    this.disk.settle();
  }
}
