// Ranges by name, and the dates they mean on a day.
export const PRESETS = [
  { name: "today", text: "Today" },
  { name: "yesterday", text: "Yesterday" },
  { name: "7d", text: "7 days" },
  { name: "30d", text: "30 days" },
  { name: "90d", text: "90 days" },
  { name: "month", text: "This month" },
  { name: "last-month", text: "Last month" },
  { name: "365d", text: "365 days" },
] as const;
export const PRESET_USUAL = "30d";

export interface Dates { from: string; to: string }

// A formatter takes milliseconds to make, and the dates of a preset are asked for again and again.
const days = new Map<string, Intl.DateTimeFormat>();
export function today(zone: string): string {
  const found = days.get(zone) ?? new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  days.set(zone, found);
  return found.format(new Date());
}
export const dateMinus = (date: string, days: number) =>
  new Date(Date.parse(`${date}T00:00:00Z`) - days * 86400000).toISOString().slice(0, 10);
export const daysIn = ({ from, to }: Dates) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000) + 1;

const MONTH_DAYS = 31;
export const presetDays = (name: string) => Number.parseInt(name, 10) || (name.endsWith("month") ? MONTH_DAYS : 1);

export function presetDates(name: string, zone: string): Dates {
  const now = today(zone);
  const monthFirst = `${now.slice(0, 8)}01`;
  const lastOfBefore = dateMinus(monthFirst, 1);
  switch (name) {
    case "yesterday": return { from: dateMinus(now, 1), to: dateMinus(now, 1) };
    case "month": return { from: monthFirst, to: now };
    case "last-month": return { from: `${lastOfBefore.slice(0, 8)}01`, to: lastOfBefore };
    default: return { from: dateMinus(now, (Number.parseInt(name, 10) || 1) - 1), to: now };
  }
}
