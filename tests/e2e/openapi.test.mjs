// The API's description of itself: valid OpenAPI 3.1, and what the real answers look like.
import assert from "node:assert/strict";
import test from "node:test";

import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

import { stateFolder, up } from "./harness.mjs";

const roles = ["viewer", "privacy", "admin"];

test("openapi", async (t) => {
	const running = await up(t, await stateFolder(t));
	const tokens = {};
	for (const role of roles)
		tokens[role] = (await running.run(["token", "create", role, "--role", role])).stdout.trim();
	const ask = (path, { token = tokens.viewer, ...options } = {}) =>
		fetch(running.dashboard + path, { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
	const document = await (await ask("/api/v1/openapi.json")).json();
	const ajv = formats.default(new Ajv.default({ strict: false, allErrors: true }));
	ajv.addSchema(document, "api");
	const pointer = (...keys) => `api#/${keys.map((key) => key.replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;

	const check = (schema, body, what) => {
		const validate = ajv.getSchema(schema);
		assert.ok(validate, `there is no ${schema}`);
		assert.ok(validate(body), `${what}: ${ajv.errorsText(validate.errors)}`);
	};
	const problem = pointer("components", "schemas", "Problem");

	await t.test("it is valid OpenAPI 3.1", async () => {
		const result = await new Validator().validate(structuredClone(document));
		assert.ok(result.valid, JSON.stringify(result.errors));
		assert.equal(document.openapi, "3.1.0");
		const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
		assert.equal(new Set(ids).size, ids.length);
	});

	const values = { from: "2026-01-01", to: "2026-01-02", tz: "Europe/Vienna", format: "json",
		session: "01900000-0000-7000-8000-000000000000", person: "7", page: "/x", property: "plan",
		funnel: JSON.stringify({ steps: [{ page: "/a" }, { event: "b" }] }) };
	const filled = (path) => path.replace(/\{(\w+)\}/g, (_, name) => values[name]);

	await t.test("every path answers as it says", async () => {
		let count = 0;
		for (const [path, methods] of Object.entries(document.paths))
			for (const [method, operation] of Object.entries(methods)) {
				const token = tokens[operation["x-role"]] ?? tokens.viewer;
				const answer = await ask(filled(path), { token, method: method.toUpperCase() });
				const type = answer.headers.get("content-type").split(";")[0];
				const media = operation.responses[answer.status]?.content?.[type];
				if (type === "text/event-stream") { // which does not end
					assert.ok(media);
					await answer.body.cancel();
					continue;
				}
				const text = await answer.text();
				if (answer.ok) assert.ok(media, `${method} ${path}: ${answer.status} ${type} is not described`);
				if (type === "application/json")
					check(pointer("paths", path, method, "responses", String(answer.status), "content", type, "schema"), JSON.parse(text), path);
				if (!answer.ok) check(problem, JSON.parse(text), path);
				count++;
			}
		assert.ok(count >= 9);
	});

	await t.test("every path needs the role it says, and refuses with a problem", async () => {
		for (const [path, methods] of Object.entries(document.paths))
			for (const [method, operation] of Object.entries(methods)) {
				if (operation.security?.length === 0) continue;
				const without = await fetch(running.dashboard + filled(path), { method: method.toUpperCase() });
				assert.equal(without.status, 401, path);
				check(problem, await without.json(), path);
				for (const role of roles) {
					const answer = await ask(filled(path), { token: tokens[role], method: method.toUpperCase() });
					const isAllowed = ["share", "viewer"].includes(operation["x-role"]) || operation["x-role"] === role;
					assert.equal(answer.status !== 403, isAllowed, `${role}: ${method} ${path}`);
				}
			}
	});

	await t.test("every report takes the parameters it names, and no other", async () => {
		for (const [path, { get }] of Object.entries(document.paths)) {
			if (get?.responses["200"].content?.["text/csv"] === undefined) continue;
			const isCommon = (name) => ["from", "to", "tz", "format"].includes(name);
			const wanted = get.parameters.filter(({ name, required, in: place }) => place === "query" && (required || isCommon(name))).map(({ name }) => name);
			const choice = (name) => get.parameters.find((parameter) => parameter.name === name).schema.enum?.[0];
			const query = new URLSearchParams(wanted.map((name) => [name, values[name] ?? choice(name) ?? "x"]));
			const answer = await ask(`${filled(path)}?${query}`);
			assert.equal(answer.status, 200, await answer.clone().text());
			check(pointer("paths", path, "get", "responses", "200", "content", "application/json", "schema"), await answer.json(), path);
			const refused = await ask(`${filled(path)}?nothing=1`);
			assert.equal(refused.status, 400);
			check(problem, await refused.json(), path);
			query.delete("format"); // would win over the header
			const csv = await ask(`${filled(path)}?${query}`, { headers: { accept: "text/csv" } });
			assert.match(csv.headers.get("content-type"), /^text\/csv/);
		}
	});

	await t.test("a funnel may be posted, and a session is found by its path alone", async () => {
		const query = new URLSearchParams({ from: "2026-01-01", to: "2026-01-02" });
		const asked = await ask(`/api/v1/funnels?${query}&funnel=${encodeURIComponent(values.funnel)}`);
		const posted = await ask(`/api/v1/funnels?${query}`, { method: "POST", body: values.funnel });
		assert.equal(posted.status, 200);
		const { rows } = await posted.json();
		assert.deepEqual(rows, (await asked.json()).rows);
		assert.deepEqual(rows.map(({ step, kind, name, entered }) => [step, kind, name, entered]), [[1, "page", "/a", 0], [2, "event", "b", 0]]);
		const refused = await ask(`/api/v1/funnels?${query}`, { method: "POST", body: "{}" });
		assert.equal(refused.status, 400);
		assert.equal((await refused.json()).parameter, "funnel");
		for (const path of ["session", "person", "sessions/1/2", "sessions/"]) assert.equal((await ask(`/api/v1/${path}`)).status, 404, path);
		assert.equal((await (await ask("/api/v1/sessions/me")).json()).parameter, "session");
	});
});
