// The API's filters: NAME:VALUE,VALUE;NAME:!VALUE, with \ before what shall stand for itself.
export interface Condition { name: string; isNegated: boolean; values: string[] }

// As the API has a text that stands for itself. A ! is special at the beginning only, where a \ does no harm elsewhere.
export const escaped = (text: string) => text.replace(/[;,*!\\]/g, "\\$&");

// Cuts at a mark that has no \ before it.
export function cut(text: string, mark: string): string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < text.length; at++) {
    const isEscape = text[at] === "\\";
    if (text[at] === mark) {
      parts.push(part);
      part = "";
    } else
      part += text.slice(at, at + (isEscape ? 2 : 1));
    at += isEscape ? 1 : 0;
  }
  return [...parts, part];
}

// Values stay as they are written, since a \* and a * differ.
export function conditionsOf(filter: string): Condition[] {
  return cut(filter, ";").filter((part) => part.includes(":")).map((part) => {
    const colon = part.indexOf(":");
    const rest = part.slice(colon + 1);
    const isNegated = rest.startsWith("!");
    return { name: part.slice(0, colon), isNegated, values: cut(isNegated ? rest.slice(1) : rest, ",") };
  });
}

export const filterOf = (conditions: Condition[]) =>
  conditions.map(({ name, isNegated, values }) => `${name}:${isNegated ? "!" : ""}${values.join(",")}`).join(";");

// How many conditions of a filter are those of `bound`, which come first and stay.
export const boundCount = (filter: string, bound: string) =>
  filter === bound || filter.startsWith(`${bound};`) ? conditionsOf(bound).length : 0;

// One condition of a name at a time: a second choice takes the place of the first, the same once more takes it away.
export function filterWith(filter: string, name: string, value: string, bound = ""): string {
  const kept = boundCount(filter, bound);
  if (isFilteredBy(bound, name, value))
    return filter;
  const others = conditionsOf(filter).filter((condition, at) => at < kept || condition.name !== name || condition.isNegated);
  return filterOf(isFilteredBy(filter, name, value) ? others : [...others, { name, isNegated: false, values: [escaped(value)] }]);
}

export const isFilteredBy = (filter: string, name: string, value: string) =>
  conditionsOf(filter).some((one) => one.name === name && !one.isNegated && one.values.includes(escaped(value)));

export const filterWithout = (filter: string, index: number) => filterOf(conditionsOf(filter).filter((_, at) => at !== index));

const NAMES: Record<string, string> = {
  page: "Page", event: "Event", person: "Person", authenticated: "Signed in", source: "Write key", host: "Host", device_type: "Device", browser: "Browser",
  browser_version: "Browser version", os: "System", os_version: "System version", screen: "Screen", timezone: "Time zone",
  locale: "Language", country: "Country", region: "Region", channel_type: "Channel type", channel: "Channel",
  referrer_domain: "Referrer", utm_source: "UTM source", utm_medium: "UTM medium", utm_campaign: "Campaign", utm_term: "UTM term",
  utm_content: "UTM content", entry_page: "Entry page", exit_page: "Exit page", entry_category: "Entry category",
};
export const nameText = (name: string) => NAMES[name] ?? name;

export const valuesText = ({ values }: Condition) =>
  values.map((value) => value === "" ? "none" : value.replace(/\\(.)/g, "$1")).join(" or ");
