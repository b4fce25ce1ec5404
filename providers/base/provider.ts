import { Owner, ownerText } from "../../estate/documents";
import { check, declaredInputs, storedInputs, type CheckResult } from "./check";
import { IncompleteError, messageOf, ProviderError, toProviderError } from "./errors";
import { Hosts } from "./hosts";
import { inputKeys, managedKeys, type CommonInputs, type Observation, type ResourceType } from "./resource-type";
import { SettingsHolder, type ConfigureRequest } from "./settings";
import { Stores } from "./stores";
import { clean, differencesText, differingKeys, equal, PROVIDER_KEY, type PlainObject } from "./wire";

/** The engine's side of a dynamic provider. */
export interface EngineProvider {
  configure(request: ConfigureRequest): void;
  check(olds: object, news: object): Promise<CheckResult>;
  diff(id: string, olds: object, news: object): Promise<DiffResult>;
  create(inputs: object): Promise<{ id: string; outs: PlainObject }>;
  read(id: string, properties: object): Promise<{ id?: string; props?: PlainObject; inputs?: PlainObject }>;
  update(id: string, olds: object, news: object): Promise<{ outs: PlainObject }>;
  delete(id: string, properties: object): Promise<void>;
}

export interface DiffResult {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** What resources are made on. */
interface World {
  hosts: Hosts;
  stores: Stores;
}

/** What all resources of one provider process share: its settings, its hosts and its stores. */
export class ProviderProcess {
  private readonly settings = new SettingsHolder();
  private shared: World | undefined;

  configure(request: ConfigureRequest): void {
    // Once per resource type: hosts that are in use keep their queues and what is known of them.
    if (this.settings.configure(request)) this.shared = undefined;
  }

  get world(): World {
    if (this.shared) return this.shared;
    const settings = this.settings.get();
    return (this.shared = { hosts: new Hosts(settings), stores: new Stores(settings) });
  }
}

/** The seven methods of any resource type, by the contract that the engine really keeps. */
export function makeProvider<Inputs extends CommonInputs, Outputs extends object>(
  type: ResourceType<Inputs, Outputs>,
  process: ProviderProcess,
): EngineProvider {
  const named = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toProviderError(`${type.type} ${id}`, error);
    }
  };

  /** The engine adds the provider's own text to results, but not to errors; without it nothing could be read again. */
  const reconciled = async (desired: Inputs, previous: Inputs | undefined, news: object): Promise<PlainObject> => {
    try {
      return await reconcile(type, desired, previous, process.world);
    } catch (error) {
      if (error instanceof IncompleteError) {
        Object.assign(error.properties, clean({ [PROVIDER_KEY]: (news as Record<string, unknown>)[PROVIDER_KEY] }));
      }
      throw error;
    }
  };

  return {
    configure: (request) => {
      process.configure(request);
    },
    check: (olds, news) => Promise.resolve(check(type, news, olds)),
    diff: (_id, olds, news) => Promise.resolve(diff(type, olds, news)),
    create: async (inputs) => {
      const desired = declaredInputs(type, inputs);
      const id = type.id(desired);
      return named(id, async () => ({ id, outs: await reconciled(desired, undefined, inputs) }));
    },
    update: async (id, olds, news) =>
      named(id, async () => ({
        outs: await reconciled(declaredInputs(type, news), rememberedInputs(type, olds), news),
      })),
    read: async (id, properties) =>
      named(id, async () => {
        const stored = rememberedInputs(type, properties);
        const { hosts, stores } = process.world;
        const observation = await type.observe(stored, hosts, stores);
        if (!observation) return {};
        return {
          id,
          props: clean(foundState(observation, stored.owner)),
          inputs: clean(foundInputs(observation)),
        };
      }),
    delete: async (id, properties) =>
      named(id, async () => {
        const { hosts, stores } = process.world;
        await type.remove(rememberedInputs(type, properties), hosts, stores);
      }),
  };
}

/** Old outputs against new inputs: what was found last, against what is declared now. */
export function diff<Inputs extends CommonInputs, Outputs extends object>(
  type: ResourceType<Inputs, Outputs>,
  olds: object,
  news: object,
): DiffResult {
  // With the defaults of what an older release did not know: a new property is no change by itself.
  const was = storedInputs(type, olds) as unknown as Record<string, unknown>;
  const is = news as Record<string, unknown>;
  const different = differingKeys(inputKeys(type), was, is);
  // Windows does not tell upper case from lower: another spelling is no other thing.
  const spelled = (value: unknown): string => JSON.stringify(value ?? null).toLowerCase();
  const replaces = different.filter(
    (key) => (type.identity as readonly string[]).includes(key) && spelled(was[key]) !== spelled(is[key]),
  );
  // On another host nothing collides: the new one is made, and what needs it moves there, before the old one goes.
  return { changes: different.length > 0, replaces, deleteBeforeReplace: !replaces.includes("host") };
}

/** Whose the resource is, kept apart from `owner`, in which a refresh may have found another's mark or none. */
const MARK = "mark";

function rememberedInputs<Inputs extends CommonInputs, Outputs extends object>(
  type: ResourceType<Inputs, Outputs>,
  properties: object,
): Inputs {
  const stored = storedInputs(type, properties);
  const mark = Owner.safeParse((properties as Record<string, unknown>)[MARK]);
  return mark.success ? { ...stored, owner: mark.data } : stored;
}

function foundInputs<Inputs extends CommonInputs, Outputs extends object>(
  observation: Observation<Inputs, Outputs>,
): object {
  return { ...observation.found, owner: observation.owner };
}

/** What the state keeps of what was found; `mark` says whose the resource is, whatever mark was found. */
function foundState<Inputs extends CommonInputs, Outputs extends object>(
  observation: Observation<Inputs, Outputs>,
  mark: Owner,
): object {
  return { ...foundInputs(observation), ...observation.outputs, [MARK]: mark };
}

/** Observe, ensure, observe again, return. Create and update are the same. */
async function reconcile<Inputs extends CommonInputs, Outputs extends object>(
  type: ResourceType<Inputs, Outputs>,
  desired: Inputs,
  previous: Inputs | undefined,
  { hosts, stores }: World,
): Promise<PlainObject> {
  const id = type.id(desired);
  const managed = managedKeys(type).filter((key) => key !== "owner");
  const look = (): Promise<Observation<Inputs, Outputs> | undefined> =>
    type.observeReachable ? type.observeReachable(desired, hosts, stores) : type.observe(desired, hosts, stores);
  const observed = await look();
  const takeOver = observed !== undefined && !isOurs(observed.owner, [desired.owner]);
  // A mark that a colleague removed from what we remember making is drift like any other, and is put back.
  const remembered = previous !== undefined && (observed?.owner === null || isOurs(observed?.owner, [previous.owner]));
  if (takeOver && !remembered) refuseForeign(type, desired, observed, managed);
  try {
    await type.ensure(desired, { hosts, stores, previous, observed, adopt: takeOver || desired.adopt });
  } catch (error) {
    // After a failed update the engine keeps what it knew, and the next one goes on. After a failed create it would
    // forget what was made.
    const left = previous ? undefined : await look().catch(() => undefined);
    if (!left || !isOurs(left.owner, [desired.owner])) throw error;
    throw new IncompleteError(id, foundState(left, desired.owner), [messageOf(error)]);
  }
  const after = await type.observe(desired, hosts, stores);
  if (!after) throw new ProviderError(`${id}: it was made, yet it is not there; someone or something removes it`);
  const remaining = managedDifferences(type, desired, after, managed);
  if (remaining.length > 0) throw new IncompleteError(id, foundState(after, desired.owner), remaining);
  return clean({ ...desired, ...after.outputs, [MARK]: desired.owner });
}

function isOurs(found: Owner | null | undefined, ours: readonly Owner[]): boolean {
  return ours.some((owner) => equal(owner, found));
}

/** Creating is adopting: what is identical is taken over, what differs only when the declaration says so. */
function refuseForeign<Inputs extends CommonInputs, Outputs extends object>(
  type: ResourceType<Inputs, Outputs>,
  desired: Inputs,
  observed: Observation<Inputs, Outputs>,
  managed: readonly string[],
): void {
  if (desired.adopt) return;
  const differences = managedDifferences(type, desired, observed, managed);
  if (differences.length === 0) return;
  const whose = observed.owner ? `belongs to ${ownerText(observed.owner)}` : "bears nobody's mark";
  throw new ProviderError(
    `${type.type} ${type.id(desired)} exists already and ${whose}. It differs: ${differences.join("; ")}. ` +
      "Nothing was changed. To take it over as declared, set adopt: true; to keep it, choose another name",
  );
}

/** In words, by what stands behind a hash where that is known. */
function managedDifferences<Inputs extends CommonInputs, Outputs extends object>(
  type: ResourceType<Inputs, Outputs>,
  desired: Inputs,
  observation: Observation<Inputs, Outputs>,
  keys: readonly string[],
): string[] {
  const different = keys.filter((key) => !equal(valueOf(observation.found, key), valueOf(desired, key)));
  if (different.length === 0) return [];
  const details = observation.details?.() ?? {};
  const declared = type.details?.(desired) ?? {};
  return different.flatMap((key) => {
    const [was, wanted] = [valueOf(observation.found, key), valueOf(desired, key)];
    const behind = key in details ? differencesText(details[key], declared[key], key) : [];
    return behind.length > 0 ? behind : differencesText(was, wanted, key);
  });
}

const valueOf = (from: object, key: string): unknown => (from as Record<string, unknown>)[key];
