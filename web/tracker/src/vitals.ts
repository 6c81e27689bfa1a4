// Web vitals, as the browser measures them: largest contentful paint of the first view, interaction to next paint and
// cumulative layout shift of each.
import { guard } from "./guard.js";
import type { Properties } from "./view.js";

interface Entry extends PerformanceEntry {
  interactionId?: number;
  hadRecentInput?: boolean;
  value?: number;
}

// Slower than this are not asked for; it is the least that browsers allow.
const DURATION_MS_LEAST = 16;
// A burst of shifts: gaps of a second at most, five seconds in all.
const SHIFT_GAP_MS = 1e3;
const SHIFTS_MS = 5e3;

let paintMs: number | undefined;
let slowest: Record<number, number> = {};
let shift: number | undefined;
let burst = 0;
let burstFrom = 0;
let burstTo = 0;

const isVisibleFirst = !document.hidden;

const painted = (entry: Entry): void => {
  if (isVisibleFirst)
    paintMs = entry.startTime;
};

const interacted = ({ interactionId, duration }: Entry): void => {
  if (interactionId)
    slowest[interactionId] = Math.max(slowest[interactionId] || 0, duration);
};

const shifted = ({ hadRecentInput, startTime, value }: Entry): void => {
  if (hadRecentInput)
    return;
  if (startTime - burstTo > SHIFT_GAP_MS || startTime - burstFrom > SHIFTS_MS) {
    burst = 0;
    burstFrom = startTime;
  }
  burstTo = startTime;
  burst += value!;
  shift = Math.max(shift || 0, burst);
};

const observers: [PerformanceObserver, (entry: Entry) => void][] = [];

export const vitalsBegin = (): void => {
  const kinds: [string, (entry: Entry) => void][] = [
    ["largest-contentful-paint", painted], ["event", interacted], ["first-input", interacted], ["layout-shift", shifted],
  ];
  for (const [type, take] of kinds)
    if (PerformanceObserver.supportedEntryTypes.includes(type)) {
      const observer = new PerformanceObserver(guard((list) => list.getEntries().forEach(take)));
      observer.observe({ type, buffered: true, durationThreshold: DURATION_MS_LEAST } as PerformanceObserverInit);
      observers.push([observer, take]);
    }
};

/** A new view has its own interactions and shifts. */
export const vitalsReset = (): void => {
  slowest = {};
  burst = 0;
  shift = undefined;
};

export const vitals = (isFirst: boolean): Properties => {
  for (const [observer, take] of observers)
    observer.takeRecords().forEach(take);
  const durations = Object.values(slowest).sort((a, b) => b - a);
  const begin = (performance.getEntriesByType("navigation")[0] as { activationStart?: number } | undefined)?.activationStart || 0;
  return {
    lcpMs: isFirst && paintMs ? Math.max(0, Math.round(paintMs - begin)) : undefined,
    // Of fifty interactions one may be as slow as it likes.
    inpMs: durations[Math.floor(durations.length / 50)],
    cls: shift,
  };
};
