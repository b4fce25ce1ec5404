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
  // What is restored here is a rehearsal: nothing but the place differs.
  plan: {
    ...base.plan,
    places: base.plan.places.map((place) => ({ ...place, name: "rehearsal", targets: ["shelf"] })),
  },
});
