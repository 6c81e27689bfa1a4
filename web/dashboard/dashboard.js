// The overview: asks the API for a range and shows what it says, including that it says nothing.
import { draw } from "./chart.js";
import { dateLong, dateMinus, duration, figure, today } from "./format.js";

const DAYS_USUAL = 30;
const REFRESH_MS = 60000;

// What each card shows: a column, and a line under it made of the total.
const CARDS = [
  { column: "visitors", label: "Visitors" },
  { column: "sessions", label: "Sessions", note: (total) => active(total) },
  { column: "views", label: "Page views" },
  { column: "median_duration_seconds", label: "Median duration", note: (total) => total.mean_duration_seconds === null ? ""
    : `mean\u00a0${duration(total.mean_duration_seconds)}, p90\u00a0${duration(total.p90_duration_seconds)}` },
  { column: "pages_per_session", label: "Pages per session" },
  { column: "bounce_rate_percent", label: "Bounce rate", note: () => "shorter than 30 s" },
];

const at = (id) => document.getElementById(id);
const state = { zone: null, collectUrl: null, report: null, column: "visitors", asked: 0, retry: null };

function active(total) {
  const count = total.sessions - total.ended_sessions;
  return count === 0 ? "" : `${count} still active`;
}

// ── Signing in ──

function signIn(reason) {
  clearTimeout(state.retry);
  at("sign-in-reason").textContent = reason;
  at("sign-in").hidden = false;
  at("overview").hidden = true;
  at("sign-out").hidden = true;
  at("password").value = "";
  at(at("name").value === "" ? "name" : "password").focus();
}

// A good one leaves a cookie, which this page cannot read.
async function signInWith(secret) {
  try {
    await ask("/api/v1/sign-in", "application/json", { method: "POST", body: JSON.stringify(secret) });
    show();
  } catch (problem) {
    signIn(`Not signed in: ${problem.message}.`);
  }
}

async function signOut() {
  try {
    const { csrf } = await (await ask("/api/v1/sign-in", "application/json")).json();
    await ask("/api/v1/sign-in", "application/json", { method: "DELETE", headers: { "X-CSRF-Token": csrf } });
    location.assign(location.pathname); // nothing that was shown stays
  } catch (problem) {
    failureShow(problem);
  }
}

// Out of the address at once, so that it stays in no history, bookmark or screenshot.
function linkTake() {
  const given = new URLSearchParams(location.hash.slice(1)).get("sign-in");
  if (given !== null)
    history.replaceState(null, "", location.pathname + location.search);
  return given;
}

// ── Requests ──

class Problem extends Error {
  constructor(status, detail, retryAfterSeconds) {
    super(detail);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

async function ask(path, accept, { headers, ...options } = {}) {
  let answer;
  try {
    answer = await fetch(path, { headers: { Accept: accept, ...headers }, cache: "no-store", ...options });
  } catch {
    throw new Problem(0, "the server does not answer", 5);
  }
  if (answer.ok)
    return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Problem(answer.status, problem.detail ?? `the server answered ${answer.status}`, Number(answer.headers.get("Retry-After")));
}

// ── Range, kept in the address so that it can be shared ──

function range() {
  const given = new URLSearchParams(location.search);
  if (given.has("from") && given.has("to"))
    return { from: given.get("from"), to: given.get("to"), days: null };
  const days = Math.min(Math.max(Number.parseInt(given.get("days") ?? DAYS_USUAL, 10) || DAYS_USUAL, 1), 3660);
  const to = today(state.zone);
  return { from: dateMinus(to, days - 1), to, days };
}

function rangeShow({ from, to, days }) {
  at("from").value = from;
  at("to").value = to;
  for (const button of document.querySelectorAll("[data-days]"))
    button.setAttribute("aria-pressed", String(Number(button.dataset.days) === days));
}

function rangeSet(parameters) {
  history.pushState(null, "", `${location.pathname}?${new URLSearchParams(parameters)}`);
  show();
}

// ── What is shown ──

function cell(row, kind, text) {
  const made = row.appendChild(document.createElement(kind));
  made.textContent = text;
  return made;
}

function rowShow(part, columns, values, label) {
  const row = part.insertRow();
  cell(row, "th", label).scope = "row";
  for (const column of columns.slice(1))
    cell(row, "td", figure(column, values[column.name]));
}

function tableShow({ columns, rows, total }) {
  const table = at("days");
  table.replaceChildren();
  const head = table.createTHead().insertRow();
  for (const column of columns)
    cell(head, "th", column.unit === "seconds" ? column.heading.replace(/ s$/, "") : column.heading).scope = "col";
  const body = table.createTBody();
  for (const row of [...rows].reverse())
    rowShow(body, columns, row, dateLong(row.date));
  rowShow(table.createTFoot(), columns, total, "Whole range");
}

function meaningsShow(columns) {
  at("meanings").replaceChildren(...columns.flatMap((column) => {
    const term = document.createElement("dt");
    const meaning = document.createElement("dd");
    term.textContent = column.heading;
    meaning.textContent = column.meaning;
    return [term, meaning];
  }));
}

function chartShow() {
  const { columns, rows } = state.report;
  const card = CARDS.find((candidate) => candidate.column === state.column);
  at("chart-title").textContent = `${card.label} by day`;
  for (const button of at("cards").children)
    button.setAttribute("aria-pressed", String(button.dataset.column === state.column));
  draw(at("chart"), rows, columns.find((column) => column.name === state.column),
    rows[rows.length - 1].date === today(state.zone));
}

function cardMake({ column: name, label, note }, { columns, total }) {
  const column = columns.find((candidate) => candidate.name === name);
  const card = document.createElement("button");
  card.type = "button";
  card.className = "card";
  card.dataset.column = name;
  card.title = column.meaning;
  cell(card, "span", label);
  cell(card, "strong", figure(column, total[name]));
  cell(card, "small", total[name] === null ? "no session has ended" : note?.(total) ?? "");
  card.addEventListener("click", () => { state.column = name; chartShow(); });
  return card;
}

function reportShow(report) {
  const isEmpty = report.total.sessions === 0 && report.total.views === 0;
  state.report = report;
  at("empty").hidden = !isEmpty;
  at("figures").hidden = isEmpty;
  at("status").textContent = `As of ${new Date().toLocaleTimeString()}.`;
  if (isEmpty)
    return;
  const focused = document.activeElement?.dataset?.column;
  at("cards").replaceChildren(...CARDS.map((card) => cardMake(card, report)));
  if (focused !== undefined)
    at("cards").querySelector(`[data-column="${focused}"]`)?.focus();
  tableShow(report);
  meaningsShow(report.columns);
  chartShow();
}

function failureShow(problem) {
  if (problem.status === 401) {
    signIn(state.report === null ? "The figures of this installation are shown to who has access to it." : "The sign-in has ended.");
    return;
  }
  const isPassing = problem.status === 0 || problem.status === 503;
  at("error").hidden = false;
  at("error").textContent = `No figures: ${problem.message}.${isPassing ? " Trying again by itself." : ""}`;
  at("figures").hidden = true;
  at("empty").hidden = true;
  at("status").textContent = "";
  if (isPassing)
    state.retry = setTimeout(show, Math.min(Math.max(problem.retryAfterSeconds || 5, 1), 60) * 1000);
}

async function installationKnow() {
  if (state.zone !== null)
    return;
  const system = await (await ask("/api/v1/system", "application/json")).json();
  state.zone = system.tz;
  state.collectUrl = system.collect_url ?? "http://127.0.0.1:8080";
  at("zone").textContent = `Days in ${system.tz}`;
  at("snippet").textContent = `curl -u WRITE_KEY: -H 'Content-Type: application/json' \\
  -A 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' \\
  -d '{"anonymousId": "a-first-visitor", "context": {"page": {"path": "/hello", "title": "Hello"}}}' \\
  ${state.collectUrl}/v1/page`;
}

// An answer that comes after a newer question was asked is not shown.
async function show() {
  const number = ++state.asked;
  clearTimeout(state.retry);
  at("sign-in").hidden = true;
  at("overview").hidden = false;
  at("sign-out").hidden = false;
  at("overview").setAttribute("aria-busy", "true");
  if (state.report === null)
    at("status").textContent = "Loading…";
  try {
    await installationKnow();
    const asked = range();
    rangeShow(asked);
    const answer = await ask(`/api/v1/overview?${new URLSearchParams({ from: asked.from, to: asked.to })}`, "application/json");
    const report = await answer.json();
    if (number !== state.asked)
      return;
    at("error").hidden = true;
    reportShow(report);
  } catch (problem) {
    if (number === state.asked)
      failureShow(problem);
  } finally {
    if (number === state.asked)
      at("overview").removeAttribute("aria-busy");
  }
}

async function csvDownload() {
  const { from_date: from, to_date: to } = state.report.range;
  try {
    const answer = await ask(`/api/v1/overview?${new URLSearchParams({ from, to, format: "csv" })}`, "text/csv");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `overview_${from}_${to}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (problem) {
    failureShow(problem);
  }
}

function begin() {
  const link = linkTake();
  if (link === null)
    show();
  else
    signInWith({ token: link });
}

at("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = at("name").value.trim();
  const password = at("password").value;
  signInWith(name === "" ? { token: password.trim() } : { name, password });
});
at("sign-out").addEventListener("click", signOut);
at("range").addEventListener("submit", (event) => {
  event.preventDefault();
  rangeSet({ from: at("from").value, to: at("to").value });
});
for (const button of document.querySelectorAll("[data-days]"))
  button.addEventListener("click", () => rangeSet({ days: button.dataset.days }));
at("csv").addEventListener("click", csvDownload);
addEventListener("popstate", show);
addEventListener("hashchange", begin);
new ResizeObserver(() => { if (state.report !== null && !at("figures").hidden) chartShow(); }).observe(at("chart"));
setInterval(() => {
  if (!document.hidden && state.report !== null && !at("overview").hidden && at("error").hidden)
    show();
}, REFRESH_MS);
begin();
