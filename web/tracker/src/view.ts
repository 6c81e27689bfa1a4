// The page view that is on.
import { config } from "./config.js";
import type { Session } from "./session.js";

export type Properties = Record<string, unknown>;

/** Of a view: who looks at it, what it shows, where it belongs. Messages refer to it, and some of it is known late. */
export interface Where {
  who: Properties;
  page: Properties;
  session: Session;
}

export interface View extends Where {
  /** What is said of it besides: category, name. */
  properties: Properties;
  /** As place() of its address. */
  place: string;
  // Running totals; `told` is what was last sent of them.
  visibleMs: number;
  scrollY: number;
  clicks: number;
  interactions: number;
  isFirst: boolean;
  told: string;
  /** The deepest scroll mark that was told. */
  mark: number;
}

/** Undefined where nothing is measured. */
export let view: View | undefined;

export const viewSet = (next?: View): void => {
  view = next;
};

/** In single-page apps the title often follows its page; so it is read as late as can be. */
export const viewRefresh = (): void => {
  if (view) {
    view.page.title = document.title;
    view.properties.category ||= document.body?.dataset.sojournCategory || config.category;
  }
};
