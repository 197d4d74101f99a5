// The language of the page: follows the browser, can be switched, and replaces the words that classes name.
import { keep, kept } from "./dom.js";

const TABLE = JSON.parse(document.getElementById("words").textContent);
const NAME = "qa.language";

const preferred = () => {
  for (const tag of navigator.languages.map((tag) => tag.toLowerCase())) {
    if (tag.startsWith("zh")) return /hant|tw|hk|mo/.test(tag) ? "zh-TW" : "zh-CN";
    if (tag.startsWith("en")) return "en";
  }
  return "zh-CN";
};

export const LANGUAGES = { "zh-CN": "简体中文", "zh-TW": "繁體中文", en: "English" };
let current = TABLE[kept(NAME)] ? kept(NAME) : preferred();

export const language = () => current;

// What belongs to a reply is in the language of its question, not of the page; Simplified and Traditional follow the page.
const spoken = (node) => {
  const own = node?.closest(".exchange, .after")?.lang;
  return TABLE[own] && !(own === "zh-CN" && current === "zh-TW") ? own : current;
};

// A word in the language of the page, or of the reply in which a node stands.
export const word = (key, node) => TABLE[spoken(node)][key];

const put = (node) => {
  const key = [...node.classList].find((name) => name.startsWith("w-"))?.slice(2);
  const text = key && word(key, node);
  if (text && node.textContent !== text) node.textContent = text;
};

const date = (node) => {
  const day = new Date(`${node.getAttribute("datetime")}T00:00:00`);
  // In the same form as on pages without scripts.
  const language = spoken(node);
  const text = day.toLocaleDateString(language === "en" ? "en-GB" : language, { year: "numeric", month: "long", day: "numeric" });
  if (node.textContent !== text) node.textContent = text;
};

export const translate = (root = document) => {
  root.querySelectorAll(".w").forEach(put);
  root.querySelectorAll("time[datetime]").forEach(date);
};

const listeners = [];
export const onLanguage = (listener) => {
  listeners.push(listener);
  listener();
};

export const speak = (language) => {
  current = language;
  keep(NAME, language);
  apply();
};

const apply = () => {
  document.documentElement.lang = current;
  document.title = word("title");
  translate();
  listeners.forEach((listener) => listener());
};

// An element with a word of the page, in the language of the page or of the reply around it.
export const said = (node, key) => {
  node.classList.add("w", `w-${key}`);
  put(node);
  return node;
};

// A label that only assistive technology reads, or a placeholder.
export const named = (node, key, attribute = "aria-label") => {
  onLanguage(() => node.setAttribute(attribute, word(key)));
  return node;
};

export const start = () => {
  apply();
  // Gradio may draw its parts at any time.
  new MutationObserver((changes) => {
    if (changes.some((change) => change.addedNodes.length)) translate();
  }).observe(document.body, { childList: true, subtree: true });
};
