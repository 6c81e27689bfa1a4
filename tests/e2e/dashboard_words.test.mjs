// What the dashboard makes of words before it asks: filters as the API reads them, dates of presets, changes in words.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";

import { Shared } from "./client.mjs";
import { root, temporaryFolder } from "./harness.mjs";

const { default: typescript } = await import(path.join(root, "web/dashboard/node_modules/typescript/lib/typescript.js"));

describe("the dashboard's words", () => {
	const shared = new Shared();
	const parts = {};

	before(async () => {
		const folder = temporaryFolder(shared);
		for (const name of ["filter", "range", "format", "pages"]) {
			const text = readFileSync(path.join(root, `web/dashboard/src/${name}.ts`), "utf8");
			const { outputText } = typescript.transpileModule(text, { compilerOptions: { module: "ESNext", target: "ES2022" } });
			writeFileSync(path.join(folder, `${name}.mjs`), outputText);
			parts[name] = await import(path.join(folder, `${name}.mjs`));
		}
		await shared.end();
	});

	test("a filter reads back as it was written, with every mark in it", () => {
		const { conditionsOf, filterOf, filterWith, isFilteredBy, valuesText } = parts.filter;
		for (const value of ["plain", "a;b,c", "50\\% *", "!", "", "x:y", "\\;"]) {
			const filter = filterWith("browser:Firefox", "page", value);
			assert.equal(conditionsOf(filter).length, 2, filter);
			assert.ok(isFilteredBy(filter, "page", value), filter);
			assert.equal(valuesText(conditionsOf(filter)[1]), value === "" ? "none" : value);
			assert.equal(filterOf(conditionsOf(filter)), filter);
		}
		assert.equal(filterWith("page:/a", "page", "/b"), "page:/b");
		assert.equal(filterWith("page:!/a", "page", "/b"), "page:!/a;page:/b");
		assert.equal(filterWith("browser:Firefox;page:/a", "page", "/a"), "browser:Firefox");
		// What a share is bound to stands first and stays.
		assert.equal(filterWith("page:/a;browser:Firefox", "page", "/a", "page:/a"), "page:/a;browser:Firefox");
		assert.equal(filterWith("page:/a;page:/c", "page", "/b", "page:/a"), "page:/a;page:/b");
		assert.equal(filterWith("page:/ab", "page", "/b", "page:/a"), "page:/b"); // of another one
		assert.deepEqual(conditionsOf("channel:!Direct,Email;country:"), [
			{ name: "channel", isNegated: true, values: ["Direct", "Email"] }, { name: "country", isNegated: false, values: [""] }]);
	});

	test("a host is left out where all pages have it", () => {
		const { commonHost } = parts.pages;
		assert.equal(commonHost(["a.example/", "a.example/x/y", "(other)", ""]), "a.example");
		assert.equal(commonHost(["a.example/", "b.example/"]), "");
		assert.equal(commonHost(["/", "/x"]), "");
		assert.equal(commonHost(["a.example/", "/x"]), "");
		assert.equal(commonHost([]), "");
	});

	test("presets are whole days of the zone", () => {
		const { daysIn, presetDates, today } = parts.range;
		for (const zone of ["UTC", "Pacific/Kiritimati", "Pacific/Midway"]) {
			assert.deepEqual(presetDates("today", zone), { from: today(zone), to: today(zone) });
			assert.equal(daysIn(presetDates("yesterday", zone)), 1);
			assert.equal(daysIn(presetDates("90d", zone)), 90);
			assert.match(presetDates("last-month", zone).from, /-01$/);
			assert.equal(new Date(Date.parse(presetDates("last-month", zone).to) + 86_400_000).getUTCDate(), 1);
		}
		assert.notEqual(today("Pacific/Kiritimati"), today("Pacific/Midway")); // 25 hours apart
	});

	test("a change is a share, of rates in points, and none where there is nothing to compare with", () => {
		const { change } = parts.format;
		const count = { type: "integer", unit: "sessions" };
		const rate = { type: "decimal", unit: "percent" };
		assert.deepEqual(change(count, 150, 100), { text: "▲ +50.0\u00a0%", direction: 1 });
		assert.deepEqual(change(count, 50, 100), { text: "▼ −50.0\u00a0%", direction: -1 });
		assert.deepEqual(change(rate, 40, 42.5), { text: "▼ −2.5\u00a0points", direction: -1 });
		assert.equal(change(count, 5, 0), null);
		assert.equal(change(count, 5, null), null);
		assert.equal(change(count, 0, 0).direction, 0);
	});
});
