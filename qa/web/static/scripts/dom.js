// Functions that make elements, and the only function that puts foreign markup onto the page.

export const element = (tag, { className = "", text = "", ...attributes } = {}, ...children) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

const ELEMENTS = new Set(
  ("A ARTICLE B BLOCKQUOTE CITE DETAILS DIV H1 H2 H3 H4 H5 H6 LI MAIN MARK OL P SECTION SPAN STRONG SUMMARY TABLE TBODY TD TH TIME TR UL").split(" "),
);
const ATTRIBUTES = ["class", "id", "lang", "datetime"];

// Copies inert nodes with only the elements and attributes that our pages use: the second line behind the server's
// escaping. Unknown elements lose their tags and keep their words.
const copy = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE) return document.createDocumentFragment();
  const known = ELEMENTS.has(node.tagName);
  const made = known ? document.createElement(node.tagName) : document.createDocumentFragment();
  if (known) {
    for (const name of ATTRIBUTES) if (node.hasAttribute(name)) made.setAttribute(name, node.getAttribute(name));
    const address = node.tagName === "A" ? node.getAttribute("href") || "" : "";
    if (/^(\/(source|file|ask)\?|\/topics(#|$)|tel:\d+$)/.test(address)) made.setAttribute("href", address);
  }
  if (!/^(SCRIPT|STYLE|TEMPLATE)$/.test(node.tagName)) made.append(...[...node.childNodes].map(copy));
  return made;
};

export const rebuild = (markup, selector = "body") => {
  const found = new DOMParser().parseFromString(markup, "text/html").querySelector(selector);
  const made = document.createDocumentFragment();
  if (found) made.append(...[...found.childNodes].map(copy));
  return made;
};

// Resolves when `find` returns something; it is called again whenever the page changes.
export const appears = (find) =>
  new Promise((resolve) => {
    const look = () => {
      const found = find();
      if (!found) return;
      observer.disconnect();
      resolve(found);
    };
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { childList: true, subtree: true });
    look();
  });

// The storage of this browser; without it nothing is stored.
export const kept = (name, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
};

export const keep = (name, value) => {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // The storage is full or forbidden; the page goes on without it.
  }
};
