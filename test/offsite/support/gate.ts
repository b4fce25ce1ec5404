import { setTimeout as delay } from "node:timers/promises";
import type { World } from "../../../offsite/prune/prune";
import type { Store } from "../../../offsite/store/store";
import type { Random } from "./random";

/** Somebody who works on a bucket, and may be killed. */
export interface Actor {
  name: string;
  killed: boolean;
}

interface Waiting {
  actor: Actor;
  go: () => void;
  /** So many requests of others come first: now and then somebody sleeps at the worst of moments. */
  after: number;
}

const SLEEPY = 0.1;
const LONGEST_NAP = 150;

/**
 * Lets the requests of several actors to a real server through one by one, in the order of a random number. Time stands
 * still for all of them together, and moves on when one of them waits.
 */
export class Gate implements World {
  private readonly waiting: Waiting[] = [];
  private underWay = 0;
  private ahead = 0;
  private readonly realTime = performance.now.bind(performance);
  passed = 0;

  constructor(
    private readonly random: Random,
    /** How likely an actor is killed at a request. */
    private readonly killing: number,
  ) {
    performance.now = () => this.realTime() + this.ahead;
  }

  /** Puts the clock back. */
  close(): void {
    performance.now = this.realTime;
  }

  guard(store: Store, actor: Actor): void {
    const dead = (): Error => Object.assign(new Error(`${actor.name} was killed`), { name: "AbortError" });
    store.sender.client.middlewareStack.add(
      (next) => async (args) => {
        if (actor.killed) throw dead();
        await new Promise<void>((resolve) => this.waiting.push({ actor, go: resolve, after: this.nap() }));
        const dies = this.random.number() < this.killing;
        // Before the request is sent, or after it was, without ever having seen the answer.
        if (dies) actor.killed = true;
        try {
          if (dies && this.random.number() < 0.5) throw dead();
          const answer = next(args);
          if (!dies) return await answer;
          await answer.catch(() => undefined);
          throw dead();
        } finally {
          this.underWay--;
          this.passed++;
        }
      },
      { step: "initialize", name: "gate", priority: "high" },
    );
  }

  /** Until all have ended, well or not. */
  async run(work: readonly Promise<unknown>[]): Promise<PromiseSettledResult<unknown>[]> {
    let ended = false;
    const all = Promise.allSettled(work).then((results) => {
      ended = true;
      return results;
    });
    while (!ended) {
      await this.calm();
      this.let(this.next());
    }
    return all;
  }

  now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  /** No request takes so long: whatever is under way when one begins to wait has arrived when the wait is over. */
  async wait(ms: number): Promise<void> {
    this.ahead += ms * 0.75;
    for (const one of this.waiting.splice(0)) {
      this.let(one);
      await this.calm();
    }
    this.ahead += ms * 0.25;
  }

  hours(count: number): void {
    this.ahead += count * 3_600_000;
  }

  private nap(): number {
    return this.random.number() < SLEEPY ? this.passed + this.random.below(LONGEST_NAP) : 0;
  }

  private next(): Waiting | undefined {
    const awake = this.waiting.filter(({ after }) => after <= this.passed);
    const first = this.waiting.toSorted((a, b) => a.after - b.after).slice(0, 1);
    const all = awake.length > 0 ? awake : first;
    const one = all[this.random.below(all.length)];
    if (one) this.waiting.splice(this.waiting.indexOf(one), 1);
    return one;
  }

  private let(one: Waiting | undefined): void {
    if (!one) return;
    this.underWay++;
    one.go();
  }

  /** Until nobody moves any more: all wait for their next request, or for a clock. */
  private async calm(): Promise<void> {
    for (let quiet = 0, before = -1; quiet < 2;) {
      await delay(1);
      const now = this.waiting.length + 1000 * this.passed;
      quiet = this.underWay === 0 && now === before ? quiet + 1 : 0;
      before = now;
    }
  }
}
