import path from "node:path";
import { commit, finishCommit, noChanges } from "./commit";
import { Disk } from "./disk";
import { isWanted, locked } from "./lock";
import { Sections } from "./sections";

/** The world and the disks in files. A transaction is the only one, and happens as a whole or not at all. */
export class Store {
  /** Of the batch that is going on. */
  private open: Transaction | undefined;
  private last: { generation: number; transaction: Transaction } | undefined;

  constructor(readonly folder: string) {}

  async transaction<T>(work: (transaction: Transaction) => Promise<T> | T): Promise<T> {
    if (this.open) return work(this.open);
    return this.alone(async () => {
      const transaction = new Transaction(this.folder);
      const result = await work(transaction);
      transaction.commit();
      return result;
    });
  }

  /**
   * All transactions of this store meanwhile become one: under one lock, and written once. What one of them has done
   * before it failed stays done. The next batch goes on with what this one knows, unless somebody was there in between.
   */
  async batch<T>(work: () => Promise<T>): Promise<T> {
    return this.alone(async (generation) => {
      const { last } = this;
      this.last = undefined;
      this.open = last?.generation === generation - 1 ? last.transaction : new Transaction(this.folder, true);
      try {
        const result = await work();
        this.open.commit();
        this.last = { generation, transaction: this.open };
        return result;
      } finally {
        this.open = undefined;
      }
    });
  }

  /** In a batch: the lab has been there since it began. */
  get isOpen(): boolean {
    return this.open !== undefined;
  }

  /** Whether others wait until a transaction has ended. */
  isWanted(): boolean {
    return isWanted(this.lock);
  }

  private get lock(): string {
    return path.join(this.folder, "lock");
  }

  private alone<T>(work: (generation: number) => Promise<T>): Promise<T> {
    return locked(this.lock, (generation) => {
      finishCommit(this.folder);
      return work(generation);
    });
  }
}

export class Transaction {
  readonly sections: Sections;
  readonly disk: Disk;

  constructor(
    private readonly folder: string,
    private readonly isBatch = false,
  ) {
    this.sections = new Sections(folder);
    this.disk = new Disk(folder, this.sections);
  }

  /** What was done so far stays, even if the rest fails: as in a batch anyway. */
  keep(): void {
    if (!this.isBatch) this.commit();
  }

  commit(): void {
    const changes = noChanges();
    this.disk.collect(changes);
    this.sections.collect(changes);
    commit(this.folder, changes);
    this.disk.settle();
  }
}
