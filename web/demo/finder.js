import { cardsShow } from "./demo.js";

const field = document.getElementById("q");
const count = document.getElementById("count");
field.value = new URLSearchParams(location.search).get("q") ?? "";
const wanted = field.value.trim().toLowerCase();

addEventListener("meadow", ({ detail }) => {
  count.textContent = wanted === "" ? `${detail} plants` : `${detail} for “${field.value.trim()}”`;
});
cardsShow(({ name, family, colour }) => `${name} ${family} ${colour}`.toLowerCase().includes(wanted));
