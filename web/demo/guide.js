// The one section that never loads a page: its chapters are entries of the browser's history.
import { element } from "./demo.js";

const ROOT = "/demo/guide/";
const chapters = {
  "": ["Where to begin", ["Take one plant at a time, and look before you pick. Most can be told by three things: how the leaves stand, how many petals there are, and when it flowers.",
    "The chapters beside this text take them one by one. None of them loads a page: the address changes, and to Sojourn each is a page view of its own."]],
  leaves: ["Leaves", ["Leaves that face each other in pairs are opposite; one at a time, they are alternate; three or more around one point make a whorl.",
    "Look at the edge next. Whole, toothed or cut to the middle: with the way they stand, that is half of the name."]],
  flowers: ["Flowers", ["Count the petals. Five are common, four are the cabbages, three or six are the lilies. What looks like one flower of a daisy is a hundred of them.",
    "A flower that has only one way to be cut into equal halves, as a sage, was made for a visitor of one kind."]],
  seasons: ["Seasons", ["What flowers before the trees have leaves lives from what it kept last year. What flowers after the hay is cut is used to being cut.",
    "Come back to the same place: a meadow changes every two weeks from April to September."]],
};

const links = Object.entries(chapters).map(([name, [title]]) => element("a", { href: ROOT + name, textContent: title }));
document.getElementById("chapters").append(...links);

function show() {
  const [title, texts] = chapters[location.pathname.slice(ROOT.length)] ?? ["There is no such chapter", ["Choose one of the others."]];
  document.title = `${title} · Guide · Meadow`;
  document.getElementById("title").textContent = title;
  document.getElementById("chapter").replaceChildren(...texts.map((text) => element("p", { textContent: text })));
  for (const link of links)
    if (link.pathname === location.pathname)
      link.setAttribute("aria-current", "page");
    else
      link.removeAttribute("aria-current");
}

for (const link of links)
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey)
      return;
    event.preventDefault();
    if (link.pathname !== location.pathname)
      history.pushState(null, "", link.href);
    show();
  });
addEventListener("popstate", show);
show();
