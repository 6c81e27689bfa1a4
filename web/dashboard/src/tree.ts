// What came after a page, step by step, from the ways of the sessions that saw it.
import { cut } from "./filter";
import type { Row } from "./api";

export const STEPS = 10; // pages of a session that a way holds

// `page` is null where sessions came no further: they ended, or their way is not known beyond.
export interface Node { page: string | null; isKnown: boolean; sessions: number; after: Node[] }

// As the API's filter has it: * for any text; of a page its host may be left out.
export function isLike(pattern: string): (page: string) => boolean {
  const like = new RegExp(`^${pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join(".*")}$`, "s");
  return (page) => like.test(page) || like.test(page.slice(Math.max(page.indexOf("/"), 0)));
}
export const conditionOf = (pattern: string) => `page:${pattern.replace(/[;,!\\]/g, "\\$&")}`;

function child(parent: Node, page: string | null, isKnown: boolean): Node {
  let found = parent.after.find((node) => node.page === page && node.isKnown === isKnown);
  if (found === undefined)
    parent.after.push(found = { page, isKnown, sessions: 0, after: [] });
  return found;
}

// From where they saw it first. The most taken come first, those that ended among them.
export function treeOf(rows: Row[], pattern: string): Node {
  const isStart = isLike(pattern);
  const root: Node = { page: pattern, isKnown: true, sessions: 0, after: [] };
  for (const row of rows) {
    const pages = row.path as string[];
    const start = pages.findIndex(isStart);
    if (start === -1)
      continue;
    let node = root;
    for (const page of [...pages.slice(start + 1), null]) {
      node.sessions += Number(row.sessions);
      node = child(node, page, page !== null || pages.length < STEPS);
    }
    node.sessions += Number(row.sessions);
  }
  sort(root);
  return root;
}

function sort(node: Node): void {
  node.after.sort((one, other) => other.sessions - one.sessions || String(one.page).localeCompare(String(other.page)));
  node.after.forEach(sort);
}

// Which nodes are open, as the address has them: PAGE,PAGE;PAGE, each the way to one, with \ before what stands for itself.
const escaped = (page: string) => page.replace(/[;,\\]/g, "\\$&");
export const keyOf = (way: string[]) => way.map(escaped).join(",");
export const keysOf = (text: string) => text === "" ? [] : cut(text, ";");
// An open node closes with all below it.
export const toggled = (keys: string[], key: string) =>
  keys.includes(key) ? keys.filter((one) => one !== key && !one.startsWith(`${key},`)) : [...keys, key];
