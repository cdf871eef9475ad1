// Refreshes package-lock.json and leaves no address in it: npm writes hashes alone (see .npmrc), except for
// the pages where packages ask for donations, which are taken out here.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const path = join(here, "package-lock.json");

execFileSync("npm", ["install", "--package-lock-only", "--loglevel=error"], { cwd: here, stdio: "inherit" });
const lock = JSON.parse(readFileSync(path, "utf8"));
for (const entry of Object.values(lock.packages)) delete entry.funding;
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
