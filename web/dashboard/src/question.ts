// What the API is asked, and what an address of the page says of that. Nothing here needs the page to be there.
import { PRESETS, PRESET_USUAL, daysIn, presetDays } from "./range";

export type Query = Record<string, string | undefined>;
// `version`: another one asks anew.
export interface Question { path: string; query: Query; version?: number }

export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "");
  return `/api/v1/${path}${given.length === 0 ? "" : `?${new URLSearchParams(given)}`}`;
}

export const send = (url: string, options: RequestInit = {}) =>
  fetch(url, { cache: "no-store", ...options, headers: { Accept: "application/json", ...options.headers } });

// ── An address ──

export const viewOf = (given: URLSearchParams) => given.get("view") ?? "overview";
export const isCompared = (given: URLSearchParams) => given.get("compare") !== "none";
export const presetOf = (given: URLSearchParams) =>
  given.has("from") || given.has("to") ? null : PRESETS.find(({ name }) => name === given.get("range"))?.name ?? PRESET_USUAL;

// What every report over a range is asked with. The usual range is the API's own, and of which dates a preset is, the server says:
// it knows its zone.
export function rangeOf(given: URLSearchParams): Query {
  const preset = presetOf(given);
  const tz = given.get("tz") ?? undefined;
  if (preset !== null)
    return { range: preset === PRESET_USUAL ? undefined : preset, tz };
  return { from: given.get("from") ?? given.get("to")!, to: given.get("to") ?? undefined, tz };
}

export const queryOf = (given: URLSearchParams): Query => ({ ...rangeOf(given), filter: given.get("filter") ?? "" });
export const comparedOf = (given: URLSearchParams): Query => ({ ...queryOf(given), compare: isCompared(given) ? "previous" : undefined });

// About as many: without a look at a clock in some zone, for which a first load would wait.
export function daysOf(given: URLSearchParams): number {
  const preset = presetOf(given);
  if (preset !== null)
    return presetDays(preset);
  const { from, to } = rangeOf(given);
  return daysIn({ from: from!, to: to ?? new Date().toISOString().slice(0, 10) });
}
