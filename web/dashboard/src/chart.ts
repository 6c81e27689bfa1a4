// What all charts share: the parts of ECharts that we use, and colours that people with any colour vision tell apart.
import { LineChart } from "echarts/charts";
import { GridSimpleComponent } from "echarts/components";
import { init, use, type ECharts, type ComposeOption } from "echarts/core";
import type { LineSeriesOption } from "echarts/charts";
import type { GridComponentOption, TooltipComponentOption } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
import { columnOf, type Report, type Row } from "./api";
import { dateLong, dateShort, figure, level } from "./format";

use([LineChart, GridSimpleComponent, CanvasRenderer]);

export type LineOption = ComposeOption<LineSeriesOption | GridComponentOption | TooltipComponentOption>;

export interface Colours { text: string; quiet: string; line: string; panel: string; accent: string; before: string }

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return { text: of("text"), quiet: of("quiet"), line: of("line"), panel: of("panel"), accent: of("accent"), before: of("before") };
}

// A chart in a place, drawn anew when the place or the colours change. `option` is asked for each drawing. What shows tips is
// loaded when somebody first points at a chart; one that was made before does not take it up, and is made anew.
export function chart(place: HTMLElement, option: () => Parameters<ECharts["setOption"]>[0], enable?: () => void) {
  enable?.();
  const begin = () => init(place, null, { renderer: "canvas" });
  let made = begin();
  const draw = () => made.setOption(option(), { notMerge: true });
  const tipsTake = () => void import("./tips").then(() => {
    if (made.isDisposed())
      return;
    made.dispose();
    made = begin();
    draw();
  }, () => {}); // without tips: the table has the same figures
  // It is told of the first size, too, which is drawn already.
  const sizeOf = () => `${place.clientWidth} ${place.clientHeight}`;
  let drawn = sizeOf();
  const size = new ResizeObserver(() => {
    if (drawn !== sizeOf())
      made.resize();
    drawn = sizeOf();
  });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  size.observe(place);
  scheme.addEventListener("change", draw);
  place.addEventListener("pointerenter", tipsTake, { once: true });
  return {
    draw,
    get chart() { return made; },
    end() { size.disconnect(); scheme.removeEventListener("change", draw); place.removeEventListener("pointerenter", tipsTake); made.dispose(); },
  };
}

// A tip's lines as an element, since the content policy refuses styles in text that becomes HTML.
export function tip(lines: string[]): HTMLElement {
  const made = document.createElement("div");
  for (const line of lines)
    made.appendChild(document.createElement("div")).textContent = line;
  return made;
}

// One column by day, week or month, with the time before as a dashed line, and a mark where something is noted.
export function lineOption(report: Report, name: string, isLastOpen: boolean, notes: Row[]): LineOption {
  const column = columnOf(report, name);
  const paint = colours();
  const { rows, previous } = report;
  const value = (row: Row | undefined) => (row?.[name] ?? null) as number | null;
  const noted = rows.map((row, at) => notes.filter(({ date }) => date! >= row.date! && (at + 1 < rows.length ? date! < rows[at + 1]!.date! : date! <= report.range.to_date)));
  const symbols = rows.length <= 31;
  // The last one goes on: what it has so far hangs on what is whole by dots.
  const isOpen = isLastOpen && rows.length > 1;
  return {
    animation: false,
    grid: { left: 4, right: 12, top: 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      trigger: "axis", confine: true, backgroundColor: paint.panel, borderColor: paint.line, textStyle: { color: paint.text, fontSize: 13 },
      formatter: (hits) => {
        const at = (Array.isArray(hits) ? hits[0]! : hits).dataIndex;
        const before = previous?.rows[at];
        return tip([
          `${dateLong(String(rows[at]!.date))}: ${figure(column, rows[at]![name])}${isLastOpen && at === rows.length - 1 ? " so far" : ""}`,
          ...before === undefined ? [] : [`${dateLong(String(before.date))}: ${figure(column, before[name])}`],
          ...noted[at]!.map(({ text }) => `◆ ${text}`),
        ]);
      },
    },
    xAxis: {
      type: "category", data: rows.map((row) => dateShort(String(row.date))), boundaryGap: rows.length === 1,
      axisLine: { lineStyle: { color: paint.line } }, axisTick: { show: false }, axisLabel: { color: paint.quiet, hideOverlap: true },
      splitLine: { show: notes.length > 0, showMinLine: noted[0]?.length !== 0, showMaxLine: noted.at(-1)?.length !== 0, interval: (at) => noted[at]?.length !== 0, lineStyle: { color: paint.quiet, type: "dotted" } },
    },
    yAxis: {
      type: "value", min: 0, minInterval: column.type === "integer" ? 1 : 0,
      splitLine: { lineStyle: { color: paint.line } }, axisLabel: { color: paint.quiet, formatter: (number: number) => level(column, number) },
    },
    series: [
      ...previous === undefined ? [] : [{
        type: "line" as const, name: "before", data: rows.map((_, at) => value(previous.rows[at])), showSymbol: false,
        lineStyle: { color: paint.before, width: 1.5, type: "dashed" as const }, itemStyle: { color: paint.before }, silent: true,
      }],
      ...isOpen ? [{
        type: "line" as const, name: "so far", data: rows.map((row, at) => at < rows.length - 2 ? null : value(row)), showSymbol: symbols, symbol: "circle", symbolSize: 6,
        lineStyle: { color: paint.accent, width: 2, type: "dotted" as const }, itemStyle: { color: paint.accent },
      }] : [],
      {
        type: "line", name: "now", data: rows.map((row, at) => isOpen && at === rows.length - 1 ? null : value(row)), showSymbol: symbols, symbol: "circle", symbolSize: 6,
        lineStyle: { color: paint.accent, width: 2.5 }, itemStyle: { color: paint.accent }, areaStyle: { color: paint.accent, opacity: 0.1 },
      },
      ...notes.length === 0 ? [] : [{
        type: "line" as const, name: "noted", data: noted.map((some) => some.length > 0 ? 0 : null), symbol: "diamond", symbolSize: 11, showAllSymbol: true,
        lineStyle: { width: 0 }, itemStyle: { color: paint.text }, silent: true, z: 4,
      }],
    ],
  };
}
