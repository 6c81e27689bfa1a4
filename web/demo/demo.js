// What all pages of the demo share: calls to the tracker, who is signed in, consent, and the cards of plants.
import { plants } from "./plants.js";

const { global, consent, signing } = document.documentElement.dataset;
export const isSigningWanted = signing !== "";

// A tracker that has not loaded yet, or never will, finds the calls in an array.
export function sojourn(name, ...given) {
  const tracker = (window[global] ??= []);
  if (Array.isArray(tracker))
    tracker.push([name, given]);
  else
    tracker[name](...given);
}

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties))
    if (key in made)
      made[key] = value;
    else
      made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const kept = () => JSON.parse(localStorage.getItem("meadow.kept") ?? "[]");
const keep = (ids) => localStorage.setItem("meadow.kept", JSON.stringify(ids));

export const person = () => localStorage.getItem("meadow.person");
export function personSet(name) {
  if (name === null)
    localStorage.removeItem("meadow.person");
  else
    localStorage.setItem("meadow.person", name);
}

const SVG = "http://www.w3.org/2000/svg";
function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    made.setAttribute(key, value);
  return made;
}

function flower({ petals, paint }) {
  const picture = shape("svg", { viewBox: "-50 -50 100 100", "aria-hidden": "true" });
  for (let at = 0; at < petals; at++)
    picture.append(shape("ellipse", {
      cx: 0, cy: -24, rx: Math.min(14, 90 / petals), ry: 20, fill: paint, transform: `rotate(${(360 / petals) * at})`,
    }));
  picture.append(shape("circle", { r: 9, fill: "#d9a520" }));
  return picture;
}

function card(plant, redraw) {
  const isKept = kept().includes(plant.id);
  const button = element("button", { type: "button", textContent: isKept ? "Take out" : "Keep",
    "data-sojourn-name": isKept ? "Taken out" : "Kept", "data-sojourn-category": "Collections", "data-sojourn-label": plant.name });
  button.addEventListener("click", () => {
    keep(isKept ? kept().filter((id) => id !== plant.id) : [...kept(), plant.id]);
    setTimeout(redraw); // once everybody has seen the click
  });
  return element("article", { className: "panel card" }, flower(plant), element("h3", { textContent: plant.name }),
    element("p", { className: "quiet", textContent: `${plant.family} · ${plant.colour}` }), button);
}

export function cardsShow(choose) {
  const redraw = () => {
    const chosen = plants.filter(choose);
    document.getElementById("plants").replaceChildren(...chosen.map((plant) => card(plant, redraw)));
    dispatchEvent(new CustomEvent("meadow", { detail: chosen.length }));
  };
  redraw();
}

// Nothing is stored before a yes where the server says so; the choice itself is the tracker's to keep.
function consentAsk() {
  const bar = element("aside", { className: "panel consent", "aria-label": "Consent" },
    element("p", { textContent: "May this visit be counted?" }));
  for (const [text, analytics] of [["Yes", true], ["No", false]]) {
    const button = element("button", { type: "button", textContent: text });
    button.addEventListener("click", () => {
      localStorage.setItem("meadow.asked", "");
      sojourn("consent", { analytics, marketing: false });
      bar.remove();
    });
    bar.append(button);
  }
  document.body.append(bar);
}

if (person() !== null)
  document.getElementById("who").textContent = person();
for (const link of document.querySelectorAll("header nav a"))
  if (location.pathname.startsWith(link.pathname))
    link.setAttribute("aria-current", "page");
if (consent === "ask" && localStorage.getItem("meadow.asked") === null)
  consentAsk();
