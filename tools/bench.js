"use strict";

// `npm run bench`: each program of bench/ in turn, with everything provided; each writes its table beside itself.
const fs = require("node:fs");
const path = require("node:path");
const { handOver } = require("./setup/child");
const { run, setUp } = require("./setup");

run(async () => {
  const { root, env } = await setUp({ engine: true, s3server: true });
  delete env.LYNC_BACKUP_LAB;
  const folder = path.join(root, "dist", "bench");
  for (const name of fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".js"))
    .sort()) {
    const status = await handOver(process.execPath, [path.join(folder, name), ...process.argv.slice(2)], {
      cwd: root,
      env,
    });
    if (status !== 0) return status;
  }
  return 0;
});
