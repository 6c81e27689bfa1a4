// Figures and dates as text. No figure is a dash, never 0.
const integer = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const rate = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(undefined, { timeZone: "UTC", weekday: "short", day: "numeric", month: "short", year: "numeric" });
const dayShort = new Intl.DateTimeFormat(undefined, { timeZone: "UTC", day: "numeric", month: "short" });

const NONE = "–";

// "6m 7s", "2h"; the space does not break.
export function duration(seconds) {
  const whole = Math.round(seconds);
  const [great, small, greatUnit, smallUnit] = whole < 3600
    ? [Math.floor(whole / 60), whole % 60, "m", "s"]
    : [Math.floor(whole / 3600), Math.floor(whole % 3600 / 60), "h", "m"];
  if (great === 0)
    return `${small}${smallUnit}`;
  return `${great}${greatUnit}${small === 0 ? "" : `\u00a0${small}${smallUnit}`}`;
}

// A column is what the API says of it: {name, type, unit, …}.
export function figure(column, value) {
  if (value === null || value === undefined)
    return NONE;
  if (column.unit === "seconds")
    return duration(value);
  if (column.unit === "percent")
    return `${rate.format(value)}\u00a0%`;
  if (column.type === "integer")
    return integer.format(value);
  return column.type === "decimal" ? decimal.format(value) : String(value);
}

// At an axis: no more decimals than the step needs.
export const level = (column, value) => column.unit === "percent" && Number.isInteger(value) ? `${value}\u00a0%` : figure(column, value);

// Dates are days of the report's zone; read and written as UTC they stay the same day in every browser.
export const dateLong = (date) => day.format(new Date(`${date}T00:00:00Z`));
export const dateShort = (date) => dayShort.format(new Date(`${date}T00:00:00Z`));
export const today = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date());
export const dateMinus = (date, days) => new Date(Date.parse(`${date}T00:00:00Z`) - days * 86400000).toISOString().slice(0, 10);
