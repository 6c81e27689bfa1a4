// What people note at days, and links that show figures to whoever has them: what a link may be asked for, and when it ends.
import assert from "node:assert/strict";
import test from "node:test";

import { temporaryFolder, up } from "./harness.mjs";

const filter = "device_type:mobile";

test("annotations and shares", async (t) => {
	const running = await up(t, temporaryFolder(t));
	const token = (await running.run(["token", "create", "tests"])).stdout.trim();
	const asked = (secret) => (path, options = {}) =>
		fetch(`${running.dashboard}/api/v1/${path}`, { ...options, headers: { authorization: `Bearer ${secret}`, ...options.headers } });
	const ask = asked(token);
	const post = (path, body) => ask(path, { method: "POST", body: JSON.stringify(body) });
	const rows = async (path) => (await (await ask(path)).json()).rows;
	const audit = () => running.sql("SELECT string_agg(action, ' ' ORDER BY id) FROM audit_log WHERE action ~ '^(annotation|share)'");

	await t.test("what is noted at a day is listed, the latest first, and forgotten", async () => {
		for (const [date, text] of [["2026-01-31", "Release 2"], ["2026-03-01", "Größer"], ["2026-01-31", "Release 2"]])
			assert.equal((await post("annotations", { date, text })).status, 204);
		const noted = await rows("annotations");
		assert.deepEqual(noted.map(({ date, text }) => `${date} ${text}`), ["2026-03-01 Größer", "2026-01-31 Release 2", "2026-01-31 Release 2"]);
		assert.equal((await ask(`annotations?id=${noted[0].id}`, { method: "DELETE" })).status, 204);
		assert.equal((await ask(`annotations?id=${noted[0].id}`, { method: "DELETE" })).status, 404);
		assert.deepEqual((await rows("annotations")).map(({ id }) => id), noted.slice(1).map(({ id }) => id));
		assert.equal(await audit(), "annotation.add annotation.add annotation.add annotation.delete");
	});

	await t.test("what is none is refused with its reason", async () => {
		for (const [path, body, reason] of [
			["annotations", { date: "2026-02-30", text: "x" }, /date must be a day/],
			["annotations", { date: "2026-01-31T10:00:00Z", text: "x" }, /date must be a day/],
			["annotations", { date: "2026-01-31", text: "" }, /text must be/],
			["annotations", { date: "2026-01-31", text: "x".repeat(201) }, /text must be/],
			["annotations", { date: "2026-01-31" }, /the body must be/],
			["shares", { name: "x", url: "/", filter: "" }, /the body must be/],
			["shares", { name: "", url: "/", filter: "", days: 7 }, /name must be/],
			["shares", { name: "x", url: "//elsewhere.example", filter: "", days: 7 }, /url must be a view/],
			["shares", { name: "x", url: "https://elsewhere.example", filter: "", days: 7 }, /url must be a view/],
			["shares", { name: "x", url: "/", filter: "colour:red", days: 7 }, /nothing to filter by/],
			["shares", { name: "x", url: "/", filter: "page:x\\", days: 7 }, /nothing behind it/],
			["shares", { name: "x", url: "/", filter: "", days: 0 }, /days must be/],
			["shares", { name: "x", url: "/", filter: "", days: 367 }, /days must be/],
		]) {
			const answer = await post(path, body);
			assert.equal(answer.status, 400, JSON.stringify(body));
			assert.match((await answer.json()).detail, reason);
		}
		for (const query of ["", "?id=0", "?id=x", "?id=1&id=1", "?name=x"])
			assert.equal((await ask(`shares${query}`, { method: "DELETE" })).status, 400, query);
	});

	await t.test("a share reads figures with its filter or a narrower one, and nothing else", async () => {
		const made = await (await post("shares", { name: "agency", url: `/?filter=${filter}`, filter, days: 7 })).json();
		const shared = asked(made.token);
		const status = async (path, options) => (await shared(path, options)).status;
		for (const path of ["overview", "breakdown?by=channel", "journeys/paths", "goals"])
			assert.equal(await status(`${path}${path.includes("?") ? "&" : "?"}filter=${filter}`), 200, path);
		assert.equal(await status(`overview?filter=${filter};channel:Direct`), 200);
		assert.equal(await status("system"), 200);
		assert.equal(await status("annotations"), 200);
		for (const path of ["overview", "overview?filter=device_type:desktop", `overview?filter=${filter},desktop`, `overview?filter=channel:Direct;${filter}`,
			`overview?filter=${filter};person:7`, `overview?filter=${filter};trait.plan:free`, `overview?filter=${filter};segment:x`,
			"retention", "sessions/daily", // which take no filter
			"sessions", `sessions?filter=${filter}`, "sessions/01900000-0000-7000-8000-000000000000", "persons/7", "live", "live/stream", "jobs", "../../metrics",
			"saved", "shares", "audit", "openapi.json"])
			assert.notEqual(await status(path), 200, path);
		assert.equal((await (await shared("overview")).json()).code, "forbidden");
		for (const [path, method] of [["saved", "POST"], ["annotations", "POST"], ["shares", "POST"], ["annotations?id=1", "DELETE"], [`shares?id=${made.id}`, "DELETE"]])
			assert.equal(await status(path, { method, body: method === "POST" ? "{}" : undefined }), 403, `${method} ${path}`);
		const whole = asked((await (await post("shares", { name: "all", url: "/", filter: "", days: 366 })).json()).token);
		for (const path of ["overview", "overview?filter=channel:Direct", "retention", "sessions/daily", "pages/hourly"]) assert.equal((await whole(path)).status, 200, path);
		const { paths } = await (await ask("openapi.json")).json();
		for (const [path, methods] of Object.entries(paths))
			for (const [method, operation] of Object.entries(methods)) {
				const role = operation["x-role"];
				if (role === undefined || path === "/api/v1/sign-in") continue;
				const answer = await whole(`../..${path.replace(/\{\w+\}/, "7")}`, { method: method.toUpperCase() });
				assert.equal(answer.status !== 403, role === "share", `${method} ${path}`);
			}
		for (const path of ["overview?filter=person:7", "sessions", "persons/7"]) assert.equal((await whole(path)).status, 403, path);
	});

	await t.test("a share is a sign-in, too, and ends when it is withdrawn or has expired", async () => {
		const { id, token: secret } = await (await post("shares", { name: "board", url: "/?view=pages", filter: "", days: 1 })).json();
		const answer = await fetch(`${running.dashboard}/api/v1/sign-in`, { method: "POST", body: JSON.stringify({ token: secret }) });
		assert.equal(answer.status, 200);
		assert.equal((await answer.json()).role, "share");
		const cookie = answer.headers.get("set-cookie").split(";")[0];
		const withCookie = () => fetch(`${running.dashboard}/api/v1/overview`, { headers: { cookie } });
		assert.equal((await withCookie()).status, 200);
		assert.equal((await withCookie()).headers.get("sojourn-role"), "share");
		const [listed] = await rows("shares");
		assert.deepEqual([listed.id, listed.name, listed.url, listed.filter, listed.state], [id, "board", "/?view=pages", "", "active"]);
		assert.ok(Math.abs(Date.parse(listed.expires_at) - Date.now() - 86_400_000) < 60_000);
		assert.ok(!JSON.stringify(listed).includes(secret));
		assert.equal((await ask(`shares?id=${id}`, { method: "DELETE" })).status, 204);
		assert.equal((await ask(`shares?id=${id}`, { method: "DELETE" })).status, 404);
		assert.equal((await withCookie()).status, 401);
		assert.equal((await asked(secret)("overview")).status, 401);
		assert.equal((await rows("shares"))[0].state, "withdrawn");

		const late = await (await post("shares", { name: "late", url: "/", filter: "", days: 1 })).json();
		assert.equal((await asked(late.token)("overview")).status, 200);
		await running.sql(`UPDATE api_tokens SET expires_at = now() WHERE id = ${late.id}`);
		assert.equal((await asked(late.token)("overview")).status, 401);
		assert.equal((await rows("shares"))[0].state, "expired");
		assert.match(await audit(), /share\.make share\.make share\.make share\.withdraw share\.make$/);
		assert.equal((await running.run(["token", "revoke", late.id])).status, 0);
		assert.match((await running.run(["token", "create", "x", "--role", "share"])).stderr, /no role "share"/);
		const viewer = (await running.run(["--json", "token", "list"])).stdout;
		assert.deepEqual(JSON.parse(viewer).filter(({ name }) => name === "board").map(({ kind, role, state }) => [kind, role, state]), [["share", "share", "revoked"]]);
		// Tokens of other kinds are not withdrawn this way.
		const [{ id: own }] = JSON.parse(viewer).filter(({ name }) => name === "tests");
		assert.equal((await ask(`shares?id=${own}`, { method: "DELETE" })).status, 404);
	});
});
