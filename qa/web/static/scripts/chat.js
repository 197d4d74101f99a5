// The page around Gradio's box and latest reply: earlier turns and their actions, documents, languages.
import { actions, hush, questions, told } from "./actions.js";
import { announce } from "./announce.js";
import * as asking from "./ask.js";
import { pastChats } from "./history.js";
import { appears, element, rebuild } from "./dom.js";
import { bar, showState, watch } from "./tools.js";
import * as turns from "./turns.js";
import { close } from "./viewer.js";
import * as writing from "./write.js";
import { language, named, onLanguage, start, translate, word } from "./words.js";

let latest, earlier, after, welcome;
let facts = null; // about the latest reply, once it is on the page
let foot = null; // whose site it is, as the first sight showed it
let examples = {}; // by language
let look = () => {};

const turn = (content, facts) => element("article", { className: "turn" }, content, actions(facts, asking.ask));

// Copies the latest reply upward, because Gradio must find its own nodes where it left them. Styles hide these meanwhile.
const archive = () => {
  const shown = latest.querySelector(".exchange");
  if (shown) shown.classList.add("stale");
  if (shown && facts) {
    const copy = shown.cloneNode(true);
    copy.classList.remove("stale");
    earlier.append(element("article", { className: "turn" }, copy, ...after.childNodes));
  }
  after.replaceChildren();
};

const begin = () => {
  writing.stop();
  hush();
  archive();
  welcome.hidden = true;
};

// After a failed question, move the copied reply back.
const fail = () => {
  latest.querySelector(".stale")?.classList.remove("stale");
  if (facts) after.append(...earlier.lastChild.querySelectorAll(":scope > .after"));
  if (facts) earlier.lastChild.remove();
  if (!facts && !earlier.childNodes.length) renewView();
  look();
};

// Gradio draws the reply after its call has returned; it does not redraw a reply equal to the last one.
const drawn = () =>
  Promise.race([
    appears(() => latest.querySelector(".exchange:not(.stale)")),
    new Promise((resolve) => setTimeout(() => resolve(latest.querySelector(".exchange")), 1000)),
  ]);

// Where the keyboard is not in the box, as on a phone or after a tapped question, what was tapped is gone: the focus goes
// to the answer. Who types goes on typing, and hears the answer.
const arrive = (reply) => {
  if (document.activeElement === asking.box()) return;
  reply.tabIndex = -1;
  reply.focus({ preventScroll: true });
};

const answer = async (given) => {
  facts = null;
  const exchange = await drawn();
  exchange.classList.remove("stale");
  document.body.classList.remove("fresh");
  translate(latest);
  latest.scrollIntoView({ block: "start" });
  arrive(exchange.querySelector(".reply"));
  if (given.turn) {
    facts = given;
    const made = actions(facts, asking.ask);
    after.replaceChildren(...made.childNodes.length ? [made] : []);
    // Scroll again, now that there is room below: the answer begins at the top, above the box.
    latest.scrollIntoView({ block: "start" });
    const history = turns.history();
    if (given.status !== "rejected") turns.add({ html: exchange.outerHTML, facts });
    announce(facts.status === "abstained" ? told(exchange) : facts.plain);
    if (document.documentElement.classList.contains("elder")) after.querySelector(".aloud")?.click();
    writing.write(exchange, facts, history, (made) => {
      facts = made;
      after.replaceChildren(actions(facts, asking.ask));
      turns.replace({ html: exchange.outerHTML, facts });
    });
  } else {
    announce(exchange.querySelector(".reply").textContent);
    look();
  }
};

// The page before the first question: examples, earlier chats, whose site it is.
const renewView = () => {
  document.body.classList.remove("conversing");
  welcome.hidden = false;
  const offered = examples[language()] || [];
  const parts = offered.length ? [questions("try", offered, asking.ask, "h2")] : [];
  const before = pastChats({ open: reopen, renew: renewView, cleared: () => (renewView(), asking.box().focus()) });
  if (before) parts.push(before);
  if (foot) parts.push(foot);
  welcome.replaceChildren(...parts);
};

const reopen = (id) => {
  turns.resume(id);
  showCurrent();
};

const showCurrent = () => {
  facts = null;
  latest.querySelector(".exchange")?.classList.add("stale");
  after.replaceChildren();
  earlier.replaceChildren(
    ...turns.current().map(({ html, facts }) => {
      const made = turn(rebuild(html), facts);
      made.querySelectorAll(".w-searching").forEach((node) => node.remove());
      return made;
    }),
  );
  document.body.classList.add("fresh");
  translate(earlier);
  if (!turns.current().length) return renewView();
  document.body.classList.add("conversing");
  welcome.hidden = true;
  earlier.lastChild.scrollIntoView({ block: "start" });
};

const renew = () => {
  if (asking.asking()) return;
  writing.stop();
  hush();
  close();
  turns.begin();
  showCurrent();
  window.scrollTo(0, 0);
  asking.box().focus({ preventScroll: true });
};

// Questions offered within a reply are links for browsers without scripts; here they become questions of this chat.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.offered");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const given = new URL(link.href).searchParams;
  asking.ask(given.get("q"), given.get("document") || "");
});

// The page that was shown while this one loaded goes, but not in the middle of a word. Returns what was typed into it,
// null if its box was left alone or its question is sent.
const takeOver = async () => {
  const shell = document.querySelector("#shell");
  const box = shell?.querySelector("textarea");
  while (box?.dataset.composing !== undefined) await new Promise((resolve) => box.addEventListener("compositionend", resolve, { once: true }));
  const left = !box || box.form.dataset.sent !== undefined || !(box.value || box === document.activeElement);
  const typed = left ? null : box.value;
  foot = shell?.querySelector("footer");
  shell?.remove();
  return typed;
};

const open = async () => {
  const parts = ["#question textarea", "#latest", "#send", "#composer", ".masthead"];
  await appears(() => parts.every((part) => document.querySelector(part)));
  const typed = await takeOver();
  latest = document.querySelector("#latest");
  earlier = element("div", { id: "earlier" });
  after = element("div", { id: "after", className: "turn" });
  welcome = element("div", { id: "welcome" });
  latest.before(welcome, earlier);
  latest.after(after);
  bar(renew);
  asking.start({ begin, fail, answer });
  start();
  named(asking.box(), "placeholder", "placeholder");
  named(asking.box(), "question");
  onLanguage(() => (document.querySelector("#send").textContent = word("send")));
  showCurrent();
  if (typed !== null) asking.begun(typed);
  asking.resume();
  turns.onChange(() => welcome.hidden || welcome.contains(document.activeElement) || renewView());
  look = watch((state) => {
    showState(state);
    writing.offer(state.ai);
    if (JSON.stringify(examples) === JSON.stringify(state.examples)) return;
    examples = state.examples;
    if (!welcome.hidden) renewView();
  });
  onLanguage(() => welcome.hidden || renewView());
};

open();
