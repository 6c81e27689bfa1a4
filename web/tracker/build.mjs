// Builds the tracker into a folder: a script for each variant, and the package. Prints how many bytes each script takes on
// its way (gzip -9), and fails where that has grown too much.
//
// usage: node build.mjs FOLDER
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

const root = path.dirname(fileURLToPath(import.meta.url));
const CONFIG = "__SOJOURN_CONFIG__";
// What stands there in the scripts of the package, which no collector fills: the collector's own defaults.
const DEFAULTS = { endpoint: "/v1/batch", global: "sojourn", timeout: 1800000, deny: "" };
const CORE_BYTES_MAX = 2000;
const ALL_BYTES_MAX = 3500;
const VARIANTS = [
  { script: "tracker.js", module: "index.js", parts: ["INTERACTIONS", "VITALS", "EXTRAS"], most: ALL_BYTES_MAX },
  { script: "tracker.core.js", module: "core.js", parts: [], most: CORE_BYTES_MAX },
  { script: "tracker.interactions.js", module: "interactions.js", parts: ["INTERACTIONS", "EXTRAS"], most: ALL_BYTES_MAX },
  { script: "tracker.vitals.js", module: "vitals.js", parts: ["VITALS", "EXTRAS"], most: ALL_BYTES_MAX },
];

const PARTS = ["INTERACTIONS", "VITALS", "EXTRAS"];

// The text of a module with all that it imports. What a variant leaves out is not in it at all.
async function bundle(entry, { parts }) {
  const { outputFiles: [file] } = await build({
    entryPoints: [path.join(root, "src", entry)], bundle: true, write: false, format: "esm", target: "es2021", charset: "utf8",
    define: Object.fromEntries(PARTS.map((part) => [part, String(parts.includes(part))])), tsconfigRaw: {},
  });
  return file.text;
}

async function scriptMake(folder, variant) {
  const { script: name, most } = variant;
  // One word for both kinds of names compresses better.
  const text = (await bundle("script.ts", variant)).replace(/\bconst\b/g, "let");
  const { code } = await minify(text, {
    module: true, ecma: 2021, compress: { passes: 4, unsafe: true, unsafe_arrows: true, pure_getters: true, keep_fargs: false },
  });
  const script = `(()=>{${code}})()`;
  const bytes = execFileSync("gzip", ["-9", "-n", "-c"], { input: script }).length;
  console.log(`${name}: ${script.length} bytes, ${bytes} with gzip -9 (at most ${most})`);
  if (bytes > most)
    throw new Error(`${name} has ${bytes} bytes with gzip -9, and at most ${most} are allowed; make it smaller.`);
  if (script.split(CONFIG).length !== 2)
    throw new Error(`${name} must hold ${CONFIG} exactly once, where the collector puts its settings.`);
  writeFileSync(path.join(folder, name), script);
  writeFileSync(path.join(folder, "package", name), script.replace(CONFIG, JSON.stringify(DEFAULTS)));
}

async function packageMake(folder) {
  for (const variant of VARIANTS)
    writeFileSync(path.join(folder, variant.module), await bundle("index.ts", variant));
  execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", root, "--noEmit", "false",
    "--declaration", "--emitDeclarationOnly", "--outDir", folder], { stdio: "inherit" });
  const { devDependencies, ...published } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  copyFileSync(path.join(root, "README.md"), path.join(folder, "README.md"));
}

const folder = path.resolve(process.argv[2]);
mkdirSync(path.join(folder, "package"), { recursive: true });
await Promise.all([...VARIANTS.map((variant) => scriptMake(folder, variant)), packageMake(path.join(folder, "package"))]);
