// Where the reader is: all of it stands in the address, so that a link shows the same view and the back button works.
import type { Query } from "./api";
import { PRESETS, PRESET_USUAL, daysIn, presetDates, type Dates } from "./range";

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
  get view() { return given.get("view") ?? "overview"; },
  get filter() { return given.get("filter") ?? ""; },
  get isCompared() { return given.get("compare") !== "none"; },
  get tz() { return given.get("tz") ?? undefined; },
  get isZoneKnown() { return zone !== null || given.has("tz"); },
  get zone() { return given.get("tz") ?? zone ?? "UTC"; },
  get preset() { return given.has("from") || given.has("to") ? null : PRESETS.find(({ name }) => name === given.get("range"))?.name ?? PRESET_USUAL; },
  get dates(): Dates {
    if (place.preset !== null)
      return presetDates(place.preset, place.zone);
    const to = given.get("to") ?? presetDates("today", place.zone).to;
    return { from: given.get("from") ?? to, to };
  },
  get days() { return daysIn(place.dates); },
  own(name: string, usual: string) { return given.get(name) ?? usual; },
  // What every report over a range is asked with. Of which dates a preset is, the server says: it knows its zone.
  get range(): Query {
    return place.preset === null ? { ...place.dates, tz: place.tz } : { range: place.preset === PRESET_USUAL ? undefined : place.preset, tz: place.tz };
  },
  get query(): Query { return { ...place.range, filter: place.filter }; },
  get queryCompared(): Query { return { ...place.query, compare: place.isCompared ? "previous" : undefined }; },
};

export function zoneLearn(name: string): void {
  if (!given.has("tz"))
    zone = name;
}
