import type { World } from "../world";

/** Contact objects in the directory: a workflow answers at one. They stay when databases are lost. */

export type ContactObjects = Record<string, ContactObject>;
export interface ContactObject {
  /** The pool that owns it. */
  pool: string;
  workflow: string;
}

export const contactObjectsPart = "contact-objects";
/** By the address of the workflow. */
export const contactObjects = (world: World): ContactObjects => world.part(contactObjectsPart) as ContactObjects;
