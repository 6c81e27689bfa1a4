// One column by day, as bars; where days stand closer than bars can, as an area. A day without a figure is a gap.
import { dateLong, dateShort, figure, level as levelText } from "./format.js";

const HEIGHT = 240;
const MARGIN = { top: 10, right: 8, bottom: 24, left: 56 };
const SVG = "http://www.w3.org/2000/svg";

function element(parent, name, attributes, text) {
  const made = parent.appendChild(document.createElementNS(SVG, name));
  for (const [key, value] of Object.entries(attributes))
    made.setAttribute(key, value);
  if (text !== undefined)
    made.textContent = text;
  return made;
}

// Steps of 1, 2 or 5 times a power of ten (or of whole minutes and hours), about four of them up to the greatest value.
function ticks(greatest, column) {
  const wanted = Math.max(greatest, column.type === "integer" ? 4 : 1e-9) / 4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const steps = column.unit === "seconds" && wanted > 5
    ? [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200]
    : [1, 2, 5, 10].map((factor) => factor * power);
  const step = steps.find((candidate) => candidate >= wanted) ?? 86400;
  const count = Math.max(1, Math.ceil(greatest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

// Runs of days that have a figure, each as an area from the ground up.
function areas(values, x, y) {
  let path = "";
  let open = false;
  values.forEach((value, index) => {
    if (value !== null) {
      path += open ? `L${x(index)} ${y(value)}` : `M${x(index)} ${y(0)}L${x(index)} ${y(value)}`;
      open = true;
    }
    if (open && (value === null || index === values.length - 1)) {
      path += `L${x(value === null ? index - 1 : index)} ${y(0)}Z`;
      open = false;
    }
  });
  return path;
}

function marks(svg, values, slot, y, isLastOpen) {
  if (slot < 3) {
    element(svg, "path", { class: "mark", d: areas(values, (index) => MARGIN.left + (index + 0.5) * slot, y) });
    return;
  }
  const width = Math.min(slot * 0.8, 48);
  values.forEach((value, index) => {
    if (value !== null && value > 0)
      element(svg, "rect", { class: isLastOpen && index === values.length - 1 ? "mark open" : "mark", x: MARGIN.left + (index + 0.5) * slot - width / 2, y: y(value), width,
        height: y(0) - y(value), rx: Math.min(2, width / 4) });
  });
}

function axes(svg, rows, levels, column, slot, y, width) {
  for (const level of levels) {
    element(svg, "line", { class: "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(level), y2: y(level) });
    element(svg, "text", { x: MARGIN.left - 8, y: y(level) + 4, "text-anchor": "end" }, levelText(column, level));
  }
  const every = Math.ceil(72 / slot);
  for (let index = Math.floor((rows.length - 1) % every / 2); index < rows.length; index += every)
    element(svg, "text", { x: MARGIN.left + (index + 0.5) * slot, y: HEIGHT - 6, "text-anchor": "middle" },
      dateShort(rows[index].date));
}

function tips(svg, place, rows, column, slot, isLastOpen) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  place.append(tip);
  rows.forEach((row, index) => {
    const x = MARGIN.left + index * slot;
    const hit = element(svg, "rect", { class: "hit", x, y: MARGIN.top, width: slot, height: HEIGHT - MARGIN.top - MARGIN.bottom });
    hit.addEventListener("pointerenter", () => {
      const soFar = isLastOpen && index === rows.length - 1 ? " so far" : "";
      tip.textContent = `${dateLong(row.date)}: ${figure(column, row[column.name])}${soFar}`;
      tip.hidden = false;
      tip.style.left = `${Math.min(Math.max(0, x + slot / 2 - tip.offsetWidth / 2), place.clientWidth - tip.offsetWidth)}px`;
    });
    hit.addEventListener("pointerleave", () => { tip.hidden = true; });
  });
}

// isLastOpen: the last day is not over yet, and drawn as such.
export function draw(place, rows, column, isLastOpen) {
  const width = Math.max(place.clientWidth, 280);
  const values = rows.map((row) => row[column.name]);
  const greatest = values.reduce((most, value) => Math.max(most, value ?? 0), 0);
  const levels = ticks(greatest, column);
  const slot = (width - MARGIN.left - MARGIN.right) / rows.length;
  const top = levels[levels.length - 1];
  const y = (value) => HEIGHT - MARGIN.bottom - value / top * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  svg.setAttribute("height", HEIGHT);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${column.heading} by day; the table below has the same figures`);
  place.replaceChildren(svg);
  axes(svg, rows, levels, column, slot, y, width);
  marks(svg, values, slot, y, isLastOpen);
  tips(svg, place, rows, column, slot, isLastOpen);
}
