// The page view that is on: what its messages say of it. They keep references, since some of it is known only later.
import { config } from "./config.js";
import type { Session } from "./session.js";

export type Properties = Record<string, unknown>;

/** Undefined where nothing is measured. */
export let page: Properties | undefined;
export let who: Properties;
export let session: Session;

/** Running totals; the greatest that is sent counts. */
export let totals: { type: "leave"; visibleMs: number; scrollDepthPercent: number; clicks: number; interactions: number };

export const viewSet = (nextPage: Properties, nextWho: Properties, nextSession: Session): void => {
  page = nextPage;
  who = nextWho;
  session = nextSession;
  totals = { type: "leave", visibleMs: 0, scrollDepthPercent: 0, clicks: 0, interactions: 0 };
};

export const viewDrop = (): void => {
  page = undefined;
};

/** In single-page apps the title often follows its page; so it is read as late as can be. */
export const viewRefresh = (): void => {
  if (page) {
    page.title = document.title;
    if (EXTRAS)
      page.category ||= document.body?.dataset.sojournCategory || config.category;
  }
};
