import type { Failure } from "../../estate/documents";
import { HostError, type HostErrorCode } from "../host";
import type { SessionFailure } from "./session";

/** What a session's end means, in a sentence and with what to do. Only the other side's own words tell. */

interface Reading {
  says: RegExp;
  code: HostErrorCode;
  message: string;
  advice: string;
}

const ADMINISTRATOR = "The account that reaches it must be an administrator of the host.";

/** In this order: the first that fits explains it. */
const READINGS: readonly Reading[] = [
  {
    says: /Could not resolve hostname|name or service not known|WinRM client cannot.*resolve|0x80090311/i,
    code: "unreachable",
    message: "its name cannot be resolved from here.",
    advice: "Look at the name and at DNS.",
  },
  {
    says: /Connection refused/i,
    code: "unreachable",
    message: "nothing listens there: the connection was refused.",
    advice: "Look whether the service (sshd or WinRM) runs on it, and at the port.",
  },
  {
    says: /Connection timed out|No route to host|Network is unreachable|Operation timed out/i,
    code: "unreachable",
    message: "it does not answer on the network.",
    advice: "Look whether it runs, and at firewalls between.",
  },
  {
    says: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed|No .* host key is known/i,
    code: "unreachable",
    message: "its host key is not the one that is known here.",
    advice: "If it was set up anew, put its new key into known_hosts; otherwise somebody may stand in between.",
  },
  {
    says: /Permission denied \(|Too many authentication failures|Identity file .* not accessible/i,
    code: "access-denied",
    message: "it takes no key that was offered.",
    advice: "Put the public key into administrators_authorized_keys on the host, or name another identity file.",
  },
  {
    says: /powershell\.exe['"]?:? (command )?not found|'powershell\.exe' is not recognized/i,
    code: "refused",
    message: "there is no powershell.exe on it.",
    advice: "Lync's host must be a Windows computer with Windows PowerShell 3.0 or later.",
  },
  {
    says: /0x8009030e|0x80090322|Access is denied|AccessDenied|0x80070005/i,
    code: "access-denied",
    message: "access is denied.",
    advice: ADMINISTRATOR,
  },
  {
    says: /0x8007052e|user name or password is incorrect/i,
    code: "access-denied",
    message: "the account could not log on: its name or its password is wrong.",
    advice: "Set the credential anew.",
  },
  {
    says: /WinRM (client )?cannot|WSMan|CannotConnect|PSSessionOpenFailed|PSSessionStateBroken/i,
    code: "unreachable",
    message: "Windows Remote Management does not answer there.",
    advice: "Run Enable-PSRemoting on it, or reach it by ssh.",
  },
  {
    says: /no supported WSMan client library/i,
    code: "unreachable",
    message: "Windows Remote Management works from Windows only.",
    advice: "Reach it by ssh from here.",
  },
  {
    says: /execution of scripts is disabled|is not digitally signed|UnauthorizedAccess.*PSSecurityException/i,
    code: "refused",
    message: "its execution policy forbids the module.",
    advice: "Set RemoteSigned by policy, or sign the module.",
  },
  {
    says: /ConstrainedLanguage|MethodInvocationNotSupportedInConstrainedLanguage|Cannot invoke method.*language mode/i,
    code: "refused",
    message: "its policy allows PowerShell a constrained language only.",
    advice: "Allow the account that reaches it the full language (AppLocker or WDAC).",
  },
  {
    says: /Unable to find type|#Requires|Cannot find type \[|ordered/i,
    code: "refused",
    message: "its PowerShell is too old.",
    advice: "Install Windows Management Framework 3.0 or later: Lync Server itself asks for it.",
  },
];

export function explain(host: string, failure: SessionFailure): HostError {
  const { kind, message, evidence } = failure;
  if (kind === "timed-out") {
    return new HostError("timed-out", host, `${message}.`, "Give it more time, or look why it is slow.");
  }
  if (kind === "cancelled")
    return new HostError("cancelled", host, "the call was cancelled; what it did by then stays.");
  if (kind === "not-started") {
    return new HostError("unreachable", host, `${message}.`, "Install that program, or put it on PATH.");
  }
  const reading = READINGS.find(({ says }) => says.test(evidence));
  if (reading) return new HostError(reading.code, host, reading.message, reading.advice);
  const said = evidence === "" ? "It said nothing." : `It said: ${lastLine(evidence)}`;
  return new HostError("protocol", host, `${message}. ${said}`);
}

/** Errors of PowerShell end in their position and identifiers: the first line of the last one tells most. */
function lastLine(evidence: string): string {
  const lines = evidence
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(At |\+ |#< CLIXML|<Objs)/.test(line));
  return (lines.at(-1) ?? evidence).slice(0, 300);
}

const OWN: ReadonlySet<string> = new Set<HostErrorCode>(["foreign", "not-found", "refused", "busy", "access-denied"]);

/** What the host itself has answered. */
export function asHostError(host: string, { code, message, advice }: Failure): HostError {
  const own = OWN.has(code) ? (code as HostErrorCode) : code === "invalid-document" ? "protocol" : "refused";
  return new HostError(own, host, message, advice);
}

/** Whether another session may do what this one could not: nothing was sent that had any effect. */
export const isConnection = ({ kind }: SessionFailure): boolean => kind === "ended" || kind === "no-envelope";
