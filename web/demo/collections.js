import { cardsShow, kept, sojourn } from "./demo.js";

const shared = document.getElementById("shared");

addEventListener("meadow", ({ detail }) => {
  document.getElementById("empty").hidden = detail > 0;
  document.getElementById("share").hidden = detail === 0;
});
document.getElementById("share-now").addEventListener("click", () => {
  const { length } = kept();
  sojourn("track", "Collection shared", { category: "Conversion", value: length });
  shared.textContent = `Shared: ${length} ${length === 1 ? "plant" : "plants"}.`;
});
cardsShow(({ id }) => kept().includes(id));
