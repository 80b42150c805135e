// Runs before the page is drawn, so that what needs scripts (conditional answers, menus) does not jump.
// A file of its own because our content policy allows no script inside a page.
const mark = () => document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
new MutationObserver((_, watch) => {
  if (document.body) {
    watch.disconnect();
    mark();
  }
}).observe(document.documentElement, { childList: true });
