// Builds dist/ from src/: one script per entry, the same bytes for the same sources on every machine.
//
//   src/entry/<name>.ts|css  ->  dist/<name>.js|css      bundled, minified, nothing loaded at run time
//   src/static/**            ->  dist/**                 copied as it is
//
// Beside them: manifest.json (SHA-256 and the integrity value of each file, for the page's tags),
// sources.sha256 (what the bundle was built from; a test compares it, so that nobody needs node to see
// a stale bundle) and third-party.txt (names and licences of what is bundled).
// `node build.mjs --out DIR` writes elsewhere.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] === "--out" ? process.argv[3] : join(here, "dist"));

// What decides the bytes of the bundle; the Python test lists the same (tests/house/test_bundle.py).
const BUILD_FILES = ["build.mjs", "package.json", "package-lock.json", "tsconfig.json"];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: filesUnder(join(here, "src", "entry")).map((path) => relative(here, path)),
  outdir: out,
  outbase: "src/entry",
  bundle: true,
  minify: true,
  format: "iife", // also for workers: module workers are missing on many cheap phones
  target: ["es2020"], // the oldest with BigInt, which ML-KEM needs
  charset: "utf8",
  legalComments: "none", // gathered in third-party.txt
  metafile: true,
  logLevel: "warning",
});
if (existsSync(join(here, "src", "static"))) cpSync(join(here, "src", "static"), out, { recursive: true });
writeFileSync(join(out, "third-party.txt"), thirdParty(Object.keys(result.metafile.inputs)));
writeFileSync(join(out, "sources.sha256"), sources());
writeFileSync(join(out, "manifest.json"), manifest());

/** Every file under `folder`, in one order on every machine. */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digest(path, algorithm, encoding) {
  return createHash(algorithm).update(readFileSync(path)).digest(encoding);
}

/** Lines as `sha256sum` writes them, sorted by path. */
function sources() {
  const paths = [...BUILD_FILES.map((name) => join(here, name)), ...filesUnder(join(here, "src"))];
  const named = paths.map((path) => [relative(here, path).split(sep).join("/"), digest(path, "sha256", "hex")]);
  named.sort(([one], [other]) => (one < other ? -1 : 1));
  return named.map(([name, sum]) => `${sum}  ${name}\n`).join("");
}

function manifest() {
  const files = {};
  for (const path of filesUnder(out)) {
    if (path.endsWith(".txt") || path.endsWith(".sha256")) continue;
    const name = relative(out, path).split(sep).join("/");
    files[name] = { sha256: digest(path, "sha256", "hex"), integrity: `sha384-${digest(path, "sha384", "base64")}` };
  }
  return `${JSON.stringify({ files }, null, 2)}\n`;
}

/** Name, version and licence of each bundled package, with the licence's text where the package has it. */
function thirdParty(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) folders.add(found[1]);
  }
  return [...folders].sort().map((folder) => {
    const facts = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
    const licence = join(here, folder, "LICENSE");
    const text = existsSync(licence) ? `\n${readFileSync(licence, "utf8").trim()}\n` : "";
    return `${facts.name} ${facts.version} (${facts.license})\n${text}`;
  }).join("\n");
}
