// What the tracker listens to.
import { consents, identify, page, reset, track, type Tracker } from "./api.js";
import { configure, type Config } from "./config.js";
import { consentRead, isAllowed } from "./consent.js";
import { restore, send, store } from "./deliver.js";
import { guard, on } from "./guard.js";
import { interactionsBegin } from "./interactions.js";
import { leave, seen } from "./leave.js";
import { viewBegin, viewCheck } from "./page.js";
import { drop, keep, open } from "./store.js";
import { view, viewRefresh } from "./view.js";
import { vitalsBegin } from "./vitals.js";

const BEAT_MS = 15e3;
// Who has not moved for so long is not asked after.
const USED_MS = 6e4;

let used = 0;

// Called once the address may have changed; what changes it several times at once makes one page view.
const moved = (): void => {
  viewRefresh();
  setTimeout(guard(viewCheck));
};

const historyWatch = (name: "pushState" | "replaceState"): void => {
  const original = history[name];
  history[name] = function (...given) {
    guard(moved)();
    return original.apply(this, given);
  };
};

const counted = ({ type, target }: Event): void => {
  viewCheck();
  if (view) {
    if (type == "click")
      view.clicks++;
    if (type != "click" || (target as Element).closest("a,button,summary,[role=button]"))
      view.interactions++;
  }
};

const hide = (): void => {
  leave();
  seen(false);
  send(true);
  store();
};

const show = (): void => {
  used = performance.now();
  seen(true);
  restore();
  viewCheck();
};

export const start = (options: Config): Tracker => {
  configure(options);
  open();
  consentRead();
  keep(isAllowed());
  on("click change submit", counted);
  on("click keydown scroll pointermove touchstart", () => { used = performance.now(); });
  on("scroll", () => {
    if (view)
      view.scrollY = Math.max(view.scrollY, scrollY);
  });
  on("visibilitychange", () => document.hidden ? hide() : show());
  on("pagehide", hide);
  on("pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted) {
      seen(true);
      viewBegin({}, "");
    }
  });
  on("popstate", moved);
  on("online", () => {
    drop("r");
    send();
  });
  historyWatch("pushState");
  historyWatch("replaceState");
  setInterval(guard(() => {
    if (!document.hidden && performance.now() - used < USED_MS) {
      viewCheck();
      leave();
    }
  }), BEAT_MS);
  seen(!document.hidden);
  viewCheck();
  if (VITALS)
    vitalsBegin();
  if (INTERACTIONS)
    interactionsBegin();
  return {
    track: guard(track),
    page: guard(page),
    identify: guard(identify),
    reset: guard(reset),
    consent: guard(consents),
  };
};
