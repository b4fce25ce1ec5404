import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/**
 * The code that the engine keeps in its state, twice per resource. It is written by hand rather than serialised from
 * an object: so it is tiny, the same for every compiler and release, and carries no value of the declaration. It
 * looks for the product in the folder of Pulumi.yaml first, then among the installed packages. A golden file pins it.
 */
export function shimText(type: string): string {
  return (
    'exports.handler=()=>{let m;try{m=require("./providers/lync-backup.js")}catch(e){' +
    'if(e.code!=="MODULE_NOT_FOUND"||!e.message.includes("\'./providers/lync-backup.js\'"))throw e;' +
    `m=require("lync-backup/providers/lync-backup.js")}return m.provider(${JSON.stringify(type)})}`
  );
}

/** A declared value, each part of which may be an output of another resource. */
export type Declared<T> = T extends string | number | boolean | null | undefined
  ? pulumi.Input<T>
  : T extends readonly (infer Item)[]
    ? pulumi.Input<readonly Declared<Item>[]>
    : pulumi.Input<{ [Key in keyof T]: Declared<T[Key]> }>;

/** What a program passes to a resource: its schema before defaults, without what the product adds itself. */
export type Arguments<Schema extends z.ZodType, Computed extends string = never> = {
  [Key in keyof Omit<z.input<Schema>, "owner" | Computed>]: Declared<Omit<z.input<Schema>, "owner" | Computed>[Key]>;
};

/**
 * The base of every resource class. It adds whose the resource is, so that what it makes on a host bears a mark, and
 * names the outputs, which otherwise would not exist as properties.
 */
export abstract class LyncResource extends pulumi.CustomResource {
  protected constructor(
    type: string,
    name: string,
    args: object,
    outputs: readonly string[],
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      `pulumi-nodejs:dynamic/lync:${type}`,
      name,
      {
        ...Object.fromEntries(outputs.map((output) => [output, undefined])),
        ...args,
        owner: { project: pulumi.getProject(), stack: pulumi.getStack(), name },
        __provider: shimText(type),
      },
      opts,
    );
  }
}
