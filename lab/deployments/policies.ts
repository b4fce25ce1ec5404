import { createHash } from "node:crypto";
import type { Pool, Topology } from "../../estate/documents";
import type { Policy } from "../model/configuration";

/** What administrators have set, besides the topology. */

const KINDS = ["Voice", "Conferencing", "Client", "ExternalAccess", "Archiving", "Mobility", "Presence", "Location"];
export const TAGS = ["Executives", "Sales", "Support", "Guests"] as const;

export function policiesFor(topology: Topology): Policy[] {
  const scopes = ["Global", ...topology.sites.map(({ name }) => `Site:${name}`), ...TAGS.map((tag) => `Tag:${tag}`)];
  return [
    ...KINDS.flatMap((kind) => scopes.map((identity) => policy(kind, identity))),
    ...globals(topology),
    ...topology.pools.flatMap(settingsOfPool),
  ];
}

/** Different enough from each other that an export has a size worth comparing. */
export function policy(kind: string, identity: string): Policy {
  const digest = createHash("sha256").update(`${kind} ${identity}`).digest("hex");
  return {
    kind,
    identity,
    settings: { Description: `${kind} policy of ${identity}`, Enabled: String(digest < "c"), Signature: digest },
  };
}

const yesNo = (value: boolean | undefined): string => (value === true ? "True" : "False");

function globals({ archiving, contactStore }: Topology): Policy[] {
  const ucs = contactStore === "exchange" || contactStore === "mixed";
  const settings: Record<string, Policy["settings"]> = {
    ArchivingConfiguration: {
      EnableArchiving: archiving ? "ImAndWebConf" : "None",
      BlockOnArchiveFailure: yesNo(archiving?.blocksMessagesOnFailure),
      EnableExchangeArchiving: yesNo(archiving?.toExchange),
    },
    UserServicesPolicy: { UcsAllowed: yesNo(ucs) },
    RegistrarConfiguration: { PoolState: "Active" },
    CpsConfiguration: { EnableMusicOnHold: "True", MaxCallPickupAttempts: "1" },
  };
  return Object.entries(settings).map(([kind, one]) => ({ kind, identity: "Global", settings: one }));
}

function settingsOfPool({ fqdn, kind, roles }: Pool, index: number): Policy[] {
  const front = kind === "enterprise" || kind === "standard";
  const number = String(index + 1);
  const made: Policy[] = [];
  const add = (of: string, identity: string, settings: Policy["settings"]): number =>
    made.push({ kind: of, identity, settings });
  if (front) add("ConferenceDirectory", number, { ServiceId: `UserServer:${fqdn}` });
  if (roles.includes("call-park")) {
    add("CallParkOrbit", `Orbits ${number}`, {
      CallParkService: `ApplicationServer:${fqdn}`,
      NumberRangeStart: `#${number}00`,
      NumberRangeEnd: `#${number}99`,
    });
  }
  if (roles.includes("announcement")) {
    add("Announcement", `service:ApplicationServer:${fqdn}/closed`, { Name: "Closed", AudioFilePrompt: "closed.wav" });
    add("UnassignedNumber", `Unassigned ${number}`, {
      AnnouncementService: `ApplicationServer:${fqdn}`,
      AnnouncementName: "Closed",
      NumberRangeStart: `tel:+4144${number.padStart(3, "0")}9000`,
      NumberRangeEnd: `tel:+4144${number.padStart(3, "0")}9999`,
    });
  }
  return made;
}
