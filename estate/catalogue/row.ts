import type { Datum, PoolKind, Product, Role } from "../documents";
import type { AssumptionId } from "./assumptions";
import type { Scenario } from "./scenarios";
import type { SourceId } from "./sources";

/** Facts of a topology on which it depends whether a datum is there at all. */
export type Feature = "exchange" | "several-servers" | "response-groups";

/** In which scopes of a topology a datum must be backed up. Data, not code: obligations.ts reads it. */
export type Arises =
  | { per: "deployment"; where?: Feature }
  | { per: "pool"; kinds: readonly PoolKind[]; role?: Role }
  | { per: "file-store" }
  /** Each database of the database table that holds this datum and is restored by SQL Server. */
  | { per: "database" }
  /** Each database whose log this datum is, where it is in full recovery. */
  | { per: "log" }
  /** Each SQL Server instance that holds a store of the topology, each partner and replica of its own. */
  | { per: "instance" }
  /** Each instance with Reporting Services. */
  | { per: "reports" }
  /** Each instance whose backups a job encrypts. */
  | { per: "encrypting-instance" }
  /** Worth a backup, and no obligation. */
  | { per: "nowhere"; because: string };

/** The field of an estate that declares what protects a datum; external: no job can. */
export type ProtectedBy =
  "configuration" | "userData" | "responseGroups" | "persistentChat" | "fileStores" | "sql" | "external";

export interface CatalogueRow {
  datum: Datum;
  title: string;
  what: string;
  arises: Arises;
  products?: readonly Product[];
  /** The first is what the product proposes. */
  protectedBy: readonly [ProtectedBy, ...ProtectedBy[]];
  tool: string;
  /** As documented; sets carry the pool in the name, because a deployment has several. */
  files: readonly string[];
  rights: string;
  guidance: { text: string; hours?: number; afterChange?: true };
  /** Whether the contents can be made again. */
  data: "kept" | "transient";
  /** Whether Lync runs without it. */
  service: "needed" | "not-needed" | "where-archiving-blocks";
  restoredIn: readonly Scenario[];
  sources: readonly SourceId[];
  assumptions?: readonly AssumptionId[];
}
