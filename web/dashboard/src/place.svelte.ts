// Where the reader is: all of it stands in the address, so that a link shows the same view and the back button works.
import { comparedOf, isCompared, presetOf, queryOf, rangeOf, viewOf, type Query } from "./question";
import { presetDates, type Dates } from "./range";

// What belongs to one page only and is left behind with it.
const OWN = ["by", "model", "sort", "limit", "cursor", "figure", "interval", "session", "period", "pages", "sources", "devices", "places",
  "steps", "window", "per", "left", "page", "device", "open", "person"];

let given = $state.raw(new URLSearchParams(location.search));
// The zone of the settings, once an answer has named it.
let zone = $state<string | null>(null);

addEventListener("popstate", () => { given = new URLSearchParams(location.search); });

export type Changes = Record<string, string | null>;

function changed(changes: Changes): URLSearchParams {
  const next = new URLSearchParams(given);
  if ("view" in changes)
    for (const name of OWN)
      next.delete(name);
  for (const [name, value] of Object.entries(changes))
    if (value === null || value === "")
      next.delete(name);
    else
      next.set(name, value);
  return next;
}

// Slashes, colons and commas may stand as they are, and are read more easily.
const text = (parameters: URLSearchParams) => parameters.toString().replace(/%2F/g, "/").replace(/%3A/g, ":").replace(/%2C/g, ",");

export const href = (changes: Changes) => `/?${text(changed(changes))}`;

export function go(changes: Changes, isOfItself = false): void {
  const next = changed(changes);
  if (next.toString() === given.toString())
    return;
  history[isOfItself ? "replaceState" : "pushState"](null, "", next.size === 0 ? "/" : `/?${text(next)}`);
  given = next;
}

// For links, which a click follows without a new page, and Ctrl and a click as any link.
export function follow(event: MouseEvent): void {
  const link = event.currentTarget as HTMLAnchorElement;
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  if (link.search !== location.search)
    history.pushState(null, "", link.href);
  given = new URLSearchParams(link.search);
  scrollTo(0, 0);
}

export const place = {
  get given() { return given; },
  get view() { return viewOf(given); },
  get filter() { return given.get("filter") ?? ""; },
  get isCompared() { return isCompared(given); },
  get tz() { return given.get("tz") ?? undefined; },
  get zoneUsual() { return zone; }, // of the settings; null where it is not known
  get isZoneKnown() { return zone !== null || given.has("tz"); },
  get zone() { return given.get("tz") ?? zone ?? "UTC"; },
  get preset() { return presetOf(given); },
  get dates(): Dates {
    if (place.preset !== null)
      return presetDates(place.preset, place.zone);
    const { from, to } = rangeOf(given);
    return { from: from!, to: to ?? presetDates("today", place.zone).to };
  },
  own(name: string, usual: string) { return given.get(name) ?? usual; },
  get range(): Query { return rangeOf(given); },
  get query(): Query { return queryOf(given); },
  get queryCompared(): Query { return comparedOf(given); },
};

export function zoneLearn(name: string): void {
  if (!given.has("tz"))
    zone = name;
}
