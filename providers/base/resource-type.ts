import type { z } from "zod";
import type { Owner } from "../../estate/documents";
import type { Hosts } from "./hosts";
import type { Stores } from "./stores";

/** What every resource declares besides its own properties. */
export interface CommonInputs {
  owner: Owner;
  adopt: boolean;
}

/** What a host or a store shows of a resource, in the words of its declaration. */
export interface Observation<Inputs, Outputs> {
  /** Whose mark it bears; null: it bears none. */
  owner: Owner | null;
  /** The declaration with each managed property as it was found. Where found and declared mean the same, as declared. */
  found: Inputs;
  outputs: Outputs;
  /** What stands behind a found property that is only a hash: for messages, so worked out when there is one. */
  details?: () => Readonly<Record<string, unknown>>;
}

type ObjectSchema<T> = z.ZodType<T> & { readonly shape: Readonly<Record<string, z.ZodType>> };

/** What can be told of a type without a declaration: pages and tests go by it. */
export interface ResourceFacts {
  readonly type: string;
  readonly inputs: ObjectSchema<unknown>;
  readonly outputs: ObjectSchema<unknown>;
  readonly identity: readonly string[];
  readonly computed: readonly string[];
  readonly unmanaged: Readonly<Record<string, string>>;
}

/**
 * One kind of resource. The base makes the engine's seven methods of it; a type says what it declares, what a host
 * shows of it, and how to make one like the other. `ensure` is create and update in one: observed state beats stored
 * state, and every step can be repeated after a crash.
 */
export interface ResourceType<Inputs extends CommonInputs, Outputs extends object> extends ResourceFacts {
  readonly inputs: ObjectSchema<Inputs>;
  readonly outputs: ObjectSchema<Outputs>;
  /** Changing one of these makes it another thing: replaced, the old one deleted first. All else updates in place. */
  readonly identity: readonly (keyof Inputs & string)[];
  /** Inputs that no host shows, each with the reason. All others are managed: read back, and their drift is found. */
  readonly unmanaged: Readonly<Record<string, string>>;
  /** Inputs that nobody declares: `complete` adds them, so that what follows from a declaration has drift as well. */
  readonly computed: readonly (keyof Inputs & string)[];
  id(inputs: Inputs): string;
  /** Puts what is declared into its one canonical form and adds what follows from it. Pure, as check calls it. */
  complete?(inputs: Inputs): Inputs;
  /** Why it is refused although each of its properties is right; `last` is what was declared before. Pure, as check. */
  judge?(inputs: Inputs, last: Inputs | undefined): string[];
  /** What stands behind a declared property that is only a hash. */
  details?(inputs: Inputs): Readonly<Record<string, unknown>>;
  /** Undefined: it is not there. What cannot be read throws. */
  observe(inputs: Inputs, hosts: Hosts, stores: Stores): Promise<Observation<Inputs, Outputs> | undefined>;
  /** For what lies on several hosts: the same, leaving out hosts that do not answer. Before and after a change only. */
  observeReachable?(inputs: Inputs, hosts: Hosts, stores: Stores): Promise<Observation<Inputs, Outputs> | undefined>;
  ensure(desired: Inputs, context: EnsureContext<Inputs, Outputs>): Promise<void>;
  remove(inputs: Inputs, hosts: Hosts, stores: Stores): Promise<void>;
}

export interface EnsureContext<Inputs, Outputs> {
  hosts: Hosts;
  stores: Stores;
  /** What the engine remembers, for what must be taken away where it no longer belongs. */
  previous: Inputs | undefined;
  observed: Observation<Inputs, Outputs> | undefined;
  /** What is there may be taken over: it was judged, or the declaration says so. */
  adopt: boolean;
}

/** Keys whose difference is a change: all inputs of the schema. */
export const inputKeys = (type: ResourceFacts): string[] => Object.keys(type.inputs.shape);

/** Keys that a host shows, and in which drift is found. */
export const managedKeys = (type: ResourceFacts): string[] => inputKeys(type).filter((key) => !(key in type.unmanaged));
