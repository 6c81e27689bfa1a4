// A funnel as columns: how many took a step, beside how many did in the time before; broken down, a column for each value, as a
// share of those who took the first step. Columns are drawn as areas under lines, which the overview has loaded already.
import type { LineSeriesOption } from "echarts/charts";
import { columnOf, type Report, type Row } from "./api";
import { colours, tip, type LineOption } from "./chart";
import { figure, level } from "./format";

// Okabe and Ito's, without the black.
export const PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b5a642", "#8c6bb1"];

export const rowsOf = (rows: Row[], value: string | null) => rows.filter((row) => row.value === value);
// Of the time before, where somebody took the first step then.
export function beforeOf({ previous }: Report): Row[] {
  const rows = rowsOf(previous?.rows ?? [], null);
  return Number(rows[0]?.entered) > 0 ? rows : [];
}
export const valuesOf = ({ rows }: Report) => [...new Set(rows.map((row) => row.value as string | null))].filter((value) => value !== null);
export const valueName = (value: string) => value === "" ? "(none)" : value;

// A column's edges and its middle, by shares of a step's room; nothing between two.
function columns(name: string, heights: (number | null)[], [from, to]: [number, number], color: string, label: (at: number) => string): LineSeriesOption {
  const labelOf = (at: number) => ({ show: true, position: "top" as const, color: colours().text, fontSize: 12, formatter: () => label(at) });
  return {
    type: "line", name, symbol: "circle", symbolSize: 0.1, showAllSymbol: true, connectNulls: false, lineStyle: { width: 0 }, itemStyle: { color },
    areaStyle: { color, opacity: 1 }, emphasis: { disabled: true },
    data: heights.flatMap((height, at) => [
      [at + from, height], { value: [at + (from + to) / 2, height ?? 0], label: labelOf(at) }, [at + to, height], [at + to, null],
    ]),
  };
}

const number = (row: Row | undefined, name: string) => (row?.[name] ?? null) as number | null;

function seriesOf(report: Report, room: number): LineSeriesOption[] {
  const [all, before, values] = [rowsOf(report.rows, null), beforeOf(report), valuesOf(report)];
  const [percent, entered] = [columnOf(report, "conversion_percent"), columnOf(report, "entered")];
  const paint = colours();
  const isTold = (count: number, letters: number) => room / count > letters * 7;
  if (values.length > 0) {
    const wide = 0.88 / values.length;
    return values.map((value, at) => {
      const own = rowsOf(report.rows, value);
      return columns(valueName(value), own.map((row) => number(row, "conversion_percent")), [0.06 + at * wide, 0.06 + (at + 0.92) * wide], PALETTE[at % PALETTE.length]!,
        (step) => isTold(values.length, 7) ? figure(percent, own[step]?.conversion_percent) : "");
    });
  }
  const share = (at: number) => isTold(2, 8) ? `${figure(entered, all[at]!.entered)} · ${figure(percent, all[at]!.conversion_percent)}` : figure(entered, all[at]!.entered);
  return [
    ...before.length === 0 ? [] : [columns("before", before.map((row) => number(row, "entered")), [0.08, 0.4], paint.before, (at) => figure(entered, before[at]!.entered))],
    columns("now", all.map((row) => number(row, "entered")), [before.length === 0 ? 0.2 : 0.42, before.length === 0 ? 0.8 : 0.92], paint.accent, share),
  ];
}

function tipOf(report: Report, at: number): HTMLElement {
  const [all, before, values] = [rowsOf(report.rows, null), beforeOf(report), valuesOf(report)];
  const [percent, entered] = [columnOf(report, "conversion_percent"), columnOf(report, "entered")];
  const told = (row: Row | undefined) => `${figure(entered, row?.entered)} (${figure(percent, row?.conversion_percent)} of the first step)`;
  return tip([
    `${at + 1}. ${String(all[at]!.name)}: ${told(all[at])}`,
    ...values.map((value) => `${valueName(value)}: ${told(rowsOf(report.rows, value)[at])}`),
    ...values.length > 0 || before[at] === undefined ? [] : [`the time before: ${told(before[at])}`],
  ]);
}

export function funnelOption(report: Report, width: number): LineOption {
  const paint = colours();
  const all = rowsOf(report.rows, null);
  const isSplit = valuesOf(report).length > 0;
  const room = Math.max(Math.floor((width - 50) / all.length), 40);
  return {
    animation: false,
    grid: { left: 4, right: 8, top: 26, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      trigger: "axis", axisPointer: { type: "none" }, confine: true, backgroundColor: paint.panel, borderColor: paint.line, textStyle: { color: paint.text, fontSize: 13 },
      formatter: (hits) => tipOf(report, Math.min(Math.floor(((Array.isArray(hits) ? hits[0]! : hits).value as number[])[0]!), all.length - 1)),
    },
    xAxis: [
      { type: "value", min: 0, max: all.length, show: false },
      {
        type: "category", position: "bottom", data: all.map((row) => `${String(row.step)}. ${String(row.name)}`), axisTick: { show: false },
        axisLine: { lineStyle: { color: paint.line } }, axisLabel: { color: paint.text, interval: 0, width: room - 8, overflow: "truncate" }, axisPointer: { show: false },
      },
    ],
    yAxis: {
      type: "value", min: 0, minInterval: isSplit ? 0 : 1, axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: paint.line } },
      axisLabel: { color: paint.quiet, formatter: (value: number) => level(columnOf(report, isSplit ? "conversion_percent" : "entered"), value) },
    },
    series: seriesOf(report, room),
  };
}
