import { Datum } from "../estate/documents";
import { defineEstate } from "../estate/estate";
import { ACCOUNT, base } from "./base";
import { lab } from "./lab";

const simulated = { via: "lab" } as const;

/** A smaller environment in a lab of its own: exports from one management computer, fewer sets, one pool. */
export const staging = defineEstate("staging", {
  ...base,
  topology: lab.topology,
  protect: false,
  hosts: [
    { name: "tools01.contoso.com", reach: simulated },
    { name: "bk02.contoso.com", reach: simulated },
  ],
  targets: [
    {
      name: "shelf",
      host: "bk02.contoso.com",
      path: String.raw`D:\Backup\Lync`,
      share: "LyncBackup$",
      writers: [ACCOUNT],
      readers: [],
      encryption: "none",
      location: "local",
    },
  ],
  defaults: {
    hosts: ["tools01.contoso.com"],
    schedule: { every: "week", on: ["saturday"], at: ["12:00"] },
    retention: { last: 3 },
  },
  configuration: {},
  userData: [{ pool: "pool01.contoso.com" }],
  waivers: [
    {
      name: "small-on-purpose",
      data: Datum.options.filter((datum) => datum !== "configuration" && datum !== "locations"),
      reason: "staging tries exports; all else that it stores is made anew from production",
      owner: "communications team",
      until: "2026-12-31",
    },
  ],
  // What is restored here is a rehearsal: nothing but the place differs.
  plan: {
    ...base.plan,
    places: base.plan.places.map((place) => ({ ...place, name: "rehearsal", targets: ["shelf"] })),
  },
});
