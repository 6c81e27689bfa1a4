// Page views: each has an id from its first moment, and a number in its session soon after.
import { clean, here, place } from "./address.js";
import { uuid } from "./clock.js";
import { config } from "./config.js";
import { isAllowed } from "./consent.js";
import { push, restore } from "./deliver.js";
import { leave } from "./leave.js";
import { enter, goesOn, type Session } from "./session.js";
import { get, set } from "./store.js";
import { view, viewSet, type Properties } from "./view.js";
import { vitalsReset } from "./vitals.js";

let isFirst = true;

export const person = (): Properties => {
  if (!get("a"))
    set("a", uuid());
  return { anonymousId: get("a"), ...JSON.parse(get("u") || "{}") };
};

export const viewBegin = (properties?: Properties, referrer?: string): void => {
  referrer ??= view ? view.page.url as string : document.referrer && clean(document.referrer).href;
  leave();
  if (VITALS)
    vitalsReset();
  const began = Date.now();
  const url = here();
  const who: Properties = {};
  const session: Session = { pageViewId: uuid(began) };
  const made = {
    who, session, properties: { ...properties }, place: place(url),
    page: { url: config.canonical && document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href || url.href, referrer },
    visibleMs: 0, scrollY: 0, clicks: 0, interactions: 0, isFirst, told: "", mark: 0,
  };
  isFirst = false;
  viewSet(made);
  enter(session, began, () => {
    Object.assign(who, person());
    push({ type: "page", properties: made.properties }, { ...made, who }, session.pageViewId);
    restore();
  });
};

/** Whatever is done here is done on a view of this place, in the session that goes on. */
export const viewCheck = (): void => {
  if (isAllowed() && !(view && view.place == place(here()) && goesOn(view.session)))
    viewBegin();
};

/** A message about what is on now; none where nothing is measured. */
export const tell = (fields: Properties): void => {
  viewCheck();
  if (view)
    push(fields, view);
};
