// Written answers: the switch, and the stream of checked sentences above the quotations of the latest reply.
import { announce } from "./announce.js";
import { element, keep, kept, rebuild } from "./dom.js";
import { said, translate, word } from "./words.js";

const NAME = "qa.ai";

let control = null;

const wanted = () => kept(NAME, false) === true && document.querySelector("#ai-switch") !== null;

// The switch under the question box, if staff allow it; while the model rests, a line reports that.
export const offer = (state) => {
  let place = document.querySelector("#ai-switch");
  if (!state) return place?.remove();
  if (!place) {
    const box = element("input", { type: "checkbox", id: "ai-box" });
    box.checked = kept(NAME, false) === true;
    box.addEventListener("change", () => keep(NAME, box.checked));
    const label = element("label", {}, box, " ", said(element("span"), "ai_switch"));
    place = element("div", { id: "ai-switch" }, label, element("span", { className: "resting", role: "status" }));
    document.querySelector("#composer").append(place);
  }
  const line = place.querySelector(".resting");
  if (state !== "resting") line.replaceChildren();
  else if (!line.childNodes.length) line.append(" ", said(element("span"), "ai_resting"));
};

export const stop = () => control?.abort();

const lines = async function* (response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (waiting + value).split("\n");
    waiting = parts.pop();
    for (const part of parts) yield JSON.parse(part);
  }
};

// Has the reply in `exchange` written out; calls `finish` with the facts of the written reply once it is complete.
export const write = async (exchange, facts, history, finish) => {
  if (!facts.writable || !wanted()) return;
  stop();
  const mine = new AbortController();
  control = mine;
  const busy = element("p", { className: "busy" }, said(element("span"), "ai_writing"));
  const halt = said(element("button", { type: "button", className: "action halt" }), "stop");
  halt.addEventListener("click", stop);
  const section = element("section", { className: "ai" }, said(element("p", { className: "ai-label" }), "ai"), busy, halt);
  exchange.querySelector(".reply").prepend(section);
  // Remove the sentences of an unfinished answer; the quotations below are complete.
  const keepQuoted = (key) => {
    section.replaceChildren(said(element("p", { className: "hint" }), key));
    announce(word(key, section));
  };
  let whole = false;
  try {
    const response = await fetch("/api/write", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question: facts.turn[0], history }),
      signal: mine.signal,
    });
    if (!response.ok) throw new Error(response.status);
    for await (const line of lines(response)) {
      if (line.piece) {
        busy.before(rebuild(line.piece));
        continue;
      }
      whole = true;
      if (line.reply) {
        const made = rebuild(line.reply, ".exchange");
        exchange.replaceChildren(made);
        exchange.id = `r-${line.facts.id}`;
        finish(line.facts);
        announce(line.facts.plain);
      } else {
        keepQuoted(line.kept);
      }
    }
    if (!whole) keepQuoted("ai_broken");
  } catch (error) {
    if (!whole) keepQuoted(error.name === "AbortError" ? "ai_stopped" : "ai_broken");
  }
  if (control === mine) control = null;
  translate(exchange);
};
