// What the overview asks. It stands apart from what shows it, since it is asked before that is ready.
import { comparedOf, daysOf, queryOf, type Question } from "./question";

const DAY_ROWS_MOST = 120;
const PANEL_ROWS = "8";

export interface PanelAsked { name: string; heading: string; choices: Record<string, string> }

// The lists; each by one out of several dimensions, the first where none is chosen.
export const PANELS: PanelAsked[] = [
  { name: "pages", heading: "Pages", choices: { page: "Top", entry_page: "Entry", exit_page: "Exit" } },
  { name: "sources", heading: "Sources", choices: { channel: "Channel", referrer_domain: "Referrer", utm_campaign: "Campaign" } },
  { name: "devices", heading: "Devices", choices: { device_type: "Type", browser: "Browser", os: "System", screen: "Screen" } },
  { name: "places", heading: "Places", choices: { timezone: "Time zone", country: "Country", locale: "Language" } },
];

export const intervalUsual = (given: URLSearchParams) => daysOf(given) <= DAY_ROWS_MOST ? "day" : "week";
export const intervalOf = (given: URLSearchParams) => given.get("interval") ?? intervalUsual(given);
export function figuresAsked(given: URLSearchParams): Question {
  const interval = intervalOf(given);
  return { path: "overview", query: { ...comparedOf(given), interval: interval === "day" ? undefined : interval } };
}
export const notesAsked = (): Question => ({ path: "annotations", query: {} });

export const panelBy = (given: URLSearchParams, { name, choices }: PanelAsked) => given.get(name) ?? Object.keys(choices)[0]!;
export function panelAsked(given: URLSearchParams, panel: PanelAsked): Question {
  const by = panelBy(given, panel);
  return { path: by === "page" ? "pages" : "breakdown", query: { ...queryOf(given), by: by === "page" ? undefined : by, limit: PANEL_ROWS } };
}
