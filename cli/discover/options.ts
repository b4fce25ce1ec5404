import { Fqdn, HostReference, Reach } from "../../estate/documents";
import type { Choices } from "../../estate/discovery";
import { CliError } from "../output";

/** What the command line says, read before anything is asked. */

export interface DiscoverCommand {
  host: string;
  via?: string;
  user?: string;
  account?: string;
  name?: string;
  target: readonly string[];
  reader: readonly string[];
  exports: readonly string[];
  owner?: string;
  output?: string;
  stack?: string;
  force?: boolean;
  json?: boolean;
}

const SHARE = "LyncBackup$";

/** The way to the computer that is asked; the others are reached in the same way, as far as that is one. */
export function reachOf({ via = "lab", user }: Pick<DiscoverCommand, "via" | "user">): (host: string) => Reach {
  const said = Reach.safeParse({ via, ...(user === undefined ? {} : { user }) });
  if (!said.success) {
    throw new CliError(`--via is lab, local, ssh or winrm, and --user goes with ssh: not --via ${via}`, 2);
  }
  const reach = said.data;
  const others: Reach = reach.via === "local" ? Reach.parse({ via: "winrm" }) : reach;
  let first: string | undefined;
  return (host) => {
    first ??= host;
    return host === first ? reach : others;
  };
}

export const hostNamed = (name: string, option = "--host"): string => {
  const read = Fqdn.safeParse(name);
  if (read.success) return read.data;
  throw new CliError(`${option} takes the whole name of a computer, such as fe01.contoso.com, not ${name}`, 2);
};

export const referenceTo = (host: string, reach: Reach): HostReference => HostReference.parse({ name: host, reach });

/** `bk01.contoso.com:D:\LyncBackup`: a computer in no pool, and the folder on it. */
export function targetsOf({ target, reader }: DiscoverCommand): Choices["targets"] {
  return target.map((text) => {
    const [, computer = "", path = ""] = /^([^:]+):([A-Za-z]:\\.+)$/.exec(text) ?? [];
    if (path === "") {
      throw new CliError(
        String.raw`--target takes a computer and a folder on it, such as bk01.contoso.com:D:\LyncBackup, not ${text}`,
        2,
      );
    }
    const host = hostNamed(computer, "--target");
    return {
      name: target.length === 1 ? "vault" : `vault-${host.split(".")[0] ?? host}`,
      ...{ host, path, share: SHARE, encryption: "none", location: "local", readers: reader },
    };
  });
}
