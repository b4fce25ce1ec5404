import { backupPosture } from "./backup-posture/reconcile";
import { backupTarget } from "./backup-target/reconcile";
import { ProviderError } from "./base/errors";
import { makeProvider, ProviderProcess, type EngineProvider } from "./base/provider";
import type { CommonInputs, ResourceFacts, ResourceType } from "./base/resource-type";
import { cmsExport } from "./cms-export/reconcile";
import { fileStoreCopyJob } from "./file-store-copy-job/reconcile";
import { hostAgent } from "./host-agent/reconcile";
import { offsiteBucket } from "./offsite-bucket/reconcile";
import { offsiteCopy } from "./offsite-copy/reconcile";
import { persistentChatExport } from "./persistent-chat-export/reconcile";
import { responseGroupExport } from "./response-group-export/reconcile";
import { sqlBackupSchedule } from "./sql-backup-schedule/reconcile";
import { userDataExport } from "./user-data-export/reconcile";

interface Registered {
  type: ResourceFacts;
  provider: () => EngineProvider;
}

const shared = new ProviderProcess();

function registered<Inputs extends CommonInputs, Outputs extends object>(
  type: ResourceType<Inputs, Outputs>,
): Registered {
  return { type, provider: () => makeProvider(type, shared) };
}

/** Every resource type. Their names stand in states: they are only ever added. */
const REGISTRY: readonly Registered[] = [
  registered(hostAgent),
  registered(backupTarget),
  registered(cmsExport),
  registered(userDataExport),
  registered(responseGroupExport),
  registered(persistentChatExport),
  registered(fileStoreCopyJob),
  registered(sqlBackupSchedule),
  registered(offsiteBucket),
  registered(offsiteCopy),
  registered(backupPosture),
];

/** For pages and tests, which must know them all. */
export const RESOURCE_TYPES: readonly ResourceFacts[] = REGISTRY.map(({ type }) => type);

/** What `providers/lync-backup.js` forwards to. */
export function provider(type: string): EngineProvider {
  const found = REGISTRY.find((one) => one.type.type === type);
  if (found) return found.provider();
  throw new ProviderError(`this release of lync-backup has no resource type ${type}: use the one that declared it`);
}
