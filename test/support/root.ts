import path from "node:path";

/** The folder of package.json; compiled tests lie three levels below it. */
export const ROOT = path.join(__dirname, "..", "..", "..");
