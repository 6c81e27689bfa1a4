// What tests do with lists.

// The list in parts: key → those of it.
export function group(list, keyOf) {
	const groups = new Map();
	for (const one of list) {
		const key = keyOf(one);
		if (!groups.has(key)) groups.set(key, []);
		groups.get(key).push(one);
	}
	return groups;
}
