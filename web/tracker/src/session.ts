// Sessions, and the numbers of their page views. Both are shared by all tabs, so they are taken under a lock of the browser.
import { id, timeOf, type Id } from "./clock.js";
import { config } from "./config.js";
import { get, set } from "./store.js";
import { recognize, SEQUENCE, SESSION, type View } from "./view.js";

const DAY_MS = 864e5;
// What one process writes reaches another's local storage a little later.
const HELD_MS = 99;

export const isOver = (): boolean =>
  Math.abs(Date.now() - get<number>("t")) > (config.timeout as number) || Date.now() - timeOf(get("s")) > DAY_MS;

const waiting: View[] = [];

const number = (view: View): void => {
  const [session, last] = isOver() ? [] : get<[Id?, number?]>("s");
  set("s", [view[SESSION] = session || id(timeOf(view[0])), view[SEQUENCE] = -~last!]);
  set("t", Date.now());
  recognize(view);
};

/** Numbers what waits for the lock; at the end of a page there is no time to get it. */
export const settle = (): void => waiting.splice(0).forEach(number);

/** Has the view numbered under the lock. By then another may be on. */
export const enter = (view: View): void => {
  waiting.push(view);
  if (navigator.locks)
    navigator.locks.request(config.global, () => waiting[0] && new Promise((release) => {
      settle();
      setTimeout(release, HELD_MS);
    })).catch(settle);
  else
    settle();
};
