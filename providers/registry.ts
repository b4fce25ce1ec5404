import { makeProvider, ProviderProcess, type EngineProvider } from "./base/provider";
import { backupTarget } from "./backup-target/reconcile";
import { cmsExport } from "./cms-export/reconcile";
import { hostAgent } from "./host-agent/reconcile";
import { ProviderError } from "./base/errors";

/** Every resource type, by the name that stands in states: names are only ever added. */
const process = new ProviderProcess();
const PROVIDERS: Readonly<Record<string, () => EngineProvider>> = {
  HostAgent: () => makeProvider(hostAgent, process),
  BackupTarget: () => makeProvider(backupTarget, process),
  CmsExport: () => makeProvider(cmsExport, process),
};

/** What `providers/lync-backup.js` forwards to. */
export function provider(type: string): EngineProvider {
  const make = Object.hasOwn(PROVIDERS, type) ? PROVIDERS[type] : undefined;
  if (!make) {
    throw new ProviderError(`this release of lync-backup has no resource type ${type}: use the one that declared it`);
  }
  return make();
}
