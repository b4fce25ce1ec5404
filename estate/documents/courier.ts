import { z } from "zod";
import { defineDocument, type DocumentOf } from "./document";
import { RESULTS } from "./results";

/** What the module of a host and the courier on the same computer exchange: one is PowerShell, the other Node.js. */

const file = z.string().min(1).max(1024);

export const CourierPlace = defineDocument({
  name: "courier",
  version: 1,
  about: "Where lync-backup itself is on a computer that carries sets: what a courier step starts there.",
  writer: "`lync-backup offsite install`, by an administrator of that computer",
  readers: "the module, in each courier step",
  shape: {
    node: file.describe("The program that runs JavaScript"),
    program: file.describe("What it runs"),
  },
});
export type CourierPlace = DocumentOf<typeof CourierPlace>;

export const CourierAnswer = defineDocument({
  name: "courier-answer",
  version: 1,
  about: "What became of one courier step: complete, or not there.",
  writer: "`lync-backup offsite perform`, which a courier step starts",
  readers: "the module, when that has ended",
  shape: {
    done: z
      .strictObject({
        message: z.string().min(1),
        data: RESULTS.courier,
        problems: z.array(z.string().min(1)).describe("Sets that could not be carried, or are damaged"),
      })
      .optional(),
    failure: z
      .strictObject({ code: z.string().min(1), message: z.string().min(1).describe("It ends with its advice") })
      .optional(),
  },
  rules({ done, failure }, problem) {
    if ((done === undefined) === (failure === undefined)) problem([], "says either what was done or why it failed");
  },
});
export type CourierAnswer = DocumentOf<typeof CourierAnswer>;
