// All that a state directory holds: its files, and a dump of its database. For tests that look for what must not be there.
import { readdirSync, statSync } from "node:fs";
import path from "node:path";

import { run } from "./harness.mjs";

export function* filesOf(folder) {
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const file = path.join(folder, entry.name);
		// As root, the database may lie behind a link.
		if (entry.isDirectory() || (entry.isSymbolicLink() && statSync(file, { throwIfNoEntry: false })?.isDirectory())) yield* filesOf(file);
		else if (entry.isFile()) yield file;
	}
}

export async function dumpOf(stateDir) {
	const [program] = readdirSync("/usr/lib/postgresql").map((version) => `/usr/lib/postgresql/${version}/bin/pg_dump`).toSorted().reverse();
	const { status, stdout, stderr } = await run(["-h", path.join(stateDir, "postgres/socket"), "-U", "sojourn", "sojourn"], { program, as: [], maxBuffer: 400 << 20 });
	if (status !== 0) throw new Error(`pg_dump: ${stderr}`);
	return stdout;
}
