// The tracker where the collector is set up otherwise, is away, or the way to it is not what it should be.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe } from "node:test";

import { Shared } from "./client.mjs";
import { temporaryFolder } from "./harness.mjs";
import { playAll } from "./browser/scenario.mjs";
import { World } from "./browser/world.mjs";
import { away, delivery } from "./tracker/delivery.mjs";
import { renamed, RENAMED } from "./tracker/install.mjs";
import { asked, guarded, SECRET } from "./tracker/people.mjs";
import { longest } from "./tracker/views.mjs";

const AT_ONCE = 5; // scenarios; most of what they do is to wait

describe("the tracker, elsewhere", () => {
	const shared = new Shared();
	const worlds = {};

	before(async () => {
		const secret = path.join(temporaryFolder(shared), "secret");
		writeFileSync(secret, SECRET, { mode: 0o600 });
		const settings = {
			asking: ["--consent-mode=opt-in"],
			guarded: [`--identify-secret-file=${secret}`, "--respect-dnt=true", "--session-timeout-minutes=1440"],
			renamed: RENAMED,
		};
		worlds.plain = await World.open(shared);
		await Promise.all(Object.entries(settings).map(async ([name, args]) =>
			(worlds[name] = await World.open(shared, { args, beside: worlds.plain }))));
	});
	after(() => shared.end());

	describe("a way to the collector that is not what it should be", { concurrency: AT_ONCE }, () => playAll(() => worlds.plain, delivery));
	describe("a collector in opt-in mode", { concurrency: AT_ONCE }, () => playAll(() => worlds.asking, asked));
	describe("a collector that wants signatures, heeds Do-Not-Track, and has long sessions", { concurrency: AT_ONCE }, () =>
		playAll(() => worlds.guarded, [...guarded, ...longest]));
	describe("a collector with names of its own", { concurrency: AT_ONCE }, () => playAll(() => worlds.renamed, renamed));
	describe("the collector away", () => playAll(() => worlds.plain, away));
});
