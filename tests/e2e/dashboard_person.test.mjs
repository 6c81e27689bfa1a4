// What the page of a person offers to the role privacy, and to nobody else: everything that is held to take away, erasing,
// making nobody, what they agreed to; each carried out by the real worker.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";

import { ask, browserOpen, seriousOf, settled, show, visitorsImport } from "./browser/dashboard.mjs";
import { Shared } from "./client.mjs";
import { stateFolder, until, up } from "./harness.mjs";

const VISITORS = 20;

describe("the page of a person", () => {
	const shared = new Shared();
	let running;
	let browser;
	let persons;
	const tokens = {};

	const opened = (role, query, options) => show({ browser, running, token: tokens[role] }, query, options);
	const rowsOf = (person) => running.sql(`SELECT (SELECT count(*) FROM user_sessions WHERE person_id = ${person})
		+ (SELECT count(*) FROM page_views WHERE person_id = ${person}) + (SELECT count(*) FROM session_summaries WHERE person_id = ${person})`);
	const audited = (action, person) => running.sql(`SELECT count(*) FROM audit_log WHERE action = '${action}' AND subject = '${person}' AND outcome = 'done'`);

	// Opens the dialog, and goes on in it; the button is dead until the very id is typed.
	async function confirm(page, verb, person, choose = async () => {}) {
		await page.click(`.rights button:has-text('${verb}')`);
		await page.waitForSelector("dialog");
		const go = `dialog button:text-is('${verb} person ${person}')`;
		assert.match(await page.textContent("dialog"), /cannot be undone/);
		assert.deepEqual(await seriousOf(page), []);
		await choose(page);
		for (const text of ["", `${person}0`, "yes"]) {
			await page.fill("#person-typed", text);
			assert.ok(await page.isDisabled(go), text);
		}
		await page.fill("#person-typed", person);
		await page.click(go);
		await page.waitForSelector("dialog", { state: "detached" });
	}

	before(async () => {
		running = await up(shared, await stateFolder(shared));
		await visitorsImport(running, VISITORS);
		for (const role of ["viewer", "privacy"]) tokens[role] = (await running.run(["token", "create", role, "--role", role])).stdout.trim();
		const { rows } = await ask({ running, token: tokens.viewer }, "sessions", { limit: 1000 });
		persons = [...new Set(rows.map(({ person }) => person))].filter((person) => !person.startsWith("-"));
		assert.ok(persons.length > 3);
		browser = await browserOpen(shared);
	});

	after(() => shared.end());

	test("a viewer is offered nothing of it", async () => {
		const { context, page, complaints } = await opened("viewer", { view: "person", person: persons[0] });
		await page.waitForSelector("[data-column=sessions]");
		await until("the role is known", () => page.evaluate(() => performance.getEntriesByType("resource").some(({ name, responseEnd }) => name.endsWith("/api/v1/sign-in") && responseEnd > 0)));
		await settled(page);
		assert.equal(await page.locator("[aria-label='Their rights']").count(), 0);
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("all that is held is exported, as the API gives it", async () => {
		const [person] = persons;
		const { context, page, complaints } = await opened("privacy", { view: "person", person });
		const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Export all that is held")]);
		assert.match(download.suggestedFilename(), /\.jsonl$/);
		const lines = readFileSync(await download.path(), "utf8").trim().split("\n").map((line) => JSON.parse(line));
		const answer = await fetch(`${running.dashboard}/api/v1/persons/${person}/export`, { headers: { authorization: `Bearer ${tokens.privacy}` } });
		assert.equal(lines.length, (await answer.text()).trim().split("\n").length);
		const sessions = await running.sql(`SELECT count(*) FROM user_sessions WHERE person_id = ${person}`);
		assert.equal(String(lines.filter(({ store }) => store === "user_sessions").length), sessions);
		assert.equal(await audited("person.export", person), "2");
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test("what they agreed to is set, and stands in the table", async () => {
		const person = persons[3];
		const { context, page, complaints } = await opened("privacy", { view: "person", person });
		for (const [word, column] of [["Analytics", "analytics_consent"], ["Marketing", "marketing_consent"]])
			for (const answer of ["Yes", "No"]) {
				await page.click(`[aria-label='${word}: ${answer}']`);
				await page.waitForSelector(`[aria-label='${word}: ${answer}'][aria-pressed=true]`);
				await until("the profile says so", async () => (await page.textContent(`[data-column=${column}]`)).startsWith(answer.toLowerCase()));
				assert.equal(await page.getAttribute(`[aria-label='${word}: ${answer === "Yes" ? "No" : "Yes"}']`, "aria-pressed"), "false");
				const { rows: [profile] } = await ask({ running, token: tokens.privacy }, "persons/profile", { person });
				assert.equal(profile[column], answer === "Yes");
			}
		assert.equal(await audited("person.consent", person), "4");
		assert.deepEqual(await seriousOf(page), []);
		assert.deepEqual(complaints, []);
		await context.close();
	});

	for (const [colorScheme, width] of [["light", 1280], ["dark", 390]])
		test(`a person is erased when the id is typed, and is gone from the page and the tables, ${colorScheme}, ${width} pixels wide`, async () => {
			const person = persons[colorScheme === "light" ? 0 : 1];
			const { context, page, complaints } = await opened("privacy", { view: "person", person }, { colorScheme, viewport: { width, height: 800 } });
			assert.notEqual(await rowsOf(person), "0");
			const sessions = await page.textContent("[data-column=sessions]");
			await page.click(".rights button:has-text('Erase')");
			assert.match(await page.textContent("dialog"), new RegExp(`${sessions} session`));
			await page.keyboard.press("Escape");
			await page.waitForSelector("dialog", { state: "detached" });
			assert.notEqual(await rowsOf(person), "0");
			await confirm(page, "Erase", person);
			await page.waitForSelector("[data-action=erase]:has-text('Erased on')");
			await page.waitForSelector("text=Nothing is known of this person");
			await page.waitForSelector("text=No session of this person is kept.");
			assert.equal(await rowsOf(person), "0");
			assert.equal(await audited("person.erase", person), "1");
			assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
			assert.deepEqual(complaints, []);
			await context.close();
		});

	test("a person is anonymised the way that is chosen", async () => {
		const person = persons[2];
		const views = await running.sql(`SELECT count(*) FROM page_views`);
		const { context, page, complaints } = await opened("privacy", { view: "person", person });
		await confirm(page, "Anonymise", person, (one) => one.check("dialog [value=anonymous]"));
		await page.waitForSelector("[data-action=anonymize]:has-text('Anonymised (anonymous) on')");
		assert.equal(await rowsOf(person), "0");
		assert.equal(await running.sql(`SELECT count(*) FROM page_views`), views);
		assert.equal(await audited("person.anonymize", person), "1");
		assert.deepEqual(complaints, []);
		await context.close();
	});
});
