// Page views: each has an id from its first moment, and a number in its session soon after.
import { canonical, clean, here, place } from "./address.js";
import { id, type Id } from "./clock.js";
import { isAllowed } from "./consent.js";
import { PAGE, push } from "./deliver.js";
import { leave } from "./leave.js";
import { enter, isOver } from "./session.js";
import { get } from "./store.js";
import { CATEGORY, SESSION, view, viewSet, type Properties, type View } from "./view.js";

// What led to the next view.
let referrer = document.referrer;
// Its place().
let at: string;

export const viewBegin = (properties?: Properties): void => {
  leave();
  const from = referrer && clean(referrer);
  referrer = EXTRAS && canonical() || here();
  at = place();
  const entered: View = [id(), referrer, from];
  if (EXTRAS)
    entered[CATEGORY] = properties?.category;
  viewSet(entered);
  enter(entered);
  push(PAGE, properties);
};

/** Whatever is done here is done on a view of this place, in the session that goes on. */
export const viewCheck = (): void => {
  if (isAllowed() && !(view && at == place() && (!view[SESSION] || get<Id[]>("s")[0] == view[SESSION] && !isOver())))
    viewBegin();
};

/** Says something about what is on; nothing where nothing is measured. */
export const tell = (kind: number, ...given: unknown[]): void => {
  viewCheck();
  if (view)
    push(kind, ...given);
};
