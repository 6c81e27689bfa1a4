// The tracker's modules as Node.js takes them, each test with instances of its own.
import path from "node:path";
import { createRequire } from "node:module";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../..");
export const tracker = path.join(root, "web/tracker");
export const built = path.join(root, "build/web/tracker");
const { build } = createRequire(path.join(tracker, "package.json"))("esbuild");

export async function modules(text) {
	const { outputFiles: [{ text: bundled }] } = await build({
		stdin: { contents: text, resolveDir: path.join(tracker, "src"), loader: "ts" }, bundle: true, write: false, format: "esm",
		define: { INTERACTIONS: "true", VITALS: "true", EXTRAS: "true" }, tsconfigRaw: {},
	});
	return import(`data:text/javascript,${encodeURIComponent(`${bundled}\n// ${Math.random()}`)}`);
}
