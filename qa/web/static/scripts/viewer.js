// The document beside the chat, or above it on a small screen: opened at a citation, with buttons to the others.
import { announce } from "./announce.js";
import { element, rebuild } from "./dom.js";
import { named, said, translate, word } from "./words.js";

const BESIDE = window.matchMedia("(min-width: 75rem)");

let dialog, content, title, position, previous, next;
let opener = null;
let places = [];
let here = 0;
let shown = "";

const build = () => {
  // Beside an open document one can go on asking: Back must not scroll to where that began.
  history.scrollRestoration = "manual";
  const close = said(element("button", { type: "button", className: "action close" }), "close");
  close.addEventListener("click", () => dialog.close());
  previous = said(element("button", { type: "button", className: "action" }), "previous");
  next = said(element("button", { type: "button", className: "action" }), "next");
  previous.addEventListener("click", () => go(here - 1));
  next.addEventListener("click", () => go(here + 1));
  position = element("span", { className: "position" });
  title = element("p", { className: "title text", lang: "zh-CN" });
  const walk = element("div", { className: "walk" }, previous, position, next);
  content = element("div", { className: "content", tabindex: "0", role: "region" });
  named(content, "viewer");
  dialog = element("dialog", { id: "viewer" });
  named(dialog, "viewer");
  dialog.append(element("div", { className: "head" }, said(element("h2"), "viewer"), title, walk, close), content);
  dialog.addEventListener("close", () => {
    // Remove the history entry of the open document, too, unless Back has closed it.
    if (history.state?.viewer) history.back();
    document.body.classList.remove("reading");
    if (opener?.isConnected) opener.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // the backdrop
  });
  document.body.append(dialog);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && dialog.open) {
      event.preventDefault();
      dialog.close();
    }
  });
};

// All citations of a reply in order: the document, and the number of the mark in it.
const placesOf = (link) => {
  const reply = link.closest(".reply");
  const refs = [...reply.querySelectorAll("a.ref")];
  if (!refs.length) return [[{ address: link.href.split("#")[0], mark: 1 }], 0];
  const documentOf = (a) => new URL(a.href).searchParams.get("document");
  const whole = new Map([...reply.querySelectorAll(".sources a.chip")].map((a) => [documentOf(a), a.href.split("#")[0]]));
  const counts = new Map();
  const all = refs.map((a) => {
    const name = documentOf(a);
    counts.set(name, (counts.get(name) || 0) + 1);
    return { address: whole.get(name), mark: counts.get(name), words: a.closest("blockquote")?.querySelector("mark")?.textContent };
  });
  const number = refs.includes(link) ? refs.indexOf(link) : refs.findIndex((a) => documentOf(a) === documentOf(link));
  return [all, Math.max(0, number)];
};

// A quoted row may be wider than the screen: of its marks, the one with the words that answer is scrolled into sight.
const showAcross = (found, words) => {
  const marked = [...(found.closest("tr")?.querySelectorAll("mark") || [])];
  const named = marked.find((one) => words && one.textContent.includes(words)) || found;
  named.closest("td")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  return named;
};

const go = async (number) => {
  here = number;
  const { address, mark, words } = places[here];
  position.textContent = `${here + 1} / ${places.length}`;
  previous.disabled = here === 0;
  next.disabled = here === places.length - 1;
  if (address !== shown) {
    shown = address;
    title.textContent = "";
    content.replaceChildren(said(element("p", { className: "opening" }), "opening"));
    try {
      const response = await fetch(address);
      const markup = await response.text();
      if (shown !== address) return;
      content.replaceChildren(rebuild(markup, "main"));
      translate(content);
      title.textContent = content.querySelector("h1")?.textContent;
    } catch {
      shown = "";
      content.replaceChildren(said(element("p", { className: "opening" }), "not_opened"));
      announce(word("not_opened"));
      return;
    }
  }
  content.querySelectorAll(".here").forEach((other) => other.classList.remove("here"));
  const found = content.querySelector(`#m${mark}`);
  if (!found) return content.scrollTo(0, 0);
  const named = showAcross(found, words);
  named.classList.add("here");
  const middle = found.getBoundingClientRect().top - content.getBoundingClientRect().top + content.scrollTop;
  content.scrollTo({ top: middle - content.clientHeight / 3, behavior: "instant" });
  announce(`${word("viewer")} ${position.textContent} ${named.textContent}`);
};

const open = (link) => {
  if (!dialog) build();
  opener = link;
  let number;
  [places, number] = placesOf(link);
  dialog.querySelector(".walk").hidden = places.length < 2;
  if (!dialog.open) {
    if (BESIDE.matches) dialog.show();
    else dialog.showModal();
    // Back closes the document and stays on the page.
    history.pushState({ viewer: true }, "");
    document.body.classList.add("reading");
  }
  content.focus({ preventScroll: true });
  go(number);
};

window.addEventListener("popstate", () => dialog?.open && dialog.close());

export const close = () => dialog?.open && dialog.close();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a.chip[href^="/source"], a.ref');
  // With a modifier key the reader wants a new tab.
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});
