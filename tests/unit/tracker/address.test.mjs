import assert from "node:assert/strict";
import { test } from "node:test";

import { modules } from "./source.mjs";

// A browser's `location`, as far as an address needs it.
async function at(href, options = {}) {
	globalThis.location = new URL(href);
	const address = await modules('export * from "./address.js"; export { config } from "./config.js";');
	Object.assign(address.config, { deny: ".*token.*|pass.|x\\.y|.*_key" }, options);
	return address;
}

test("denied query parameters do not leave the browser, whatever their case; the others stay as they are", async () => {
	const { clean } = await at("https://shop.example/");
	for (const [given, kept] of [
		["?a=1&token=x&b=2", "?a=1&b=2"], ["?TOKEN=x", ""], ["?my_token_2=x&token=y&a=1", "?a=1"], ["?api_key=x&key=1", "?key=1"],
		["?pass1=x&pass=1&pass12=1", "?pass=1&pass12=1"], ["?x.y=1&xy=1", "?xy=1"], ["?q=a%20b&c", "?q=a%20b&c"], ["", ""],
		["?%74oken=x&a=1", "?a=1"],
	])
		assert.equal(clean(`https://shop.example/p${given}#h?token=x`), `https://shop.example/p${kept}`, given);
});

test("a hash is a part of the address only where it routes", async () => {
	const href = "https://shop.example/app?utm_source=x#/list?page=2&token=t";
	assert.equal((await at(href)).here(), "https://shop.example/app?utm_source=x");
	for (const hash of ["", true])
		assert.equal((await at(href, { hash })).here(), "https://shop.example/app/list?page=2&utm_source=x");
	assert.equal((await at(href, { hash: false })).here(), "https://shop.example/app?utm_source=x");
	assert.equal((await at("https://shop.example/#/list", { hash: true })).here(), "https://shop.example/list");
	assert.equal((await at("https://shop.example/app/", { hash: true })).here(), "https://shop.example/app/");
});

test("a changed query or hash is another place only where that is asked for", async () => {
	const placeOf = async (href, options) => (await at(`https://shop.example${href}`, options)).place();
	assert.equal(await placeOf("/a?b=1#x"), await placeOf("/a?b=2#y"));
	assert.notEqual(await placeOf("/a"), await placeOf("/b"));
	assert.notEqual(await placeOf("/a?b=1", { search: true }), await placeOf("/a?b=2", { search: true }));
	assert.equal(await placeOf("/#/a?b=1", { hash: true }), await placeOf("/#/a?b=2", { hash: true }));
	assert.notEqual(await placeOf("/#/a", { hash: true }), await placeOf("/#/b", { hash: true }));
});
