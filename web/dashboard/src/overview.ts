// What the overview asks. It stands apart from what shows it, since it is asked before that is ready.
import type { Question } from "./api";
import { place } from "./place.svelte";

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

export const intervalUsual = () => place.days <= DAY_ROWS_MOST ? "day" : "week";
export const interval = () => place.own("interval", intervalUsual());
export const figuresAsked = (): Question => ({ path: "overview", query: { ...place.queryCompared, interval: interval() === "day" ? undefined : interval() } });
export const notesAsked = (): Question => ({ path: "annotations", query: {} });

export const panelBy = ({ name, choices }: PanelAsked) => place.own(name, Object.keys(choices)[0]!);
export function panelAsked(panel: PanelAsked): Question {
  const by = panelBy(panel);
  return { path: by === "page" ? "pages" : "breakdown", query: { ...place.query, by: by === "page" ? undefined : by, limit: PANEL_ROWS } };
}
