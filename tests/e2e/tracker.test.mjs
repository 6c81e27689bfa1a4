// The tracker in a real browser, against the real collector and PostgreSQL: tables of scenarios in tracker/, each checked by
// the rows it leaves.
import { after, before, describe } from "node:test";

import { Shared } from "./client.mjs";
import { playAll } from "./browser/scenario.mjs";
import { World } from "./browser/world.mjs";
import { asPackage, install } from "./tracker/install.mjs";
import { interactions } from "./tracker/interactions.mjs";
import { leaving } from "./tracker/leaving.mjs";
import { people, unguarded } from "./tracker/people.mjs";
import { views } from "./tracker/views.mjs";
import { weight } from "./tracker/weight.mjs";

const AT_ONCE = 5; // scenarios; most of what they do is to wait

describe("the tracker", { concurrency: 1 }, () => {
	const shared = new Shared();
	let world;

	before(async () => (world = await World.open(shared)));
	after(() => shared.end());

	const tables = { "as installed": [...install, ...asPackage], "page views": views, leaving, interactions, people: [...people, ...unguarded] };
	for (const [name, table] of Object.entries(tables))
		describe(name, { concurrency: AT_ONCE }, () => playAll(() => world, table));
	describe("weight", () => playAll(() => world, weight));
});
