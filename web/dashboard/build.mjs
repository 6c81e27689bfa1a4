// Builds the dashboard into a folder: the files that Meson names, no others, under names that stay the same. Prints how many
// bytes a first load takes (gzip -9) and fails where that has grown too much.
//
// usage: node build.mjs FOLDER FILE…
import { readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "vite";

const root = path.dirname(fileURLToPath(import.meta.url));
const FIRST_BYTES_MAX = 200_000;
// Asked for only by the pages that need them.
const LATER = ["others.js", "sankey.js", "tips.js"];

const folder = path.resolve(process.argv[2]);
const named = process.argv.slice(3).sort();

for (const file of readdirSync(folder).filter((name) => /\.(js|css|html|svg)$/.test(name)))
  rmSync(path.join(folder, file));
const common = { root, configFile: false, logLevel: "warn", cacheDir: path.join(folder, ".vite") };
// What asks before the rest is there stands in the page itself, so that it waits for no file; the content policy names its hash.
const [{ output: [early] }] = await build({
  ...common,
  build: { write: false, target: "es2022", lib: { entry: path.join(root, "src/early.ts"), name: "early", formats: ["iife"] } },
});
await build({
  ...common,
  plugins: [
    svelte({ configFile: false, inspector: false }),
    { name: "early", transformIndexHtml: { order: "post", handler: (html) => html.replace("<!-- early -->", () => `<script>${early.code.trim()}</script>`) } },
  ],
  build: {
    outDir: folder,
    emptyOutDir: false,
    target: "es2022",
    modulePreload: { polyfill: false, resolveDependencies: () => [] },
    assetsDir: "",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1024,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        entryFileNames: "dashboard.js",
        chunkFileNames: "[name].js",
        assetFileNames: "dashboard[extname]",
        // Chromium compiles all of it while it comes, on another thread, and not each function on the page's own when it is first called.
        postBanner: ({ fileName }) => fileName === "dashboard.js" ? "//# allFunctionsCalledOnLoad" : "",
      },
    },
  },
});

const made = readdirSync(folder).filter((name) => /\.(js|css|html|svg)$/.test(name)).sort();
if (made.join() !== named.join())
  throw new Error(`the build made ${made.join(", ")}, and web/dashboard/meson.build names ${named.join(", ")}; name the same.`);
const sizes = Object.fromEntries(made.map((name) => [name, gzipSync(readFileSync(path.join(folder, name)), { level: 9 }).length]));
const first = made.filter((name) => !LATER.includes(name)).reduce((sum, name) => sum + sizes[name], 0);
const list = made.map((name) => `${name} ${sizes[name]}`).join(", ");
console.log(`dashboard: ${list}; first load ${first} bytes with gzip -9 (at most ${FIRST_BYTES_MAX})`);
if (first > FIRST_BYTES_MAX)
  throw new Error(`a first load takes ${first} bytes with gzip -9, and at most ${FIRST_BYTES_MAX} are allowed; make it smaller.`);
