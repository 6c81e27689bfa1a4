// Page views: each has an id from its first moment, and a number in its session soon after.
import { canonical, clean, here, place } from "./address.js";
import { uuid } from "./clock.js";
import { isAllowed } from "./consent.js";
import { push } from "./deliver.js";
import { leave } from "./leave.js";
import { enter, isOver, type Session } from "./session.js";
import { get, parsed, set } from "./store.js";
import { page, session, viewSet, type Properties } from "./view.js";

// What led to the next view.
let referrer = document.referrer;
// Its place().
let at: string;

/** Fills in who it is. */
export const recognize = (who: Properties): void => {
  if (!get("a"))
    set("a", uuid());
  Object.assign(who, { anonymousId: get("a"), ...parsed<Properties>("u") });
};

export const viewBegin = (properties?: Properties): void => {
  leave();
  const began = Date.now();
  const entered: Session = { pageViewId: uuid(began) };
  const met = {};
  const from = referrer && clean(referrer);
  referrer = EXTRAS && canonical() || here();
  at = place();
  viewSet({ url: referrer, referrer: from, ...EXTRAS && { category: properties?.category } }, met, entered);
  push({ type: "page", properties }, entered.pageViewId);
  // By then another view may be on.
  enter(() => {
    const [id, last] = (isOver(began) ? [] : get("s").split(" ")) as [string?, number?];
    entered.id = id || uuid(began);
    entered.sequence = -~last!;
    set("s", `${entered.id} ${entered.sequence}`);
    set("t", began);
    recognize(met);
  });
};

/** Whatever is done here is done on a view of this place, in the session that goes on. */
export const viewCheck = (): void => {
  if (isAllowed() && !(page && at == place() && (!session.id || get("s").startsWith(session.id) && !isOver())))
    viewBegin();
};

/** Says something about what is on; nothing where nothing is measured. */
export const tell = (fields: Properties): void => {
  const copy = JSON.parse(JSON.stringify(fields)) as Properties;
  viewCheck();
  if (page)
    push(copy);
};
