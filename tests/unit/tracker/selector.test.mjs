import assert from "node:assert/strict";
import { test } from "node:test";

import { modules } from "./source.mjs";

globalThis.document = { referrer: "" };
globalThis.location = new URL("https://shop.example/");
const { selector } = await modules('export { selector } from "./interactions.js";');

// An element as far as a selector needs it: "name" or "name#id", with children.
function element(what, ...children) {
	const [localName, id = ""] = what.split("#");
	const made = { localName, id, children, parentElement: null };
	for (const child of children)
		child.parentElement = made;
	return made;
}

test("a selector begins at the nearest id", () => {
	const link = element("a");
	element("html", element("body", element("nav#top", element("ul", element("li", link)))));
	assert.equal(selector(link), "nav#top>ul>li>a");
	const own = element("a#out");
	element("body", own);
	assert.equal(selector(own), "a#out");
});

test("an element has its place among those of the same kind, the first one too", () => {
	const links = [element("a"), element("a"), element("a")];
	element("body", element("p"), links[0], element("b"), links[1], links[2]);
	assert.deepEqual(links.map(selector), ["body>a:nth-of-type(1)", "body>a:nth-of-type(2)", "body>a:nth-of-type(3)"]);
});

test("a selector has eight steps at most", () => {
	let inner = element("i");
	const deepest = inner;
	for (let count = 0; count < 20; count++)
		inner = element("div", inner);
	assert.equal(selector(deepest).split(">").length, 8);
});
