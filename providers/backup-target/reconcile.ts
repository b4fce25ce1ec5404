import { Change, type HostState, type TargetDeclaration, type TargetState } from "../../estate/documents";
import { accountsFound, distinctAccounts } from "../base/access";
import { ProviderError } from "../base/errors";
import { mustBeReadable, unlessForeign } from "../base/hosts";
import type { ResourceType } from "../base/resource-type";
import { BackupTargetInputs, BackupTargetOutputs } from "./schema";

const GIGABYTE = 1024 ** 3;

/** A folder, shared or not, in which jobs leave their sets. Removing it takes the share away and leaves the sets. */
export const backupTarget: ResourceType<BackupTargetInputs, BackupTargetOutputs> = {
  type: "BackupTarget",
  inputs: BackupTargetInputs,
  outputs: BackupTargetOutputs,
  identity: ["host", "name", "path"],
  computed: [],
  unmanaged: {
    adopt: "a permission, not a property of the host",
    domain: "judged before each change; this product joins no computer to a domain",
    reach: "how the host is reached is not a property of it",
  },

  id: ({ host, name }) => `${host}/target/${name}`,

  complete: (inputs) => ({
    ...inputs,
    writers: distinctAccounts(inputs.writers),
    readers: distinctAccounts(inputs.readers),
  }),

  async observe(inputs, hosts) {
    const state = await hosts.at({ name: inputs.host, reach: inputs.reach }).state();
    mustBeReadable(state, "targets");
    const target = state.targets.find(({ name }) => name === inputs.name);
    if (!target?.folder) return undefined;
    const freeGigabytes = target.freeBytes === null ? null : Math.round((target.freeBytes / GIGABYTE) * 10) / 10;
    return {
      owner: target.owner,
      found: foundIn(target, inputs),
      outputs: { freeGigabytes, seenAt: state.at },
    };
  },

  async ensure(desired, { hosts, adopt }) {
    const host = hosts.at({ name: desired.host, reach: desired.reach });
    refuseUnfit(desired, await host.state());
    await host.apply(
      Change.make({
        owner: desired.owner,
        adopt,
        action: { kind: "set-target", target: declarationOf(desired) },
      }),
    );
  },

  async remove(inputs, hosts) {
    const host = hosts.at({ name: inputs.host, reach: inputs.reach });
    const action = { kind: "remove-target", name: inputs.name } as const;
    await unlessForeign(host.apply(Change.make({ owner: inputs.owner, action })));
  },
};

/** What cannot be put right from here is refused before anything is changed. */
function refuseUnfit(desired: BackupTargetInputs, state: HostState): void {
  const { computer, volumes, targets } = state;
  if (computer.lync?.pool) {
    throw new ProviderError(
      `${desired.host} is a server of the pool ${computer.lync.pool}: what is lost with the pool is no backup. ` +
        "Nothing was changed. Choose a computer that is in no pool",
    );
  }
  if (computer.domain?.toLowerCase() !== desired.domain) {
    throw new ProviderError(
      `${desired.host} is in ${computer.domain ?? "no domain"}, not in ${desired.domain}: the accounts of jobs and ` +
        "SQL Servers could not write to it. Nothing was changed. Join it to the domain, or choose another computer",
    );
  }
  const drive = desired.path.slice(0, 2).toUpperCase();
  const volume = volumes[drive];
  if (!volume) {
    throw new ProviderError(
      `${desired.host} has no volume ${drive}, only ${Object.keys(volumes).sort().join(", ")}. Nothing was changed`,
    );
  }
  // Of a folder that is not there yet, only the volume can be judged.
  const found = targets.find(({ name, folder }) => folder && name === desired.name)?.encryption;
  const encryption = found ?? (desired.encryption === "bitlocker" ? volume.encryption : desired.encryption);
  if (isVisible(desired.encryption) && encryption !== desired.encryption) {
    throw new ProviderError(
      `${desired.path} on ${desired.host} is declared with encryption ${desired.encryption}, and ${encryption} was ` +
        "found. Nothing was changed. Turn it on there: this product does not encrypt volumes",
    );
  }
}

function declarationOf(inputs: BackupTargetInputs): TargetDeclaration {
  const { name, path, share, writers, readers, encryption, location, media } = inputs;
  return {
    name,
    path,
    ...(share === undefined ? {} : { share }),
    writers,
    readers,
    keepFreeBytes: Math.round(inputs.keepFreeGigabytes * GIGABYTE),
    encryption,
    location,
    media,
  };
}

/** What the host shows, in the words of the declaration. */
function foundIn(target: TargetState, inputs: BackupTargetInputs): BackupTargetInputs {
  const { declaration, access, share } = target;
  const { share: declaredShare, ...others } = inputs;
  const lists = share ? [access, share.access] : [access];
  return {
    ...others,
    path: declaration?.path ?? target.path,
    ...(share ? { share: shareFound(share, target.path, declaredShare) } : {}),
    writers: accountsFound(lists, "change", inputs.writers, target.accounts),
    readers: accountsFound(lists, "read", inputs.readers, target.accounts),
    keepFreeGigabytes: (declaration?.keepFreeBytes ?? 0) / GIGABYTE,
    encryption: encryptionFound(target, declaration?.encryption ?? inputs.encryption),
    location: declaration?.location ?? inputs.location,
    media: declaration?.media ?? "unknown, for target.json is gone",
  };
}

/** What an array encrypts by itself Windows does not see; and where none is expected, any is as good. */
function encryptionFound(target: TargetState, declared: BackupTargetInputs["encryption"]): typeof declared {
  return isVisible(declared) ? (target.encryption as typeof declared) : declared;
}

const isVisible = (encryption: BackupTargetInputs["encryption"]): boolean =>
  encryption === "bitlocker" || encryption === "efs";

function shareFound(share: { name: string; path: string }, path: string, declared: string | undefined): string {
  if (share.path.toLowerCase() !== path.toLowerCase()) return `${share.name}, which shares ${share.path}`;
  return share.name.toLowerCase() === declared?.toLowerCase() ? declared : share.name;
}
