import { isSigningWanted, person, personSet, sojourn } from "./demo.js";

const show = () => {
  const name = person();
  document.getElementById("sign-in").hidden = name !== null;
  document.getElementById("signed-in").hidden = name === null;
  document.getElementById("unsigned").hidden = !isSigningWanted;
  document.getElementById("hello").textContent = `Hello, ${name}`;
  document.getElementById("who").textContent = name ?? "Profile";
};

document.querySelector("#sign-in form").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = document.getElementById("name").value.trim();
  if (name === "")
    return;
  personSet(name);
  // A real product's server hands the signature out together with the page.
  if (!isSigningWanted)
    sojourn("identify", `meadow-${name.toLowerCase()}`, undefined, { plan: "free" });
  event.target.reset();
  show();
});
document.getElementById("sign-out").addEventListener("click", () => {
  personSet(null);
  sojourn("reset");
  show();
});
show();
