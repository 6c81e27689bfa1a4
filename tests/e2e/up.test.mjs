// `sojourn up`: one line when it is ready, one at a time, and nothing left of it, however it ends.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { describe, test } from "node:test";

import { atEnd, isHealthy, isRoot, processesOf, run, sojourn, start, stateFolder, temporaryFolder, until, untilNothingRuns, up } from "./harness.mjs";

const ownerOf = (pid) => statSync(`/proc/${pid}`).uid;

describe("up", () => {
	test("prints one line when everything answers, and status says so", async (t) => {
		const stateDir = path.join(temporaryFolder(t), "var"); // made by the first start
		const running = await up(t, stateDir);
		assert.ok(lstatSync(path.join(stateDir, "postgres")).isDirectory());
		assert.equal(statSync(path.join(stateDir, "keys")).mode & 0o077, 0);
		assert.match(running.stdout, /^ready collect=http:\/\/127\.0\.0\.1:\d+ dashboard=http:\/\/127\.0\.0\.1:\d+\n$/);
		assert.ok(await isHealthy(running.collect));
		assert.ok(await isHealthy(running.dashboard));
		const status = await running.run(["status"]);
		assert.equal(status.status, 0, status.stdout + status.stderr);
		assert.equal(await running.sql("SELECT current_user || ' ' || current_setting('search_path')"), "sojourn sojourn,public");
		assert.equal(await running.sql("SELECT count(*) > 0 FROM schema_migrations"), "t");
		assert.equal((await running.run(["migrate", "--status"])).status, 0);
		assert.equal(running.stdout.split("\n").length, 2);
	});

	test("a second one in the same state directory is refused and changes nothing", async (t) => {
		const running = await up(t, await stateFolder(t));
		const second = await running.run(["--collect-listen=127.0.0.1:0", "--dashboard-listen=127.0.0.1:0", "up"]);
		assert.equal(second.status, 1);
		assert.match(second.stderr, new RegExp(`already runs .* process ${running.pid};`));
		assert.equal(second.stderr.trim().split("\n").length, 1);
		assert.ok(await isHealthy(running.collect));
	});

	for (const signal of ["SIGTERM", "SIGINT"])
		test(`${signal} stops all of it within seconds`, async (t) => {
			const stateDir = await stateFolder(t);
			const running = await up(t, stateDir);
			assert.ok(processesOf(stateDir).length > 4);
			const begun = Date.now();
			assert.deepEqual(await running.stop(signal), { code: 0, signal: null });
			assert.deepEqual(processesOf(stateDir), []);
			assert.ok(Date.now() - begun < 15_000);
			const status = await running.run(["status"]);
			assert.equal(status.status, 1);
			assert.match(status.stderr, /nothing runs in/);
		});

	test("a stop while it is starting leaves nothing, and the next start goes on", async (t) => {
		const steps = [["postgres", /^data-new-/], ["postgres/socket", /^\.s\.PGSQL\.5432$/], ["run", /^collector$/]];
		for (const [folder, name] of steps) {
			const stateDir = temporaryFolder(t);
			const running = start(t, stateDir);
			const isThere = () => existsSync(path.join(stateDir, folder))
				&& readdirSync(path.join(stateDir, folder)).some((entry) => name.test(entry));
			await until(`${name} is in ${folder}`, () => isThere() || running.exit !== null);
			assert.deepEqual(await running.stop("SIGINT"), { code: 0, signal: null }, running.stderr);
			assert.deepEqual(processesOf(stateDir), []);
			await (await up(t, stateDir)).stop();
		}
	});

	test("a port that is in use is told, and nothing is left", async (t) => {
		const taken = net.createServer().listen(0, "127.0.0.1");
		await until("the port is open", () => taken.listening);
		atEnd(t, () => taken.close());
		const stateDir = await stateFolder(t);
		const ports = [`--collect-listen=127.0.0.1:${taken.address().port}`, "--dashboard-listen=127.0.0.1:0"];
		const running = start(t, stateDir, ["up"], { ports });
		assert.deepEqual(await running.ended, { code: 1, signal: null });
		assert.equal(running.stdout, "");
		assert.match(running.stderr, /Address already in use/);
		assert.match(running.stderr, /the collector could not start/);
		assert.deepEqual(processesOf(stateDir), []);
	});
});

describe("up, when something is killed", () => {
	test("the supervisor: nothing stays behind, and a new one recovers", async (t) => {
		const stateDir = await stateFolder(t);
		const running = await up(t, stateDir);
		await running.sql("CREATE TABLE public.kept AS SELECT 42 AS n");
		running.kill("SIGKILL");
		await running.ended;
		// At once, while the old PostgreSQL may still be shutting down.
		const next = await up(t, stateDir);
		assert.equal(await next.sql("SELECT n FROM public.kept"), "42");
		await next.stop();
		await untilNothingRuns(stateDir);
	});

	test("the supervisor alone: the kernel ends the rest", async (t) => {
		const stateDir = await stateFolder(t);
		const running = await up(t, stateDir);
		running.kill("SIGKILL");
		await untilNothingRuns(stateDir);
		const status = await running.run(["status"]);
		assert.equal(status.status, 1);
		assert.match(status.stdout, /collector +bad +died/);
	});

	test("all of it at once: a new one recovers", async (t) => {
		const stateDir = await stateFolder(t);
		const running = await up(t, stateDir);
		await running.sql("CREATE TABLE public.kept AS SELECT 42 AS n");
		for (const { pid } of processesOf(stateDir)) {
			try {
				process.kill(pid, "SIGKILL");
			} catch (error) {
				if (error.code !== "ESRCH") throw error;
			}
		}
		await running.ended;
		const next = await up(t, stateDir);
		assert.equal(await next.sql("SELECT n FROM public.kept"), "42");
	});

	for (const role of ["collector", "worker", "analytics"])
		test(`the ${role}: it is started again, where it was`, async (t) => {
			const running = await up(t, await stateFolder(t));
			const before = await running.processOf(role);
			process.kill(before, "SIGKILL");
			const after = await until(`the ${role} is back`, async () => {
				const pid = await running.processOf(role);
				return pid !== before && pid;
			});
			assert.notEqual(after, before);
			assert.ok(await isHealthy(running.collect));
			assert.ok(await isHealthy(running.dashboard));
			assert.match(running.stderr, new RegExp(`event=process.ended name=${role} signal=9`));
		});

	test("PostgreSQL: it is started again", async (t) => {
		const running = await up(t, await stateFolder(t));
		await running.sql("CREATE TABLE public.kept AS SELECT 42 AS n");
		const before = running.postgres;
		process.kill(before, "SIGKILL");
		await until("PostgreSQL is back", async () => {
			const { status, stdout } = await running.run(["psql", "--", "-Atc", "SELECT n FROM public.kept"]);
			return status === 0 && stdout === "42\n";
		});
		assert.notEqual(running.postgres, before);
		assert.equal((await running.run(["status"])).status, 0);
		assert.ok(await isHealthy(running.collect));
	});

	test("a second signal does not wait", async (t) => {
		const stateDir = await stateFolder(t);
		const running = await up(t, stateDir);
		const worker = await running.processOf("worker");
		process.kill(worker, "SIGSTOP"); // it cannot end when asked
		running.kill("SIGTERM");
		await until("the collector has ended", async () => !(await isHealthy(running.collect)));
		const begun = Date.now();
		await until("it has ended", () => {
			running.kill("SIGTERM");
			return running.exit !== null;
		});
		assert.deepEqual(running.exit, { code: 0, signal: null });
		assert.ok(Date.now() - begun < 8000);
		assert.deepEqual(processesOf(stateDir), []);
	});
});

describe("up, as whom", () => {
	test("PostgreSQL never runs as root", async (t) => {
		const running = await up(t, await stateFolder(t));
		if (isRoot) assert.notEqual(ownerOf(running.postgres), 0);
		else assert.equal(ownerOf(running.postgres), process.getuid());
		assert.equal(ownerOf(await running.processOf("collector")), process.getuid());
	});

	test("as an ordinary account", { skip: !isRoot && "not root: every test here runs as an ordinary account" }, async (t) => {
		const folder = temporaryFolder(t);
		const as = ["runuser", "-u", "nobody", "--"];
		const program = path.join(folder, "sojourn");
		const stateDir = path.join(folder, "state");
		copyFileSync(sojourn, program); // the build may lie where nobody may enter
		assert.equal((await run(["-d", "-o", "nobody", stateDir], { program: "install" })).status, 0);
		const running = await up(t, stateDir, { as, program, spawn: { cwd: folder } });
		const owners = new Set(processesOf(stateDir).map(({ pid }) => ownerOf(pid)));
		const nobody = Number((await run(["-u", "nobody"], { program: "id" })).stdout);
		owners.delete(0); // runuser itself
		assert.deepEqual([...owners], [nobody]);
		assert.equal((await running.run(["status"], { as, program })).status, 0);
	});

	test("in a state directory that PostgreSQL's account may not enter", { skip: !isRoot && "not root" }, async (t) => {
		const stateDir = temporaryFolder(t);
		await run(["700", stateDir], { program: "chmod" });
		const running = await up(t, stateDir);
		const elsewhere = (await run(["-f", path.join(stateDir, "postgres")], { program: "readlink" })).stdout.trim();
		assert.match(elsewhere, /^\/var\/lib\/sojourn\/postgres-/);
		assert.equal(await running.sql("SELECT 1"), "1");
		assert.equal((await running.stop()).code, 0);
		assert.deepEqual(processesOf(elsewhere), []);
	});
});

describe("a configured database", () => {
	test("is migrated and used, without a private one", async (t) => {
		const owner = await up(t, await stateFolder(t));
		const stateDir = temporaryFolder(t);
		const database = `host=${owner.stateDir}/postgres/socket user=sojourn dbname=sojourn`;
		const args = [`--database=${database}`, "--database-schema=second"];
		const running = await up(t, stateDir, { args });
		assert.ok(!existsSync(path.join(stateDir, "postgres")));
		assert.equal(await owner.sql("SELECT count(*) > 0 FROM second.schema_migrations"), "t");
		const status = await running.run([...args, "status"]);
		assert.equal(status.status, 0, status.stdout);
		assert.equal((await running.stop()).code, 0);
		// The same without migrating, and in parts.
		const parts = await start(t, stateDir, [...args, "serve", "--role", "collector,worker"]).ready();
		assert.match(parts.stdout, /^ready collect=\S+\n$/);
		assert.equal((await parts.stop()).code, 0);
	});

	test("two migrations at once apply each file once", async (t) => {
		const owner = await up(t, await stateFolder(t));
		const both = await Promise.all([1, 2].map(() => owner.run(["--json", "--database-schema=twice", "migrate"])));
		assert.deepEqual(both.map(({ status }) => status), [0, 0], both.map(({ stderr }) => stderr).join());
		const applied = both.map(({ stdout }) => JSON.parse(stdout).applied).sort();
		assert.equal(applied[0], 0);
		assert.equal(String(applied[1]), await owner.sql("SELECT count(*) FROM twice.schema_migrations"));
	});

	test("one whose schema is newer or changed is refused with a sentence", async (t) => {
		const owner = await up(t, await stateFolder(t));
		await owner.run(["--database-schema=newer", "migrate"]);
		await owner.sql("INSERT INTO newer.schema_migrations VALUES (9999, '9999_future', 'x')");
		const newer = await owner.run(["--database-schema=newer", "migrate"]);
		assert.equal(newer.status, 1);
		assert.match(newer.stderr, /newer than this program: it holds migration 9999_future/);
		await owner.sql("DELETE FROM newer.schema_migrations WHERE number = 9999; UPDATE newer.schema_migrations SET sha256 = 'x' WHERE number = 1");
		const changed = await owner.run(["--database-schema=newer", "migrate"]);
		assert.equal(changed.status, 1);
		assert.match(changed.stderr, /0001_core .* another content/);
		const status = await owner.run(["--database-schema=newer", "migrate", "--status"]);
		assert.match(status.stdout, /1 +0001_core +changed/);
	});
});
