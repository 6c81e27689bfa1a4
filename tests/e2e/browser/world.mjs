// All that a scenario plays in: the collector with its PostgreSQL, the product's site, a browser, and a browser's write key
// for that site.
import path from "node:path";

import { writeKey } from "../client.mjs";
import { atEnd, stateFolder, up } from "../harness.mjs";
import { Asking } from "./asking.mjs";
import { Chromium } from "./chromium.mjs";
import { Site } from "./site.mjs";

export class World {
	// `args`: settings of the collector. `beside`: a world whose site and browser are this one's too.
	static async open(test, { args = [], beside = null } = {}) {
		const world = new World();
		world.test = test;
		[world.site, world.browser, world.running] = await Promise.all([
			beside === null ? Site.open(test) : beside.site,
			beside === null ? Chromium.open(test).then((one) => one.connect()) : beside.browser,
			stateFolder(test).then((folder) => up(test, folder, { args: ["--loader-batch-wait-ms=50", ...args] })),
		]);
		world.asking = new Asking(world);
		atEnd(test, () => world.asking.close());
		world.key = await writeKey(world.running, "site", ["--kind", "browser", "--origins", `http://*.localhost:${world.site.port}`]);
		return world;
	}

	get collector() {
		return this.running.collect;
	}

	rows(query) {
		return this.asking.rows(query);
	}

	// Everything the collector keeps: where to look for what must not be there.
	get buffer() {
		return path.join(this.running.stateDir, "buffer");
	}
}
