// Everything here is a comfort: pages work without it.
import { initAll } from "./nhsuk-frontend.min.js";

const comforts = (root) => {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
};

initAll();
comforts(document);

// Parts that htmx brings in get the same behaviour as the page they land on.
document.addEventListener("htmx:afterSwap", (event) => {
  initAll({ scope: event.detail.target });
  comforts(event.detail.target);
});

// On a phone a long page begins folded. What an address points at is open, and so is everything on paper.
const parts = [...document.querySelectorAll("details[data-folds-on-phone]")];
const unfold = () => {
  const wanted = location.hash && document.getElementById(location.hash.slice(1));
  if (wanted) {
    wanted.closest("details")?.setAttribute("open", "");
    wanted.scrollIntoView();
  }
};
if (parts.length) {
  if (window.matchMedia("(max-width: 40em)").matches) {
    for (const part of parts) part.open = false;
    unfold();
  }
  window.addEventListener("hashchange", unfold);
  window.addEventListener("beforeprint", () => {
    for (const part of parts) part.open = true;
  });
}
