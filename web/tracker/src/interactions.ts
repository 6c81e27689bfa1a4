// Clicks, submits, searches (that there was one, not what for), outbound links, downloads and scroll marks. Never read: what is in an input or anything else that
// can be edited, and whatever lies under data-sojourn-ignore.
import { track } from "./api.js";
import { on } from "./guard.js";
import { DEPTH, totals, view, type Properties } from "./view.js";

const CLICKABLE = "a,button,summary,[role=button],input,select,textarea,[data-sojourn-name]";
const UNREAD = "[data-sojourn-ignore],input,select,textarea,[contenteditable]";
const FILE = /\.(pdf|zip|gz|rar|7z|docx?|xlsx?|pptx?|csv|txt|dmg|exe|pkg|deb|rpm|apk|iso|mp[34]|avi|mov|wav)$/i;
const MARK_PERCENT = 25;
const TEXT_MAX = 200;
const STEPS_MAX = 8;

/** From the nearest id down; with its place among siblings of the same kind where there are several. */
export const selector = (element: Element): string => {
  const steps: string[] = [];
  for (let at: Element | null = element; at && steps.length < STEPS_MAX; at = at.parentElement) {
    const name = at.localName;
    if (at.id)
      return [`${name}#${at.id}`, ...steps].join(">");
    const alike = [...at.parentElement?.children || []].filter((other) => other.localName == name);
    steps.unshift(alike[1] ? `${name}:nth-of-type(${alike.indexOf(at) + 1})` : name);
  }
  return steps.join(">");
};

const text = (element: Element): string | undefined =>
  element.matches("a,button,summary,[role=button],[data-sojourn-name]") && !element.closest(UNREAD) && !element.querySelector(UNREAD)
    ? element.textContent.replace(/\s+/g, " ").trim().slice(0, TEXT_MAX) || undefined : undefined;

const said = (element: Element, name: string): string | undefined =>
  element.closest<HTMLElement>(`[data-sojourn-${name}]`)?.getAttribute(`data-sojourn-${name}`) || undefined;

const describe = (element: Element, properties: Properties): void =>
  track(said(element, "name") || properties.type as string, {
    category: said(element, "category"),
    label: said(element, "label"),
    value: said(element, "value"),
    element: {
      id: element.id || undefined,
      class: element.getAttribute("class") || undefined,
      text: text(element),
      selector: selector(element),
    },
    scroll: Math.round(scrollY),
    ...properties,
  });

// In thousandths of the page's width, so that pages of all widths lie on each other.
const position = ({ pageX, pageY }: MouseEvent): Properties => {
  const scale = 1e3 / document.documentElement.scrollWidth;
  return { x: Math.round(pageX * scale), y: Math.round(pageY * scale) };
};

const clicked = (event: MouseEvent, target: Element): void => {
  const element = target.closest(CLICKABLE) || target;
  const link = target.closest<HTMLAnchorElement>("a[href]");
  const properties: Properties = { type: "click" };
  if (event.detail)
    properties.position = position(event);
  if (link && /^http/.test(link.protocol)) {
    if (link.hasAttribute("download") || FILE.test(link.pathname))
      properties.type = "download";
    else if (link.host != location.host)
      properties.type = "outbound";
    if (properties.type != "click")
      properties.label = said(element, "label") || link.origin + link.pathname;
  }
  describe(element, properties);
};

// Of the view whose totals these are, the deepest mark that was told.
let marked: unknown;
let deepest = 0;

const markTell = (): void => {
  if (marked != totals)
    deepest = 0;
  marked = totals;
  while (view && Math.round(totals[DEPTH]) >= deepest + MARK_PERCENT)
    track("scroll", { type: "scroll", value: deepest += MARK_PERCENT, scroll: Math.round(scrollY) });
};

export const interactionsBegin = (): void => {
  on("click auxclick submit", (event) => {
    const target = event.target as Element;
    // The second button opens menus.
    if (!target.closest?.("[data-sojourn-ignore]") && !((event as MouseEvent).button > 1))
      if (event.type == "submit")
        describe(target, { type: target.matches("[role=search],:has(input[type=search])") ? "search" : "form_submit" });
      else
        clicked(event as MouseEvent, target);
  });
  on("scroll", markTell);
};
