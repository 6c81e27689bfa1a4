// A report that follows what is asked: the newest question's answer, the old one while it is under way, or what went wrong.
import { untrack } from "svelte";
import { Problem, address, askJson, type Query, type Question, type Report } from "./api";
import { accessKnown, accessLost } from "./access.svelte";
import { zoneLearn } from "./place.svelte";

const REFRESH_MS = 60_000;

export class Loaded {
  report = $state.raw<Report | null>(null);
  asked = $state.raw<Query>({}); // what this report is the answer to
  problem = $state.raw<Problem | null>(null);
  isLoading = $state(false);
}

export const problemText = ({ problem, report }: Loaded) =>
  `${report === null ? "No figures" : "Not up to date"}: ${problem!.message}.${problem!.isPassing ? " Trying again by itself." : ""}`;

// `question` gives null where nothing is to be asked, `again` how long after an answer it is asked anew. To be called while a
// component is made.
export function load(question: () => Question | null, again: (report: Report) => number = () => REFRESH_MS): Loaded {
  const loaded = new Loaded();
  // What changes in the address without changing the question asks nothing.
  const asked = $derived(question());
  const url = $derived(asked === null ? null : address(asked.path, asked.query));
  const version = $derived(asked?.version);
  $effect(() => {
    void version;
    if (url === null)
      return undefined;
    const query = untrack(() => asked!.query);
    const stop = new AbortController();
    let timer = 0;
    let isOld = true; // what is shown answers another question
    const later = (ms: number) => { timer = window.setTimeout(() => document.hidden ? later(ms) : void once(), ms); };
    const once = async () => {
      loaded.isLoading = true;
      try {
        const report = await askJson<Report>(url, { signal: stop.signal });
        if (stop.signal.aborted)
          return;
        accessKnown();
        if (report.range !== undefined)
          zoneLearn(report.range.tz);
        loaded.report = report;
        loaded.asked = query;
        loaded.problem = null;
        isOld = false;
        later(again(report));
      } catch (error) {
        if (stop.signal.aborted)
          return;
        if (isOld || !(error as Problem).isPassing)
          loaded.report = null;
        failed(loaded, error as Problem, later);
      }
      loaded.isLoading = false;
    };
    void once();
    return () => { stop.abort(); clearTimeout(timer); };
  });
  return loaded;
}

function failed(loaded: Loaded, problem: Problem, later: (ms: number) => void): void {
  if (problem.status === 401) {
    accessLost();
    return;
  }
  loaded.problem = problem;
  if (problem.isPassing)
    later(Math.min(Math.max(problem.retryAfterSeconds || 5, 1), 60) * 1000);
}
