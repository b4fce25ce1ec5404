import type { SqlInstance } from "../../estate/documents";
import { GRAMMARS } from "../../estate/sql";
import type { SqlServer } from "./model";

/** What follows from release and edition. */

type Release = SqlInstance["release"];

export const VERSIONS: Readonly<Record<Release, { version: string; level: string }>> = {
  "2008R2": { version: "10.50.6000.34", level: "SP3" },
  "2012": { version: "11.0.7001.0", level: "SP4" },
  "2014": { version: "12.0.6024.0", level: "SP3" },
  "2016": { version: "13.0.6300.2", level: "SP3" },
  "2017": { version: "14.0.3456.2", level: "RTM" },
  "2019": { version: "15.0.4261.1", level: "RTM" },
  "2022": { version: "16.0.4015.1", level: "RTM" },
};

const EDITIONS: Readonly<Record<SqlInstance["edition"], string>> = {
  express: "Express Edition (64-bit)",
  standard: "Standard Edition (64-bit)",
  enterprise: "Enterprise Edition (64-bit)",
  developer: "Developer Edition (64-bit)",
};

export const versionOf = ({ release }: Pick<SqlServer, "release">): string => VERSIONS[release].version;
export const editionOf = ({ edition }: Pick<SqlServer, "edition">): string => EDITIONS[edition];
export const compatibilityOf = ({ release }: Pick<SqlServer, "release">): number => GRAMMARS[release];

export const canCompress = ({ edition }: Pick<SqlServer, "edition">): boolean => edition !== "express";
export const knowsEncryption = ({ release }: Pick<SqlServer, "release">): boolean => GRAMMARS[release] >= 120;
export const canEncrypt = (server: Pick<SqlServer, "release" | "edition">): boolean =>
  knowsEncryption(server) && server.edition !== "express";
export const knowsGroups = ({ release }: Pick<SqlServer, "release">): boolean => GRAMMARS[release] >= 110;

/** `11.0.7001`, as a backup names it. */
export const buildOf = (version: string): string => version.split(".").slice(0, 3).join(".");

export const COLLATION = "Latin1_General_CI_AS";
