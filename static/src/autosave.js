// Saves a form while somebody writes: the same form, posted a few seconds after the last key.
// The page keeps the words until the server has them; nothing is stored in the browser.
const PAUSE = 4000;
// What was written cannot be taken as it is: tried again once it is changed. The others stay as they are.
const MENDABLE = 400;
const REFUSALS = [MENDABLE, 403, 409];
const form = document.querySelector("form[data-autosave]");

if (form) {
  const state = form.querySelector("[data-autosave-state]");
  let waiting = null;
  let sending = null;
  let unsaved = false;
  let stopped = false;
  const done = form.dataset.autosave || "Saved";

  const say = (words) => { state.textContent = words; };

  const sendIn = (pause) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { sending = save().finally(() => { sending = null; }); }, pause);
  };

  const signedOut = () => {
    stopped = true;
    say("You have been signed out. What you wrote is kept. ");
    const link = document.createElement("a");
    link.href = window.location.pathname;
    link.textContent = "Sign in and go on";
    state.append(link);
    unsaved = false;
  };

  const save = async () => {
    unsaved = false;
    say("Saving…");
    try {
      const answer = await fetch(form.action || window.location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Autosave": "1" },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect") return signedOut();
      if (answer.ok) {
        const saved = await answer.json();
        if (form.elements.version) form.elements.version.value = saved.version;
        if (!unsaved) say(`${done} ${saved.saved}`);
      } else if (REFUSALS.includes(answer.status)) {
        const { detail } = await answer.json();
        unsaved = true;
        stopped = answer.status !== MENDABLE;
        say(`Not saved. ${detail} What you wrote is still on this page.`);
      } else {
        throw new Error(answer.status);
      }
    } catch {
      unsaved = true;
      say("Not saved. What you wrote is still here; trying again.");
      sendIn(PAUSE * 3);
    }
  };

  form.addEventListener("input", () => {
    unsaved = true;
    if (!stopped && !sending) sendIn(PAUSE);
    else if (sending) sending.then(() => sendIn(PAUSE));
  });

  // A button waits for a save that is under way, so that the two don't refuse each other.
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    unsaved = false;
    if (sending) {
      event.preventDefault();
      const button = event.submitter;
      sending.then(() => form.requestSubmit(button));
    }
  });

  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}
