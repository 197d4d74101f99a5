// The staff area: tabs have addresses, a marked passage scrolls into view, a colleague's refresh is noticed. Members who
// were signed out sign in on another page, so that their typing is not lost.
import { element } from "./dom.js";

const SIGN_IN = "/staff/sign-in";
const PROGRESS = "/staff/progress";
const ACTIONS = new Set(["/staff/gradio_api/run/predict", "/staff/gradio_api/upload", PROGRESS]);

const STAYS = "这一页上写的都还在。";
const FAILED = `没有成功。请稍后再试，仍不行请告诉管理人员；${STAYS}`;
const NO_ANSWER = `服务没有响应，刚才的操作可能没有做。请稍后再试；${STAYS}`;
const signIn = () => [
  "登录已经过期，之后的操作都没有做。请",
  element("a", { text: "在新窗口登录", href: SIGN_IN, target: "_blank" }),
  `，再回到这里继续；${STAYS}`,
];

// For a failed call Gradio shows one word on every part of the page.
const trouble = element("p", { className: "trouble text", role: "alert" });

function tell(...parts) {
  trouble.replaceChildren(...parts);
  document.body.append(trouble);
}

async function look(response, path) {
  if (response.status === 401) tell(...signIn());
  else if (path === PROGRESS) return;
  else if (response.ok) trouble.remove();
  else if (response.status >= 500) tell(FAILED);
  else tell((await response.clone().json().catch(() => ({}))).error || FAILED);
}

const ask = window.fetch;
window.fetch = async (what, ...options) => {
  const path = new URL(what.url ?? what, location.href).pathname;
  const ours = ACTIONS.has(path);
  try {
    const response = await ask(what, ...options);
    if (ours) await look(response, path);
    return response;
  } catch (error) {
    if (ours && path !== PROGRESS && error.name !== "AbortError") tell(NO_ANSWER);
    throw error;
  }
};

// Gradio would report a file that is too large in English, and a server that stops reading cannot report anything.
const MOST = Number(document.querySelector("meta[name=upload-megabytes]").content);

function refuseLarge(event) {
  const files = [...(event.target.files ?? event.dataTransfer?.files ?? [])];
  const size = (chosen) => chosen.reduce((sum, file) => sum + file.size, 0) / 1024 / 1024;
  if (!event.target.closest?.("#upload-box") || size(files) <= MOST) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  if (event.type === "change") event.target.value = "";
  const large = files.filter((file) => size([file]) > MOST).map((file) => file.name);
  const why = large.length ? `${large.join("、")}超过${MOST} MB` : `这些文件合起来超过${MOST} MB，请分几次上传`;
  tell(`没有上传：${why}。`);
}

for (const kind of ["change", "drop"]) document.addEventListener(kind, refuseLarge, true);

const tabs = () => [...document.querySelectorAll("#pages [role=tab]")];

function openNamed() {
  const name = decodeURIComponent(location.hash.slice(1));
  const tab = name ? tabs().find((one) => one.textContent.trim() === name) : tabs()[0];
  if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("#pages [role=tab]");
  const address = `#${encodeURIComponent(tab?.textContent.trim())}`;
  // Not when the page was opened by the tab's address.
  if (tab && event.isTrusted && location.hash !== address) history.pushState(null, "", address);
});

function marked(records) {
  const within = records.some((record) => record.target.closest?.("#preview"));
  if (within) document.querySelector("#preview mark")?.scrollIntoView({ block: "center" });
}

let opened = false;
new MutationObserver((records) => {
  if (!opened && tabs().length) {
    opened = true;
    openNamed();
  }
  marked(records);
}).observe(document.body, { childList: true, subtree: true });
window.addEventListener("hashchange", openNamed);
