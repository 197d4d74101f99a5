// The staff area: a tab has an address, a passage that is marked comes into view, a refresh that a colleague starts is
// seen, and who was signed out signs in.
const SIGN_IN = "/staff/sign-in";

const ask = window.fetch;
window.fetch = async (...call) => {
  const response = await ask(...call);
  if (response.status === 401 && new URL(response.url).pathname.startsWith("/staff/")) location.assign(SIGN_IN);
  return response;
};

const tabs = () => [...document.querySelectorAll("#pages [role=tab]")];

function openNamed() {
  const name = decodeURIComponent(location.hash.slice(1));
  const tab = tabs().find((one) => one.textContent.trim() === name);
  if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("#pages [role=tab]");
  if (tab) history.replaceState(null, "", `#${tab.textContent.trim()}`);
});

function marked(records) {
  const within = records.some((record) => record.target.closest?.("#preview"));
  if (within) document.querySelector("#preview mark")?.scrollIntoView({ block: "center" });
}

let opened = false;
new MutationObserver((records) => {
  if (!opened && tabs().length) {
    opened = true;
    openNamed();
  }
  marked(records);
}).observe(document.body, { childList: true, subtree: true });
window.addEventListener("hashchange", openNamed);

// The page itself follows a refresh once it knows of one.
const LOOK_EVERY = 4000;

async function lookForRefresh() {
  const look = document.querySelector("#refresh-look");
  const shown = look?.checkVisibility() && document.visibilityState === "visible";
  const followed = document.querySelector("#progress .meter");
  if (!shown || followed) return;
  const response = await fetch("/staff/progress");
  if (response.ok && (await response.json()).running) look.click();
}

window.setInterval(() => lookForRefresh().catch(() => {}), LOOK_EVERY);
