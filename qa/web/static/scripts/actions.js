// The actions on a reply: judge, copy, share, print, read aloud, go on from it.
import { announce } from "./announce.js";
import { element } from "./dom.js";
import { language, said, translate, word } from "./words.js";

const HAN = /[\u4e00-\u9fff]/;
const REASONS = ["wrong", "incomplete", "outdated", "unclear", "untrue"];

const post = async (address, body) => {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(response.status);
  return response.json();
};

const button = (key, icon, act) => {
  const made = element("button", { type: "button", className: `action ${icon}` }, said(element("span"), key));
  made.addEventListener("click", () => act(made));
  return made;
};

export const copyText = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Browsers give pages without TLS no clipboard.
  const box = element("textarea", { className: "unseen" });
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  if (!done) throw new Error("copy");
};

// A line under the actions reports their result.
const tell = (place, key, more = "") => {
  const line = element("p", { className: "outcome" }, said(element("span"), key));
  if (more) line.append(element("span", { className: "text", text: more }));
  place.replaceChildren(line);
  // Below the last action the bar with the box would cover it.
  line.scrollIntoView({ block: "nearest" });
  announce(word(key, place) + more);
};

const judge = (place, facts, chosen, verdict, further = {}, done = "thanks") =>
  post("/api/feedback", { id: facts.id, verdict, reasons: [], comment: "", ...further })
    .then(() => {
      for (const other of chosen.parentElement.querySelectorAll("[aria-pressed]")) {
        other.setAttribute("aria-pressed", String(other === chosen));
      }
      tell(place, done);
    })
    .catch(() => tell(place, "failed"));

const askWhy = (place, facts, chosen) => {
  const form = element("form", { className: "why" });
  const group = element("fieldset", {}, said(element("legend"), "why"));
  for (const reason of REASONS) {
    const box = element("input", { type: "checkbox", name: "reason", value: reason });
    group.append(element("label", {}, box, said(element("span"), `why_${reason}`)));
  }
  const comment = element("textarea", { maxlength: 300, rows: 2, name: "comment" });
  const send = said(element("button", { type: "submit", className: "primary" }), "submit");
  const cancel = said(element("button", { type: "button", className: "action" }), "cancel");
  cancel.addEventListener("click", () => {
    place.replaceChildren();
    chosen.focus();
  });
  form.append(
    group,
    element("label", { className: "comment" }, said(element("span"), "comment"), comment),
    element("div", { className: "buttons" }, send, cancel),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reasons = [...form.querySelectorAll(":checked")].map((box) => box.value);
    judge(place, facts, chosen, "down", { reasons, comment: comment.value });
    chosen.focus();
  });
  place.replaceChildren(form);
  form.querySelector("input").focus();
};

// The reply that stands above a row of actions; Gradio's own latest one stands beside them, not around them.
const above = (pressed) => {
  const turn = pressed.closest(".turn");
  return turn.id === "after" ? document.querySelector("#latest") : turn;
};

// A refusal as it stands on the page, in the page's language: headings, sentences and the open passages.
const TOLD = ".help > h3, .help > p, .reply > h3, .reply > p:not(.topics), .nearest > li > blockquote, .contact > p";
export const told = (exchange) => [...exchange.querySelectorAll(TOLD)].map((part) => part.textContent.trim()).join("\n");

// Stops what is read aloud.
export const hush = () => {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
  for (const other of document.querySelectorAll(".action.quiet")) {
    other.classList.remove("quiet");
    said(rename(other.querySelector("span")), "aloud");
  }
};

const readAloud = (pressed, facts) => {
  const label = pressed.querySelector("span");
  const reading = pressed.classList.contains("quiet");
  hush();
  if (reading) return;
  const words = facts.status === "abstained" ? told(above(pressed)) : facts.plain;
  // Reference numbers are not read aloud.
  const speech = new SpeechSynthesisUtterance(words.replace(/\[\d+\]/g, ""));
  speech.lang = HAN.test(words) ? "zh-CN" : facts.language || language();
  // What was stopped has ended, too, and may be another button's.
  speech.onend = speech.onerror = () => {
    pressed.classList.remove("quiet");
    said(rename(label), "aloud");
  };
  pressed.classList.add("quiet");
  said(rename(label), "quiet");
  speechSynthesis.speak(speech);
};

const rename = (node) => {
  node.className = "";
  return node;
};

const print = (pressed) => {
  const printed = above(pressed);
  printed.classList.add("printed");
  window.print();
  printed.classList.remove("printed");
};

// The row under a reply; `ask` is called with the question that was tapped.
export const actions = (facts, ask) => {
  const made = element("div", { className: "after", ...(facts.language && { lang: facts.language }) });
  const row = element("div", { className: "actions" });
  const place = element("div", { className: "outcomes" });
  const answered = facts.status === "answered" || facts.status === "partial";
  if (facts.id && facts.status === "abstained" && !facts.talk) {
    // One tap puts the question into the to-do list of staff.
    const tell = button("tell_us", "down", () => judge(place, facts, tell, "down", {}, "told_us"));
    tell.setAttribute("aria-pressed", "false");
    row.append(tell);
  } else if (facts.id) {
    const up = button("helpful", "up", () => judge(place, facts, up, "up"));
    const down = button("unhelpful", "down", () => askWhy(place, facts, down));
    up.setAttribute("aria-pressed", "false");
    down.setAttribute("aria-pressed", "false");
    row.append(up, down);
  }
  if (answered) {
    row.append(
      button("copy", "copy", () =>
        copyText(facts.plain).then(() => tell(place, "copied"), () => tell(place, "failed"))),
    );
    if (facts.id) {
      row.append(
        button("share", "share", async () => {
          try {
            const { address } = await post("/api/share", { id: facts.id });
            const link = new URL(address, location.href).href;
            await copyText(link).catch(() => {});
            tell(place, "shared", link);
          } catch {
            tell(place, "failed");
          }
        }),
      );
    }
    row.append(button("print", "print", print));
  }
  if ("speechSynthesis" in window) row.append(button("aloud", "aloud", (pressed) => readAloud(pressed, facts)));
  if (row.children.length) made.append(row, place);
  // After a refusal, the reply itself holds these questions.
  if (answered && facts.further?.length) made.append(questions("related", facts.further, ask));
  translate(made);
  return made;
};

// Questions to tap, under a heading.
export const questions = (key, list, ask, heading = "h3") => {
  const made = element("section", { className: "questions" }, said(element(heading), key));
  const items = list.map((text) => {
    const lang = HAN.test(text) ? "zh-CN" : "en";
    const offered = element("button", { type: "button", className: "offered", lang, text });
    offered.addEventListener("click", () => ask(text));
    return element("li", {}, offered);
  });
  made.append(element("ul", {}, ...items));
  return made;
};
