// The first sight: fetches the chat at the first touch or key, or once the page was left alone for some seconds. On a
// cheap phone the chat's scripts hold up everything for seconds, and the form here answers without them.
const SECONDS_ALONE = 5;
// Seconds that a question waits for the chat; then the form asks it without.
const SECONDS_HELD = 4;
const SIGNS = ["pointerdown", "pointermove", "touchstart", "wheel", "scroll", "keydown", "focusin"];
const PENDING = "qa.pending"; // as ask.js reads it

const form = document.querySelector("#shell form");
const box = form.querySelector("textarea");
const busy = document.querySelector("#shell .busy");

// Browsers before Chromium 88, such as some of 微信, would show the chat without its styles: they keep this page.
const able = CSS.supports("selector(:is(a))");

let fetched = false;
const fetchChat = () => {
  if (fetched || !able) return;
  fetched = true;
  for (const sign of SIGNS) removeEventListener(sign, fetchChat, true);
  for (const { dataset } of document.querySelectorAll("template.later")) {
    const { pathname } = new URL(dataset.address, document.baseURI);
    const part = pathname.endsWith(".css")
      ? Object.assign(document.createElement("link"), { rel: "stylesheet", href: pathname })
      : Object.assign(document.createElement("script"), { type: "module", src: pathname });
    part.crossOrigin = "";
    document.head.append(part);
  }
};

// Who was here before, opened the page within another site, or began to type has asked for the chat already.
const expected = () => {
  if (box.value || box === document.activeElement) return true;
  try {
    return self !== top || [localStorage, sessionStorage].some((storage) => Object.keys(storage).some((key) => key.startsWith("qa.")));
  } catch {
    return self !== top;
  }
};

// The chat asks a question that it finds here, as it does after a reload.
const pend = (question) => {
  try {
    if (question) sessionStorage.setItem(PENDING, JSON.stringify({ question, only: "" }));
    else sessionStorage.removeItem(PENDING);
    return true;
  } catch {
    return false;
  }
};

// Holds `go`, which asks without the chat, until the chat has had its time to come; it takes this page away.
const hold = (event, question, go) => {
  if (!able || !pend(question)) return;
  event.preventDefault();
  if (form.dataset.sent !== undefined) return;
  form.dataset.sent = "";
  busy.hidden = false;
  fetchChat();
  setTimeout(() => {
    if (!form.isConnected) return;
    pend("");
    go();
  }, SECONDS_HELD * 1000);
};

// Enter asks, as in the chat; Shift+Enter begins a new line.
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
form.addEventListener("submit", (event) => hold(event, box.value.trim(), () => form.submit()));
document.querySelector("#shell").addEventListener("click", (event) => {
  const link = event.target.closest("a.offered");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.stopPropagation();
  hold(event, new URL(link.href).searchParams.get("q"), () => (location.href = link.href));
});
// A page that Back brings again is asked anew.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  delete form.dataset.sent;
  busy.hidden = true;
});
// An input method would lose what it composes if the box went away under it.
box.addEventListener("compositionstart", () => (box.dataset.composing = ""));
box.addEventListener("compositionend", () => delete box.dataset.composing);

if (expected()) fetchChat();
else {
  for (const sign of SIGNS) addEventListener(sign, fetchChat, { capture: true, passive: true });
  addEventListener("load", () => setTimeout(fetchChat, SECONDS_ALONE * 1000));
}
