// Retention as a grid: a line for each cohort, a cell for each period, on the page and as a picture.
import { columnOf, type Report, type Row } from "./api";
import { colours } from "./chart";
import { dateLong, figure, monthText } from "./format";

export interface Grid { periods: string[]; lines: { cohort: string; persons: string; cells: (Row | undefined)[] }[] }

// A cell is undefined where there is none yet.
export function gridOf({ rows, columns }: Report, isByMonth: boolean): Grid {
  const persons = columns.find(({ name }) => name === "persons")!;
  const count = Math.max(...rows.map((row) => Number(row.period))) + 1;
  const lines = [...new Set(rows.map((row) => String(row.cohort)))].map((cohort) => {
    const own = rows.filter((row) => row.cohort === cohort);
    const cells: (Row | undefined)[] = Array.from({ length: count });
    for (const row of own)
      cells[Number(row.period)] = row;
    return { cohort: isByMonth ? monthText(cohort) : dateLong(cohort), persons: figure(persons, own[0]!.persons), cells };
  });
  return { periods: Array.from({ length: count }, (_, at) => `${isByMonth ? "Month" : "Week"} ${at}`), lines };
}

// How strong a cell's colour is.
export const strength = (cell: Row) => 0.05 + Number(cell.retention_percent) / 100 * 0.45;

const SCALE = 2;
const PIXELS_MOST = 16_000; // what a canvas may have on a side
const LINE = 30;
const LABEL = 150;
const CELL = 68;

export function gridDraw(report: Report, { periods, lines }: Grid): HTMLCanvasElement {
  const percent = columnOf(report, "retention_percent");
  const paint = colours();
  const made = document.createElement("canvas");
  const [width, height] = [LABEL + CELL * (periods.length + 1), LINE * (lines.length + 1)];
  const scale = Math.min(SCALE, PIXELS_MOST / width, PIXELS_MOST / height);
  [made.width, made.height] = [Math.round(width * scale), Math.round(height * scale)];
  const context = made.getContext("2d")!;
  context.scale(scale, scale);
  context.fillStyle = paint.panel;
  context.fillRect(0, 0, width, height);
  context.font = "13px system-ui, sans-serif";
  context.textBaseline = "middle";
  const write = (text: string, column: number, line: number, colour: string) => {
    context.fillStyle = colour;
    context.textAlign = column === 0 ? "left" : "right";
    context.fillText(text, column === 0 ? 8 : LABEL + CELL * column - 8, LINE * (line + 0.5), column === 0 ? LABEL - 12 : CELL - 10);
  };
  ["Signed up", "Persons", ...periods].forEach((text, at) => write(text, at, 0, paint.quiet));
  lines.forEach(({ cohort, persons, cells }, at) => {
    write(cohort, 0, at + 1, paint.text);
    write(persons, 1, at + 1, paint.text);
    cells.forEach((cell, period) => {
      if (cell === undefined)
        return;
      context.globalAlpha = strength(cell);
      context.fillStyle = paint.accent;
      context.fillRect(LABEL + CELL * (period + 1) + 1, LINE * (at + 1) + 1, CELL - 2, LINE - 2);
      context.globalAlpha = 1;
      write(figure(percent, cell.retention_percent), period + 2, at + 1, paint.text);
    });
  });
  return made;
}
