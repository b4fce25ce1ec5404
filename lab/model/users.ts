import { z } from "zod";

/** Users, as the databases of their pool keep them. */

const ContactStore = z.enum(["lync", "exchange"]);
export type ContactStore = z.infer<typeof ContactStore>;

/** In rtcxds. */
export const UserRow = z.strictObject({
  contactStore: ContactStore.describe("Where they were when this was written"),
  contacts: z.array(z.string()).describe("None where Exchange has them"),
  conferences: z.array(z.strictObject({ id: z.string(), title: z.string(), at: z.string() })),
  corrupted: z.literal(true).optional().describe("Contacts of the one store were imported under the other"),
});
export type UserRow = z.infer<typeof UserRow>;
export type UserRows = Record<string, UserRow>;

/** In rtcshared: conference IDs for those who dial in. */
export const Directory = z.strictObject({ issued: z.int().nonnegative().describe("IDs so far") });
export type Directories = Record<string, z.infer<typeof Directory>>;

export interface UserStore {
  /** By home pool. Another pool's, which is no standby, was failed over: its users are served here. */
  homes: Record<string, Home>;
}

export interface Home {
  users: UserRows;
  /** What the Backup Service has brought of a pool that is lost: nobody is served from it before a failover. */
  standby?: true;
  /** Imported, and of no effect until all Front Ends have been stopped and one starts. */
  imported?: { users: UserRows; directories: Directories };
}

export interface ConferenceDirectories {
  directories: Directories;
}

export const emptyUsers = (): UserStore => ({ homes: {} });
export const emptyDirectories = (): ConferenceDirectories => ({ directories: {} });
