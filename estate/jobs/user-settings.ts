import type { Product, StepInput } from "../documents";
import { fileOfPool } from "./declaration";

/**
 * What lives in the directory and no import of user data brings back, as an inventory beside each export. The names are
 * those of what Get-CsUser returns.
 */
const SETTINGS = [
  "Identity",
  "SipAddress",
  "UserPrincipalName",
  "SamAccountName",
  "DisplayName",
  "Enabled",
  "RegistrarPool",
  "HostingProvider",
  "LineURI",
  "LineServerURI",
  "PrivateLine",
  "EnterpriseVoiceEnabled",
  "AudioVideoDisabled",
  "RemoteCallControlTelephonyEnabled",
  "HostedVoiceMail",
  "ExchangeArchivingPolicy",
];

const FROM_2015: readonly Product[] = ["sfb2015", "sfb2019", "sfbse"];
const FROM_2019: readonly Product[] = ["sfb2019", "sfbse"];

/** Policies that can be assigned to a user, with the products that have them where not all do. */
const POLICIES: Readonly<Record<string, readonly Product[] | null>> = {
  ArchivingPolicy: null,
  CallViaWorkPolicy: FROM_2015,
  ClientPolicy: null,
  ClientVersionPolicy: null,
  ConferencingPolicy: null,
  DialPlan: null,
  ExternalAccessPolicy: null,
  HostedVoicemailPolicy: null,
  IPPhonePolicy: FROM_2019,
  LocationPolicy: null,
  MobilityPolicy: null,
  PersistentChatPolicy: ["lync2013", "sfb2015"],
  PinPolicy: null,
  PresencePolicy: null,
  ThirdPartyVideoSystemPolicy: FROM_2015,
  UserServicesPolicy: null,
  VoicePolicy: null,
  VoiceRoutingPolicy: null,
};

/** Of a branch user the Registrar is the branch's, although the data live in the pool. */
export function listUsers(product: Product, pool: string, branches: readonly string[]): StepInput {
  const file = { $work: fileOfPool("UserSettings", pool, "jsonl") };
  const policies = Object.entries(POLICIES).flatMap(([name, of]) => ((of?.includes(product) ?? true) ? [name] : []));
  return {
    kind: "cmdlet",
    id: "settings",
    title: "Write down what no import brings back",
    cmdlet: "Get-CsUser",
    parameters: { Filter: [pool, ...branches].map((one) => `RegistrarPool -eq '${one}'`).join(" -or ") },
    select: [...SETTINGS, ...policies],
    saveAs: { file, as: "jsonl" },
    produces: [
      {
        file,
        datum: "user-settings",
        scope: { of: "pool", pool },
        format: "jsonl",
        // A pool that stands by for another has no users of its own.
        atLeastBytes: 0,
        facts: { users: { $ref: "settings.count" } },
      },
    ],
  };
}
