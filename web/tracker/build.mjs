// Builds the tracker into a folder: a script for each variant, and the package. Prints how many bytes each script takes on
// its way (gzip -9), and fails where that has grown too much.
//
// usage: node build.mjs FOLDER
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = path.dirname(fileURLToPath(import.meta.url));
const CONFIG = "__SOJOURN_CONFIG__";
const CORE = { goal: 2000, most: 4500 };
const ALL = { goal: 3500, most: 5500 };
const VARIANTS = [
  { script: "tracker.js", module: "index.js", interactions: true, vitals: true, ...ALL },
  { script: "tracker.core.js", module: "core.js", interactions: false, vitals: false, ...CORE },
  { script: "tracker.interactions.js", module: "interactions.js", interactions: true, vitals: false, ...ALL },
  { script: "tracker.vitals.js", module: "vitals.js", interactions: false, vitals: true, ...ALL },
];

// What a variant leaves out is not in its script at all.
const bundle = (entry, variant, outfile, options) => build({
  entryPoints: [path.join(root, "src", entry)], outfile, bundle: true, target: "es2021", charset: "utf8",
  define: { INTERACTIONS: String(variant.interactions), VITALS: String(variant.vitals) }, ...options,
});

async function scriptMake(folder, variant) {
  const { script: name, goal, most } = variant;
  const outfile = path.join(folder, name);
  await bundle("script.ts", variant, outfile, { format: "iife", minify: true });
  const script = readFileSync(outfile);
  const bytes = gzipSync(script, { level: 9 }).length;
  console.log(`${name}: ${script.length} bytes, ${bytes} with gzip -9 (goal ${goal}, at most ${most})`);
  if (bytes > most)
    throw new Error(`${name} has ${bytes} bytes with gzip -9, and at most ${most} are allowed; make it smaller.`);
  if (script.toString().split(CONFIG).length !== 2)
    throw new Error(`${name} must hold ${CONFIG} exactly once, where the collector puts its settings.`);
}

async function packageMake(folder) {
  mkdirSync(folder, { recursive: true });
  for (const variant of VARIANTS)
    await bundle("index.ts", variant, path.join(folder, variant.module), { format: "esm" });
  execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", root, "--noEmit", "false",
    "--declaration", "--emitDeclarationOnly", "--outDir", folder], { stdio: "inherit" });
  const { devDependencies, ...published } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  copyFileSync(path.join(root, "README.md"), path.join(folder, "README.md"));
}

const folder = path.resolve(process.argv[2]);
await Promise.all([...VARIANTS.map((variant) => scriptMake(folder, variant)), packageMake(path.join(folder, "package"))]);
