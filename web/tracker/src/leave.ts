// What became of a view: how long it was seen, how far down, how often it was used. Sent again and again, so that the last
// page has it even when the browser is killed.
import { LEAVE, push, refresh } from "./deliver.js";
import { DEPTH, totals, view, VISIBLE } from "./view.js";
import { vitals } from "./vitals.js";

// Since when the page is seen, by the clock that changes of time leave alone; 0 while it is not.
let since = 0;

export const seen = (): void => {
  since = document.hidden ? 0 : performance.now();
};

export const scrolled = (): void => {
  totals[DEPTH] = Math.max(totals[DEPTH], (scrollY + innerHeight) / document.documentElement.scrollHeight * 100);
};

export const leave = (): void => {
  if (view && since) {
    totals[VISIBLE] += performance.now() - since;
    scrolled();
    refresh();
    push(LEAVE, totals, ...VITALS ? [vitals()] : []);
  }
  seen();
};
