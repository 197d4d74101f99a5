// The chats of before: opened again, found by a word, renamed, taken away, saved as a file.
import { announce } from "./announce.js";
import { element } from "./dom.js";
import * as turns from "./turns.js";
import { named, said, word } from "./words.js";

const SEARCHED_FROM = 4; // chats; fewer are seen at a glance

const title = (chat) => chat.name || chat.turns[0].facts.turn[0];

const button = (key, className = "action") => said(element("button", { type: "button", className }), key);

const text = (chats) =>
  chats
    .map((chat) => [`# ${title(chat)}`, ...chat.turns.map(({ facts }) => `## ${facts.turn[0]}\n\n${facts.plain || ""}`)].join("\n\n"))
    .join("\n\n\n");

const download = (chats) => {
  const address = URL.createObjectURL(new Blob(["\ufeff", text(chats), "\n"], { type: "text/plain;charset=utf-8" }));
  const link = element("a", { href: address, download: `${word("title")}.txt` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
};

const ask = (place, key, act) => {
  const yes = button("yes", "primary");
  const no = button("no");
  const sure = element("div", { className: "sure", role: "group" }, said(element("p"), key), yes, no);
  place.replaceWith(sure);
  no.addEventListener("click", () => {
    sure.replaceWith(place);
    place.focus();
  });
  yes.addEventListener("click", act);
  no.focus();
};

const renaming = (item, chat, renew) => {
  const box = named(element("input", { type: "text", maxlength: 60, className: "name", value: title(chat) }), "rename_to");
  const form = element("form", { className: "buttons" }, box, said(element("button", { type: "submit", className: "primary" }), "keep_name"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    turns.rename(chat.id, box.value.trim());
    renew();
  });
  box.addEventListener("keydown", (event) => event.key === "Escape" && renew());
  item.replaceChildren(form);
  box.select();
};

const row = (chat, open, renew) => {
  const opened = element("button", { type: "button", className: "past", text: title(chat) });
  opened.addEventListener("click", () => open(chat.id));
  const rename = button("rename");
  const remove = button("remove");
  for (const one of [rename, remove]) one.setAttribute("aria-label", `${one.textContent} ${title(chat)}`);
  const item = element("li", {}, opened, rename, remove);
  rename.addEventListener("click", () => renaming(item, chat, renew));
  remove.addEventListener("click", () =>
    ask(remove, "remove_sure", () => {
      turns.remove(chat.id);
      announce(word("removed"));
      renew();
    }));
  return item;
};

const holds = (chat, wanted) => (title(chat) + text([chat])).toLowerCase().includes(wanted.trim().toLowerCase());

// The section of earlier chats, the latest first; null without any. `open` is called with a chat's id, `renew` when
// the list is another.
export const pastChats = ({ open, renew, cleared }) => {
  const chats = turns.earlier().reverse();
  if (!chats.length) return null;
  const list = element("ul", {}, ...chats.map((chat) => row(chat, open, renew)));
  const none = said(element("p", { className: "none" }), "no_chat_found");
  none.hidden = true;
  const search = named(element("input", { type: "search", className: "find" }), "search_chats");
  named(search, "search_chats", "placeholder");
  search.addEventListener("input", () => {
    chats.forEach((chat, number) => (list.children[number].hidden = !holds(chat, search.value)));
    none.hidden = [...list.children].some((item) => !item.hidden);
  });
  const save = button("save_chats");
  save.addEventListener("click", () => download(chats));
  const clear = button("clear");
  clear.id = "clear";
  clear.addEventListener("click", () =>
    ask(clear, "clear_sure", () => {
      turns.clear();
      announce(word("cleared"));
      cleared();
    }));
  const found = chats.length >= SEARCHED_FROM ? [search, none] : [];
  const foot = element("div", { className: "buttons" }, save, clear);
  return element("section", { className: "chats" }, said(element("h2"), "earlier_chats"), ...found, list, foot);
};
