// Gradio names some of its parts in English, or by the key of a word that it has in no other language; screen readers read
// these names out.
const NAMES = ["aria-label", "title", "placeholder"];
const WORDS = [
  [/^common\.complete$/, "完成"],
  [/^common\.error$/, "没有成功"],
  [/^Dataframe$/, "列表"],
  [/^Textbox$/, "文字"],
  [/^Dropdown$/, "选择"],
  [/^Select column.*$/, "选这一列"],
  [/^Select row.*$/, "选这一行"],
  [/^Reset to default value$/, "回到原来的值"],
  [/^(?:range slider|number input) for (.+)$/s, "$1"],
];

const told = (words) => WORDS.reduce((text, [english, chinese]) => text.replace(english, chinese), words.trim());

function rename(one, name) {
  const words = one.getAttribute(name);
  if (words && told(words) !== words) one.setAttribute(name, told(words));
}

function rewrite(text) {
  if (/^\s*common\.\w+\s*$/.test(text.data)) text.data = told(text.data);
}

function look(node) {
  if (node.nodeType === Node.TEXT_NODE) rewrite(node);
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  for (const name of NAMES) for (const one of [node, ...node.querySelectorAll(`[${name}]`)]) rename(one, name);
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) rewrite(texts.currentNode);
}

new MutationObserver((records) => {
  for (const record of records) {
    if (record.type === "attributes") rename(record.target, record.attributeName);
    else if (record.type === "characterData") rewrite(record.target);
    else for (const node of record.addedNodes) look(node);
  }
}).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: NAMES });
look(document.body);
