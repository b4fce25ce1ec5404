import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { userDataExport } from "../../providers/user-data-export/reconcile";
import { describeBackup } from "../support/backup-case";

const example = RESOURCE_EXAMPLES.UserDataExport.args;

describeBackup({
  type: userDataExport,
  example,
  changes: {
    pool: "pool04.contoso.com",
    partner: "pool03.contoso.com",
    branches: ["branch01.contoso.com"],
  },
  artefacts: ["ExportedUserData.pool01.contoso.com.zip", "UserSettings.pool01.contoso.com.jsonl"],
  bad: [
    { with: { pool: "pool01" }, names: "pool: expected a fully qualified computer name" },
    { with: { partner: example.pool }, names: "partner: is the pool itself" },
    { with: { branches: [example.pool] }, names: "branches[0]: is the pool itself" },
    { with: { branches: ["b.contoso.com", "b.contoso.com"] }, names: "branches[1]: is named twice" },
    { with: { removeExported: true }, names: "removeExported: there is no such field" },
  ],
});
