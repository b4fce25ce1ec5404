import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { responseGroupExport } from "../../providers/response-group-export/reconcile";
import { describeBackup } from "../support/backup-case";

const example = RESOURCE_EXAMPLES.ResponseGroupExport.args;

describeBackup({
  type: responseGroupExport,
  example,
  changes: { pool: "pool04.contoso.com", partner: "pool03.contoso.com" },
  artefacts: ["RgsConfiguration.pool01.contoso.com.zip"],
  bad: [
    { with: { pool: "pool01" }, names: "pool: expected a fully qualified computer name" },
    { with: { partner: example.pool }, names: "partner: is the pool itself" },
    { with: { removeExportedConfiguration: true }, names: "removeExportedConfiguration: there is no such field" },
  ],
});
