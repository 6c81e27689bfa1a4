// Figures and dates as text, by the browser's locale. No figure is a dash, never 0.
import type { Column, Value } from "./api";

const integer = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const rate = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const dayLong = new Intl.DateTimeFormat(undefined, { timeZone: "UTC", weekday: "short", day: "numeric", month: "short", year: "numeric" });
const dayShort = new Intl.DateTimeFormat(undefined, { timeZone: "UTC", day: "numeric", month: "short" });

export const NONE = "–";

// "6m 7s", "2h"; the space does not break.
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [great, small, greatUnit, smallUnit] = whole < 3600
    ? [Math.floor(whole / 60), whole % 60, "m", "s"] as const
    : [Math.floor(whole / 3600), Math.floor(whole % 3600 / 60), "h", "m"] as const;
  if (great === 0)
    return `${small}${smallUnit}`;
  return `${great}${greatUnit}${small === 0 ? "" : `\u00a0${small}${smallUnit}`}`;
}

// In thousands, as disks are sold.
function bytes(value: number): string {
  const power = Math.min(Math.floor(Math.log10(value || 1) / 3), 4);
  const unit = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"][power]!;
  return new Intl.NumberFormat(undefined, { style: "unit", unit, unitDisplay: power === 0 ? "long" : "short", maximumFractionDigits: 1 }).format(value / 1000 ** power);
}

export const percent = (value: number) => `${rate.format(value)}\u00a0%`;

export const isNumber = (column: Column) => column.type === "integer" || column.type === "decimal";

export function figure(column: Column, value: Value | undefined, zone = "UTC"): string {
  if (value === null || value === undefined)
    return NONE;
  if (typeof value === "number") {
    if (column.unit === "seconds")
      return duration(value);
    if (column.unit === "percent")
      return percent(value);
    if (column.unit === "ms")
      return `${decimal.format(value)}\u00a0ms`;
    if (column.unit === "bytes")
      return bytes(value);
    return column.type === "integer" ? integer.format(value) : decimal.format(value);
  }
  if (typeof value === "boolean")
    return value ? "yes" : "no";
  if (column.type === "date")
    return dateLong(String(value));
  if (column.type === "instant")
    return instant(String(value), zone);
  return Array.isArray(value) ? value.join(" → ") : typeof value === "object" ? JSON.stringify(value) : value === "" ? "(none)" : value;
}

// At an axis, where room is dear.
export function level(column: Column, value: number): string {
  if (column.unit === "seconds")
    return duration(value);
  return column.unit === "percent" ? `${decimal.format(value)}\u00a0%` : value < 10000 ? decimal.format(value) : short.format(value);
}

export const heading = (column: Column) => column.heading.replace(/ m?s$/, "");

// Rates change by points, all else by its share. Null where there is nothing to compare with.
export function change(column: Column, now: Value | undefined, before: Value | undefined): { text: string; direction: number } | null {
  if (typeof now !== "number" || typeof before !== "number")
    return null;
  const isRate = column.unit === "percent";
  if (!isRate && before === 0)
    return now === 0 ? { text: "no change", direction: 0 } : null;
  const difference = isRate ? now - before : (now - before) / before * 100;
  const size = Math.abs(difference);
  if (size < 0.05)
    return { text: "no change", direction: 0 };
  const text = size >= 1000 ? integer.format(size) : rate.format(size);
  return { text: `${difference > 0 ? "▲ +" : "▼ −"}${text}${isRate ? "\u00a0points" : "\u00a0%"}`, direction: Math.sign(difference) };
}

// Dates are days of the report's zone; read and written as UTC they stay the same day in every browser.
export const dateLong = (date: string) => dayLong.format(new Date(`${date}T00:00:00Z`));
export const dateShort = (date: string) => dayShort.format(new Date(`${date}T00:00:00Z`));

const dayPlain = new Intl.DateTimeFormat(undefined, { timeZone: "UTC", dateStyle: "medium" });
export const rangeText = ({ from_date, to_date }: { from_date: string; to_date: string }) =>
  dayPlain.formatRange(new Date(`${from_date}T00:00:00Z`), new Date(`${to_date}T00:00:00Z`));
export const monthText = (date: string) =>
  new Intl.DateTimeFormat(undefined, { timeZone: "UTC", month: "short", year: "numeric" }).format(new Date(`${date}T00:00:00Z`));

// A formatter takes milliseconds to make, and a list has many times of one zone.
type Style = Pick<Intl.DateTimeFormatOptions, "dateStyle" | "timeStyle">;
function inZone(style: Style): (text: string, zone: string) => string {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (text, zone) => {
    const found = made.get(zone) ?? new Intl.DateTimeFormat(undefined, { timeZone: zone, ...style });
    made.set(zone, found);
    return found.format(new Date(text));
  };
}
export const instant = inZone({ dateStyle: "medium", timeStyle: "medium" });
export const minute = inZone({ dateStyle: "medium", timeStyle: "short" });
export const day = inZone({ dateStyle: "medium" });
export const clock = inZone({ timeStyle: "medium" });

// Nobody signed in where the id is negative; its end tells such people apart well enough.
export const personName = (id: string) => id.startsWith("-") ? `anonymous …${id.slice(-4)}` : id;
