// All that a scenario plays in: the collector with its PostgreSQL, the product's site, a browser, and a browser's write key
// for that site.
import path from "node:path";

import { writeKey } from "../client.mjs";
import { stateFolder, up } from "../harness.mjs";
import { Chromium } from "./chromium.mjs";
import { Site } from "./site.mjs";

export class World {
	// `args`: settings of the collector. `browser`: null for a world whose scenarios start their own.
	static async open(test, { args = [], browser = {} } = {}) {
		const world = new World();
		world.test = test;
		world.site = await Site.open(test);
		[world.running, world.browser] = await Promise.all([
			stateFolder(test).then((folder) => up(test, folder, { args })),
			browser === null ? null : Chromium.open(test, browser).then((one) => one.connect()),
		]);
		world.key = await writeKey(world.running, "site", ["--kind", "browser", "--origins", `http://*.localhost:${world.site.port}`]);
		return world;
	}

	get collector() {
		return this.running.collect;
	}

	// Everything the collector keeps: where to look for what must not be there.
	get buffer() {
		return path.join(this.running.stateDir, "buffer");
	}
}
