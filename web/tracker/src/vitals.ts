// How fast the page was, as the browser measures it: load and Web Vitals. What belongs to the loading of the document is told
// of its first view; interactions and shifts are told of the view they happen on.
import { guard } from "./guard.js";
import { totals } from "./view.js";

interface Entry extends PerformanceEntry {
  interactionId?: number;
  hadRecentInput?: boolean;
  value?: number;
}

type Navigation = PerformanceNavigationTiming & { activationStart?: number };

// The least that browsers look at.
const DURATION_MS_LEAST = 16;
// Shifts are a burst up to five seconds long, with gaps of a second at most.
const SHIFT_GAP_MS = 1e3;
const SHIFTS_MS = 5e3;

let of: unknown;
let first: unknown;
let paintMs = 0;
let slowest: Record<number, number> = {};
let shift = 0;
let burst = 0;
let burstFrom = 0;
let burstTo = 0;

// Whose measurements these are; another view begins with none.
const turn = (): void => {
  if (of != totals) {
    of = totals;
    slowest = {};
    shift = burst = burstFrom = burstTo = 0;
  }
  first ||= totals;
};

const takes: Record<string, (entry: Entry) => void> = {
  "largest-contentful-paint": ({ startTime }) => { paintMs = startTime; },
  event: ({ interactionId, duration }) => {
    if (interactionId)
      slowest[interactionId] = Math.max(slowest[interactionId] || 0, duration);
  },
  "layout-shift": ({ hadRecentInput, startTime, value }) => {
    if (hadRecentInput)
      return;
    if (startTime - burstTo > SHIFT_GAP_MS || startTime - burstFrom > SHIFTS_MS) {
      burst = 0;
      burstFrom = startTime;
    }
    burstTo = startTime;
    burst += value!;
    shift = Math.max(shift, burst);
  },
};
takes["first-input"] = takes.event!;

const observers: [PerformanceObserver, (entry: Entry) => void][] = [];

export const vitalsBegin = (): void => {
  for (const type in takes) {
    const take = takes[type]!;
    const observer = new PerformanceObserver(guard((list) => {
      turn();
      list.getEntries().forEach(take);
    }));
    observer.observe({ type, buffered: true, durationThreshold: DURATION_MS_LEAST } as PerformanceObserverInit);
    observers.push([observer, take]);
  }
};

export const vitals = (): (number | undefined)[] => {
  turn();
  for (const [observer, take] of observers)
    observer.takeRecords().forEach(take);
  const durations = Object.values(slowest).sort((a, b) => b - a);
  const load = performance.getEntriesByType("navigation")[0] as Navigation | undefined;
  const began = load?.activationStart || 0;
  return [
    // Of fifty interactions one may be as slow as it likes.
    durations[durations.length / 50 | 0], shift,
    ...first == of ? [paintMs ? paintMs - began : undefined, ...load?.loadEventEnd ? [load.loadEventEnd - began, load.domInteractive - began] : []] : [],
  ];
};
