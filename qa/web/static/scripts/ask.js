// The one call that asks a question: its data, the display while it runs, and its failures.
import { announce } from "./announce.js";
import { element } from "./dom.js";
import * as turns from "./turns.js";
import { listen } from "./voice.js";
import { said, translate, word } from "./words.js";

const CALL = "/gradio_api/run/predict";
const MOST = 300;
const PENDING = "qa.pending";
const COUNT_FROM = MOST * 0.8;
const WAITING_AFTER = 500; // milliseconds

let control = null;
let chosen = null;
let alone = ""; // the one document that a chosen question is asked of
let hooks = {};
let leaving = false;
window.addEventListener("pagehide", () => (leaving = true));
window.addEventListener("pageshow", () => (leaving = false));

export const box = () => document.querySelector("#question textarea");
export const asking = () => control !== null;

const write = (text) => {
  box().value = text;
  box().dispatchEvent(new Event("input", { bubbles: true }));
};

// Go on with a question that was begun before this box was there.
export const begun = (text) => {
  if (text) write(text.slice(0, MOST));
  box().focus();
};

// Ask again a question that a reload interrupted.
export const resume = () => {
  const { question, only } = pending();
  if (question) ask(question, only);
};

// Ask a question that was tapped, not typed; of one document if it is named.
export const ask = (question, only = "") => {
  if (asking() || document.body.classList.contains("paused")) return;
  chosen = question;
  alone = only;
  document.querySelector("#send").click();
};

const may = () => !asking() && (chosen !== null || (box().value.trim() !== "" && box().value.length <= MOST));

const notice = (key) => {
  const place = document.querySelector("#notice");
  place.replaceChildren(...(key ? [said(element("span"), key)] : []));
};

// The running question, stored for this tab only: after a reload it is asked again.
const pend = (question, only = "") => {
  try {
    if (question) sessionStorage.setItem(PENDING, JSON.stringify({ question, only }));
    else sessionStorage.removeItem(PENDING);
  } catch {
    // Without storage, a reload loses the question.
  }
};

const pending = () => {
  try {
    return JSON.parse(sessionStorage.getItem(PENDING)) || {};
  } catch {
    return {};
  }
};

const begin = (question, only) => {
  pend(question, only);
  control = new AbortController();
  hooks.begin();
  notice("");
  if (box().value === question) write("");
  // The keyboard of a phone would cover the answer.
  if (matchMedia("(pointer: coarse)").matches) box().blur();
  document.body.classList.add("asking", "conversing");
  announce(word("searching"));
  return setTimeout(() => {
    const asked = element("h2", { className: "asked" }, element("span", { className: "text", text: question }));
    const exchange = element("div", { className: "exchange" }, asked, said(element("p", { className: "busy" }), "searching"));
    document.querySelector("#waiting").replaceChildren(exchange);
    exchange.scrollIntoView({ block: "start" });
  }, WAITING_AFTER);
};

const end = (timer) => {
  // A page that is being left gets no reply, which is not a failure.
  if (!leaving) pend("");
  clearTimeout(timer);
  control = null;
  document.querySelector("#waiting").replaceChildren();
  document.body.classList.remove("asking");
};

// `Response.json` is newer than many a phone: Chromium 105, Safari 17.
const responded = (value, status = 200) =>
  new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json" } });

const fail = (question, key) => {
  hooks.fail();
  notice(key);
  if (!box().value) write(question);
  count();
  // Gradio would wait for the call forever and accept no further question; it understands a refusal.
  return responded({ error: null }, 503);
};

const call = async (original, address, options) => {
  const body = JSON.parse(options.body);
  const question = chosen ?? body.data[0];
  const only = chosen === null ? "" : alone;
  chosen = null;
  const history = turns.history();
  body.data = [question, JSON.stringify(only ? { turns: history, document: only } : history)];
  const timer = begin(question, only);
  try {
    const response = await original(address, { ...options, body: JSON.stringify(body), signal: control.signal });
    const reply = response.ok ? await response.json() : null;
    end(timer);
    if (!reply) return fail(question, "refused");
    // Keep what was typed meanwhile.
    reply.data[1] = box().value || reply.data[1];
    hooks.answer(JSON.parse(reply.data[2]));
    return responded(reply);
  } catch (error) {
    end(timer);
    return fail(question, error.name === "AbortError" ? "stopped" : "lost");
  }
};

const count = () => {
  const left = MOST - box().value.length;
  const counter = document.querySelector("#counter");
  const text = `${word(left < 0 ? "over" : "left")} ${Math.abs(left)}`;
  counter.textContent = box().value.length >= COUNT_FROM ? text : "";
  counter.classList.toggle("over", left < 0);
};

const halt = (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
};

export const start = (given) => {
  hooks = given;
  const original = window.fetch;
  window.fetch = (address, options) =>
    String(address.url || address).endsWith(CALL) ? call(original, address, options) : original(address, options);

  const stop = said(element("button", { type: "button", id: "stop" }), "stop");
  stop.addEventListener("click", () => control?.abort());
  const composer = document.querySelector("#composer");
  const hear = (words) => {
    write((box().value + words).slice(0, MOST));
    notice("");
    box().focus();
  };
  composer.append(...listen(hear, notice), stop, element("div", { id: "counter", role: "status" }));
  composer.before(element("div", { id: "waiting" }), element("p", { id: "notice", role: "alert" }));
  translate(composer);
  box().addEventListener("input", count);

  // Before Gradio's own handler: an Enter that ends a composition belongs to the input method, and no question is sent twice.
  window.addEventListener("keydown", (event) => {
    if (event.target !== box() || event.key !== "Enter" || event.shiftKey) return;
    if (event.isComposing || event.keyCode === 229 || !may()) halt(event);
  }, true);
  window.addEventListener("click", (event) => {
    if (event.target.closest?.("#send") && !may()) halt(event);
  }, true);
};
