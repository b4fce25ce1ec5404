import { backupVariant } from "../../estate/sql";

/** SQL Servers, as far as statements of the corpus look at them: executed by name, as the lab does it. */

export type Row = Record<string, string | null>;
export type Parameters = Record<string, string | number>;

export interface TestDatabase {
  recovery: "SIMPLE" | "FULL" | "BULK_LOGGED";
  /** The instance on which it is principal, primary or alone; on the others it is a mirror or a secondary. */
  on: string;
  gigabytes?: number;
  /** In an availability group. */
  group?: boolean;
  /** Where the group prefers backups. */
  preferredOn?: string;
  /** Log sequence numbers: where it is, where its next log backup begins, and the full backup that differentials build on. */
  lsn: number;
  next?: number;
  base?: string;
}

export class SqlError extends Error {}

export class TestServers {
  readonly databases = new Map<string, TestDatabase>();
  now = "2026-03-01T00:00:00Z";
  release = "2012";
  edition: "express" | "standard" = "standard";
  /** Physical node, without the domain. */
  node = "sql01";
  /** What goes wrong: by statement, and by database where one is named. */
  failing: ((statement: string, parameters: Parameters) => string | undefined) | undefined;
  /** Every backup that was made, with its statement. */
  readonly made: { statement: string; instance: string; database: string; files: string[] }[] = [];
  private backups = 0;

  add(name: string, more: Partial<TestDatabase> & { on: string }): TestDatabase {
    const database: TestDatabase = { recovery: "FULL", lsn: 1000, ...more };
    this.databases.set(name, database);
    return database;
  }

  /** Users work: the log grows. */
  work(): void {
    for (const database of this.databases.values()) database.lsn += 10;
  }

  /** A backup that somebody else makes. */
  foreign(name: string, kind: "full" | "log"): void {
    const database = this.databases.get(name);
    if (!database) throw new Error(name);
    if (kind === "full") database.base = "FOREIGN";
    else database.next = database.lsn += 1;
  }

  execute(instance: string, statement: string, parameters: Parameters): Row[] {
    const failure = this.failing?.(statement, parameters);
    if (failure !== undefined) throw new SqlError(failure);
    if (backupVariant(statement)) return [this.backup(instance, statement, parameters)];
    if (statement.startsWith("verify-only")) return [];
    if (/^(instance-(?!facts)|agent-|databases-here|replicas-here)/.test(statement)) return [];
    const text = (name: string): string => String(parameters[name]);
    switch (statement) {
      case "instance-facts":
        return [this.facts(instance, text("host"))];
      case "certificate":
        return [{ thumbprint: "0xABCD", expires: "2030-01-01T00:00:00", key_saved: "never" }];
      case "database":
      case "database-2008r2":
      case "database-log":
      case "database-log-2008r2":
        return this.look(instance, statement.includes("log"), parameters);
      case "differential-follows":
        if (this.databases.get(text("database"))?.base !== text("base")) {
          throw new SqlError(`A differential backup of ${text("database")} would not build on ${text("set")}`);
        }
        break;
      case "log-follows": {
        const { next } = this.databases.get(text("database")) ?? {};
        if (next === undefined) throw new SqlError(`The log of ${text("database")} cannot be backed up`);
        if (next > Number(text("end"))) throw new SqlError(`Between ${text("set")} and the log a part is missing`);
        break;
      }
      default:
        throw new Error(`nobody has taught the test server ${statement}`);
    }
    return [{ name: text("database"), datum: text("datum"), stem: text("stem"), large: text("large") }];
  }

  private facts(instance: string, host: string): Row {
    const express = this.edition === "express";
    return {
      server: instance.toUpperCase(),
      node: this.node.toUpperCase(),
      node_here: host.split(".")[0] === this.node ? "yes" : "no",
      version: "11.0.7001.0",
      level: "SP4",
      edition: express ? "Express Edition" : "Standard Edition",
      release: this.release,
      collation: "Latin1_General_CI_AS",
      is_clustered: "no",
      always_on: "no",
      compression: express ? "no" : "yes",
      encryption: express || ["2008R2", "2012"].includes(this.release) ? "no" : "yes",
    };
  }

  private look(instance: string, ofLog: boolean, parameters: Parameters): Row[] {
    const { database: asked, datum, required, simple, replica, largeFromGigabytes } = parameters;
    const [name, database] =
      [...this.databases].find(([one]) => one.toLowerCase() === String(asked).toLowerCase()) ?? [];
    if (name === undefined || !database) {
      if (required === "yes") throw new SqlError(`There is no database ${String(asked)} on ${instance}`);
      return [];
    }
    const acts =
      database.group && replica === "preferred" ? database.preferredOn === instance : database.on === instance;
    if (!acts) return [];
    if (ofLog && database.recovery === "SIMPLE") {
      if (simple === "refuse") throw new SqlError(`${name} on ${instance} is in simple recovery`);
      return [];
    }
    const isLarge = Number(largeFromGigabytes) > 0 && (database.gigabytes ?? 1) >= Number(largeFromGigabytes);
    return [
      {
        name,
        datum: String(datum),
        stem: /^[A-Za-z0-9_.$ -]{1,32}$/.test(name) ? name : `${name.slice(0, 32)}~7`,
        role: database.on === instance ? "principal" : "secondary",
        recovery: database.recovery,
        large: isLarge ? "yes" : "no",
      },
    ];
  }

  private backup(instance: string, statement: string, parameters: Parameters): Row {
    const variant = backupVariant(statement);
    const name = String(parameters["database"]);
    const database = this.databases.get(name) ?? { recovery: "SIMPLE", on: instance, lsn: 1 };
    const files = Object.entries(parameters).flatMap(([key, value]) => (/^file\d*$/.test(key) ? [String(value)] : []));
    this.made.push({ statement, instance, database: name, files });
    const first = variant?.kind === "log" ? Number(database.next) : database.lsn;
    const last = (database.lsn += 1);
    const set = `GUID-${String(++this.backups)}`;
    const { base = "none" } = database;
    if (variant?.kind === "log") database.next = last;
    if (variant?.kind === "full") database.base = set;
    if (variant?.kind === "full" && database.recovery !== "SIMPLE") database.next ??= last;
    return {
      name,
      datum: String(parameters["datum"]),
      stem: String(parameters["stem"]),
      backup_set: set,
      first_lsn: String(first),
      last_lsn: String(last),
      checkpoint_lsn: String(first),
      database_backup_lsn: "0",
      recovery_fork: "FORK",
      first_fork: "FORK",
      fork_point: "0",
      copy_only: variant?.kind === "copy-only" ? "yes" : "no",
      checksum: "yes",
      compressed: variant?.compressed ? "yes" : "no",
      recovery: database.recovery,
      bytes: "1000",
      finished_at: this.now,
      utc_offset: "0",
      server: instance.toUpperCase(),
      server_version: "11.0.7001",
      ...(variant?.kind === "differential" ? { base_set: base, base_lsn: String(first) } : {}),
    };
  }
}
