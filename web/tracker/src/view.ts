// The page view that is on, as its messages show it to the server: a list whose places docs/reference/tracker.md names. They
// all hold the same list, since some of it is known only later.
import { id, type Id } from "./clock.js";
import { get, set } from "./store.js";

export type Properties = Record<string, unknown>;

export type View = [
  id: Id, url: string, referrer: string, title?: string,
  // Filled in under the lock; who needs them before keeps the list, and sends nothing.
  session?: Id, sequence?: number, anonymousId?: string, user?: [userId: unknown, signature?: string],
  category?: unknown,
];
export const TITLE = 3;
export const SESSION = 4;
export const SEQUENCE = 5;
export const ANONYMOUS = 6;
export const USER = 7;
export const CATEGORY = 8;

/** Undefined where nothing is measured. */
export let view: View | undefined;

/** Running totals of the view; the greatest that is sent counts. */
export let totals: [visibleMs: number, scrollDepthPercent: number, otherClicks: number, changes: number, clicksOnControls: number];
export const VISIBLE = 0;
export const DEPTH = 1;
export const OTHER_CLICKS = 2;
export const CHANGES = 3;
export const CONTROL_CLICKS = 4;

export const viewSet = (next?: View): void => {
  view = next;
  totals = [0, 0, 0, 0, 0];
};

/** Fills in who it is. */
export const recognize = (view: View): void => {
  if (!get<Id>("a")[0])
    set("a", id());
  view[ANONYMOUS] = get("a");
  view[USER] = get("u");
};
