// What became of a view: how long it was seen, how far down, how often it was used. Running totals, sent again and again, so
// that the last page has them even when the browser is killed; the greatest counts.
import { push } from "./deliver.js";
import { view, type Properties } from "./view.js";
import { vitals } from "./vitals.js";

// Since when the page is seen; 0 while it is not. Of the clock that a change of time leaves alone.
let since = 0;

/** Adds up the time seen so far. */
export const seen = (isSeen: boolean): void => {
  const now = performance.now();
  if (view && since)
    view.visibleMs += now - since;
  since = isSeen ? now : 0;
};

const loadTimes = (): Properties | undefined => {
  const [load] = performance.getEntriesByType("navigation") as (PerformanceNavigationTiming & { activationStart?: number })[];
  const began = load?.activationStart || 0;
  return load?.loadEventEnd
    ? { loadMs: Math.round(load.loadEventEnd - began), interactiveMs: Math.round(load.domInteractive - began) }
    : undefined;
};

export const leave = (): void => {
  seen(since > 0);
  if (!view)
    return;
  const fields = {
    type: "leave",
    visibleMs: Math.round(view.visibleMs),
    scrollDepthPercent: Math.min(100, Math.round((view.scrollY + innerHeight) / document.documentElement.scrollHeight * 100)),
    clicks: view.clicks,
    interactions: view.interactions,
    ...view.isFirst && loadTimes(),
    ...VITALS && vitals(view.isFirst),
  };
  const told = JSON.stringify(fields);
  if (told != view.told)
    push(fields, view);
  view.told = told;
};
