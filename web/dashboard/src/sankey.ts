// Ways through the site as a Sankey diagram: a node for a page at a step, a band for the sessions that went from one to the next.
import { SankeyChart, type SankeySeriesOption } from "echarts/charts";
import { use, type ComposeOption } from "echarts/core";
import type { TooltipComponentOption } from "echarts/components";
import type { Report } from "./api";
import { colours, tip } from "./chart";
import { shortener } from "./pages";

const PAGES_A_STEP = 7;
const OTHER = "(other)";
// Okabe and Ito's, without the black.
const PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b5a642", "#8c6bb1"];

export const enable = () => use([SankeyChart]);

interface Flow { names: string[]; links: { source: string; target: string; value: number }[] }

// Sessions with two pages or more; at each step the most seen pages by themselves, the others together.
export function flowOf(report: Report): Flow {
  const ways = report.rows.map((row) => ({ pages: row.path as string[], sessions: row.sessions as number })).filter(({ pages }) => pages.length > 1);
  const seen: Map<string, number>[] = [];
  for (const { pages, sessions } of ways)
    pages.forEach((page, step) => (seen[step] ??= new Map()).set(page, (seen[step].get(page) ?? 0) + sessions));
  const kept = seen.map((counts) => new Set([...counts].sort((a, b) => b[1] - a[1]).slice(0, PAGES_A_STEP).map(([page]) => page)));
  const node = (page: string, step: number) => `${step + 1}\u00a0${kept[step]!.has(page) ? page : OTHER}`;
  const links = new Map<string, { source: string; target: string; value: number }>();
  for (const { pages, sessions } of ways)
    for (let step = 0; step + 1 < pages.length; step++) {
      const source = node(pages[step]!, step);
      const target = node(pages[step + 1]!, step + 1);
      const link = links.get(`${source}\n${target}`) ?? { source, target, value: 0 };
      link.value += sessions;
      links.set(`${source}\n${target}`, link);
    }
  return { names: [...new Set([...links.values()].flatMap(({ source, target }) => [source, target]))], links: [...links.values()] };
}

const page = (node: string) => node.slice(node.indexOf("\u00a0") + 1);
const shortened = (text: string, most: number) => text.length <= most ? text : `…${text.slice(1 - most)}`;

export function sankeyOption(report: Report, width: number): ComposeOption<SankeySeriesOption | TooltipComponentOption> {
  const paint = colours();
  const { names, links } = flowOf(report);
  const pages = [...new Set(names.map(page))].filter((one) => one !== OTHER);
  const short = shortener(pages);
  const steps = Math.max(...names.map((name) => Number.parseInt(name, 10)), 1);
  const letters = Math.max(8, Math.floor(width / steps / 7.5) - 4);
  return {
    animation: false,
    tooltip: {
      trigger: "item", confine: true, backgroundColor: paint.panel, borderColor: paint.line, textStyle: { color: paint.text, fontSize: 13 },
      formatter: (hit) => {
        const { dataType, data, name, value } = hit as unknown as { dataType?: string; data: { source: string; target: string }; name: string; value: number };
        return tip(dataType === "edge" ? [`${short(page(data.source))} → ${short(page(data.target))}`, `${value.toLocaleString()} sessions`] : [short(page(name)), `${value.toLocaleString()} sessions`]);
      },
    },
    series: [{
      type: "sankey", left: 4, right: Math.min(width / steps / 1.3, 220), top: 8, bottom: 8, nodeAlign: "left", nodeWidth: 12, nodeGap: 10, draggable: false, emphasis: { focus: "adjacency" },
      data: names.map((name) => ({ name, itemStyle: { color: page(name) === OTHER ? paint.before : PALETTE[pages.indexOf(page(name)) % PALETTE.length]!, borderWidth: 0 } })),
      links,
      label: { color: paint.text, fontSize: 11, formatter: ({ name }) => shortened(short(page(name)), letters), textBorderColor: paint.panel, textBorderWidth: 2 },
      lineStyle: { color: "source", opacity: 0.35, curveness: 0.5 },
    }],
  };
}
