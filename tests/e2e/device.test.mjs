// The type of device agrees with npm's bowser, on the user agents of uap-core's test_ua.yaml; where it does not, a class of
// device_disagreements.json says why.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import Bowser from "bowser";

const AGREEMENT_LEAST = 0.97;
const root = path.resolve(new URL("../..", import.meta.url).pathname);
const cases = "/usr/share/uap-core/tests/test_ua.yaml";
const LISTED_CASES = 1425; // of the test_ua.yaml that the list was made of: uap-core 0.16.0
const count = existsSync(cases) ? readFileSync(cases, "utf8").match(/user_agent_string:/g).length : 0;
const skip = count !== LISTED_CASES && `${cases} has ${count} cases, and not the ${LISTED_CASES} that the list is of`;
const listed = JSON.parse(readFileSync(path.join(root, "tests/e2e/device_disagreements.json"), "utf8"));

// [{ agent, ours, bowser }] of all that is no robot; bowser is null where it says nothing.
function verdicts() {
	const builds = path.dirname(process.env.SOJOURN_ASAN ?? path.join(root, "build/asan/sojourn"));
	return execFileSync(path.join(builds, "tests/unit/agent_lines"), { encoding: "utf8" }).trimEnd().split("\n")
		.map((line) => line.split("\t")).filter(([type]) => type !== "robot")
		.map(([ours, , , , , agent]) => ({ agent, ours, bowser: Bowser.parse(agent).platform.type ?? null }));
}

const TYPES = ["desktop", "mobile", "tablet"];
const isSame = ({ ours, bowser }) => ours === (TYPES.includes(bowser) ? bowser : "unknown");
// Browsers name Mozilla or Opera first; apps and libraries themselves.
const isBrowser = ({ agent }) => /^(Mozilla|Opera)\//.test(agent);

test("device types agree with bowser on 97 % of the browsers whose type it names", { skip }, () => {
	const browsers = verdicts().filter((verdict) => isBrowser(verdict) && TYPES.includes(verdict.bowser));
	const same = browsers.filter(isSame).length;
	assert.ok(browsers.length > 250, `only ${browsers.length} browsers`);
	assert.ok(same >= browsers.length * AGREEMENT_LEAST, `${same} of ${browsers.length}`);
});

test("every disagreement with bowser is on the list, in a class with a reason, and nothing else is", { skip }, () => {
	const lineOf = ({ ours, bowser, agent }) => `${ours}, bowser ${bowser}: ${agent}`;
	const found = verdicts().filter((verdict) => !isSame(verdict)).map(lineOf);
	const expected = listed.flatMap(({ agents, ...rest }) => agents.map((agent) => lineOf({ ...rest, agent })));
	assert.deepEqual(found.toSorted(), expected.toSorted());
	for (const { class: name, reason } of listed) assert.ok(name.length > 0 && reason.length > 20, name);
});
