// What the tracker listens to.
import { consents, identify, page, reset, track, type Tracker } from "./api.js";
import { consent, isAllowed } from "./consent.js";
import { restore, send, store } from "./deliver.js";
import { guard, on } from "./guard.js";
import { interactionsBegin } from "./interactions.js";
import { leave, scrolled, seen } from "./leave.js";
import { viewCheck } from "./page.js";
import { get, keep } from "./store.js";
import { CHANGES, CONTROL_CLICKS, OTHER_CLICKS, totals, viewSet } from "./view.js";
import { vitalsBegin } from "./vitals.js";

const SEND_MS = 1e3;
const BEAT_MS = 15e3;
// Who has not moved for so long is not asked after.
const USED_MS = 6e4;

let used = 0;

const show = (): void => {
  used = Date.now();
  seen();
  viewCheck();
  restore();
};

const hide = (): void => {
  leave();
  void send(true);
  store();
};

// The address may change several times at once, as with a redirect; where it then stands is the view.
const moved = (): unknown => setTimeout(guard(viewCheck));

const act = ({ type, target }: Event): void => {
  viewCheck();
  totals[type != "click" ? CHANGES : (target as Element).closest("a,button") ? CONTROL_CLICKS : OTHER_CLICKS]++;
};

/** Once `config` is filled. */
export const start = (): Tracker => {
  keep(true);
  Object.assign(consent, get<object>("c"));
  keep(isAllowed());
  on("click change submit", act);
  on("scroll", scrolled);
  on("scroll keydown pointermove", () => { used = Date.now(); });
  on("visibilitychange", () => document.hidden ? hide() : show());
  // A page that comes back from the browser's cache becomes visible, and is a view anew.
  on("pagehide", () => {
    hide();
    viewSet();
  });
  on("popstate", moved);
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name].bind(history);
    history[name] = (...given) => {
      moved();
      original(...given);
    };
  }
  setInterval(send, SEND_MS);
  setInterval(guard(() => {
    if (Date.now() - used < USED_MS) {
      viewCheck();
      leave();
    }
  }), BEAT_MS);
  show();
  if (VITALS)
    vitalsBegin();
  if (INTERACTIONS)
    interactionsBegin();
  return { track: guard(track), page: guard(page), identify: guard(identify), reset: guard(reset), consent: guard(consents) };
};
