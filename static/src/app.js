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
