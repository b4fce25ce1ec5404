import type { HostReference, Reach } from "../../estate/documents";
import { HostError } from "../host";
import { loadingLine, moduleText, remoteLines } from "./bundle";
import type { Launch } from "./session";

/** How a session to a host is started: which program, with which arguments, and what it is told first. */

export interface WayOptions {
  platform?: NodeJS.Platform;
  /** Values of named credentials; they go to the standard input of a session, and nowhere else. */
  secret?: (name: string) => string | undefined;
}

type Way<V extends Reach["via"]> = Extract<Reach, { via: V }>;

/** Lines are read one by one from standard input, and no profile, prompt or question comes between. */
const READS_LINES = ["-NoLogo", "-NoProfile", "-NonInteractive", "-NoExit", "-Command", "-"];

/** Windows PowerShell where there is one: Lync's own cmdlets load in no other. */
const ownPowerShell = (platform: NodeJS.Platform): string => (platform === "win32" ? "powershell.exe" : "pwsh");

export function launchFor({ name, reach }: HostReference, options: WayOptions = {}): Launch {
  const platform = options.platform ?? process.platform;
  switch (reach.via) {
    case "local":
      return { program: ownPowerShell(platform), args: READS_LINES, prelude: [loadingLine(moduleText())] };
    case "ssh":
      return { program: "ssh", args: sshArguments(name, reach), prelude: [loadingLine(moduleText())] };
    case "winrm":
      return winrm(name, reach, platform, options);
    case "lab":
      throw new Error("the lab needs no session");
  }
}

/** Without `BatchMode` a key that is missing waits for a password that nobody types. */
function sshArguments(host: string, { computer, port, user, identityFile, knownHostsFile }: Way<"ssh">): string[] {
  const options = [
    "BatchMode=yes",
    "ConnectTimeout=15",
    "ServerAliveInterval=15",
    "ServerAliveCountMax=4",
    "StrictHostKeyChecking=yes",
    ...(knownHostsFile === undefined ? [] : [`UserKnownHostsFile="${knownHostsFile}"`]),
    ...(identityFile === undefined ? [] : ["IdentitiesOnly=yes"]),
  ];
  return [
    "-T",
    ...options.flatMap((option) => ["-o", option]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...(user === undefined ? [] : ["-l", user]),
    ...(identityFile === undefined ? [] : ["-i", identityFile]),
    "--",
    computer ?? host,
    ["powershell.exe", ...READS_LINES].join(" "),
  ];
}

function winrm(host: string, { logon, port }: Way<"winrm">, platform: NodeJS.Platform, options: WayOptions): Launch {
  if (platform !== "win32") {
    const advice = "Reach it by ssh from here, or work from a Windows desk.";
    throw new HostError("unreachable", host, "Windows Remote Management works from Windows only.", advice);
  }
  const credential = logon.by === "credential" ? logon : undefined;
  const secret = credential ? options.secret?.(credential.credential) : "";
  if (secret === undefined) {
    const key = `lync-backup:credentials.${credential?.credential ?? ""}`;
    const advice = `Run pulumi config set --secret --path '${key}', which asks for it; or use Kerberos or a certificate.`;
    throw new HostError(
      "access-denied",
      host,
      `the credential ${credential?.credential ?? ""} has no value here.`,
      advice,
    );
  }
  return {
    program: ownPowerShell(platform),
    args: READS_LINES,
    prelude: remoteLines({
      computer: host,
      tls: logon.by !== "kerberos" || logon.tls,
      port: port ?? 0,
      thumbprint: logon.by === "certificate" ? logon.thumbprint : "",
      user: credential?.user ?? "",
      secret,
    }),
  };
}
