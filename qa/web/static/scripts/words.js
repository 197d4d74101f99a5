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
export const word = (key) => TABLE[current][key];

const put = (node) => {
  const key = [...node.classList].find((name) => name.startsWith("w-"))?.slice(2);
  const text = key && TABLE[current][key];
  if (text && node.textContent !== text) node.textContent = text;
};

const date = (node) => {
  const day = new Date(`${node.getAttribute("datetime")}T00:00:00`);
  // In the same form as on pages without scripts.
  const text = day.toLocaleDateString(current === "en" ? "en-GB" : current, { year: "numeric", month: "long", day: "numeric" });
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

// An element with a word of the page, in the present language.
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
