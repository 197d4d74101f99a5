// Above the chat: language, text size, a new chat; and messages of staff: a notice, a pause.
import { hush } from "./actions.js";
import { element, keep, kept } from "./dom.js";
import { LANGUAGES, language, named, said, speak, translate } from "./words.js";

const SIZES = ["100%", "118.75%", "137.5%"];
const STATE_SECONDS = 60;

const resize = (size) => {
  document.documentElement.style.fontSize = SIZES[size];
  document.querySelectorAll("#tools .size").forEach((button, number) =>
    button.setAttribute("aria-pressed", String(number === size)));
  keep("qa.size", size);
};

// A button that is on or off; this browser remembers its state. Untouched, it shows whether `system` matches.
const toggle = (key, id, apply, system = null) => {
  const made = element("button", { type: "button", className: "action toggle", id }, said(element("span"), key));
  const put = (on) => {
    made.setAttribute("aria-pressed", String(on));
    apply(on);
  };
  made.addEventListener("click", () => {
    const on = made.getAttribute("aria-pressed") !== "true";
    keep(`qa.${id}`, on);
    put(on);
  });
  const wanted = kept(`qa.${id}`, null);
  made.setAttribute("aria-pressed", String(wanted ?? Boolean(system?.matches)));
  if (wanted !== null) put(wanted === true);
  return made;
};

const darken = (on) => (document.documentElement.dataset.theme = on ? "dark" : "light");

// 长辈版: one tap for the largest text, the plainest colours, and replies read aloud; another tap restores the earlier size.
const simplify = (on) => {
  document.documentElement.classList.toggle("elder", on);
  if (!on) hush();
  if (on) document.documentElement.style.fontSize = SIZES[SIZES.length - 1];
  else resize(kept("qa.size", 0));
};

export const bar = (renew) => {
  const skip = said(element("a", { href: "#question", className: "skip" }), "skip");
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("#question textarea").focus();
  });
  const select = named(element("select", { id: "language" }), "language");
  for (const [code, name] of Object.entries(LANGUAGES)) select.append(element("option", { value: code, text: name, lang: code }));
  select.value = language();
  select.addEventListener("change", () => speak(select.value));
  const sizes = named(element("div", { className: "sizes", role: "group" }), "size");
  SIZES.forEach((_, size) => {
    const button = named(element("button", { type: "button", className: `size size-${size}`, text: "A" }), `size_${size}`);
    button.addEventListener("click", () => resize(size));
    sizes.append(button);
  });
  const fresh = element("button", { type: "button", id: "new-chat", className: "action" }, said(element("span"), "new_chat"));
  fresh.addEventListener("click", renew);
  const tongue = element("div", { className: "tongue" }, select);
  const made = element("header", { id: "tools" }, skip, tongue, sizes, toggle("dark", "dark", darken, matchMedia("(prefers-color-scheme: dark)")), toggle("elder", "elder", simplify), fresh);
  document.body.prepend(made, element("div", { id: "banner", role: "status" }));
  const size = kept("qa.size", 0);
  resize(SIZES[size] ? size : 0);
  if (kept("qa.elder", false)) simplify(true);
};

// The state of the service: fetched now, every minute while the page is visible, and when it becomes visible again.
export const watch = (show) => {
  const look = async () => {
    try {
      const response = await fetch("/api/page");
      if (response.ok) show(await response.json());
    } catch {
      // The next question will report the failure.
    }
  };
  look();
  setInterval(() => document.hidden || look(), STATE_SECONDS * 1000);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  return look;
};

export const showState = (state) => {
  document.querySelector("#banner").textContent = state.notice;
  document.body.classList.toggle("paused", Boolean(state.pause));
  let paused = document.querySelector("#paused");
  if (!paused) {
    paused = element("div", { id: "paused", role: "status" });
    document.querySelector("#composer").before(paused);
  }
  const why = element("p", { className: "text", text: state.pause });
  const told = state.pause ? [said(element("h2"), "paused"), why] : [];
  if (paused.lastChild?.textContent !== state.pause || !state.pause) paused.replaceChildren(...told);
  const masthead = document.querySelector(".masthead");
  if (masthead && !masthead.querySelector(".date")) {
    const date = element("time", { datetime: state.date });
    masthead.append(element("p", { className: "date" }, said(element("span"), "as_of"), " ", date));
    translate(masthead);
  }
};
