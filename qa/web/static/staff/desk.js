// The staff pages made on the server: links and forms change the page in place, so that the list stays where it is. Without
// this script each of them loads the whole page.
import { begin } from "./busy.js";
import { element, rebuild } from "./dom.js";
import { leaves, note } from "./unsent.js";

const SIGN_IN = "/staff/sign-in";
const STAYS = "这一页上写的都还在。";
const FAILED = `没有成功。请稍后再试，仍不行请告诉管理人员；${STAYS}`;
const NO_ANSWER = `服务没有响应，刚才的操作可能没有做。请稍后再试；${STAYS}`;
const SIGNED_OUT = () => [
  "登录已经过期，刚才的操作没有做。请",
  element("a", { text: "在新窗口登录", href: SIGN_IN, target: "_blank" }),
  `，再回到这里再点一次；${STAYS}`,
];
// Whoever changes the own account on the page of accounts ends the own sign-in with it.
const DONE_AND_OUT = () => [
  "已办好。您自己的登录随之失效，请",
  element("a", { text: "重新登录", href: SIGN_IN }),
  "。",
];

const trouble = document.querySelector("#trouble");
const status = element("p", { className: "unseen", role: "status" });
document.body.append(status);

export function say(words) {
  status.textContent = words;
}

export function tell(...parts) {
  trouble.replaceChildren(...parts);
  trouble.hidden = !parts.length;
}
export const told = () => [...trouble.childNodes];

// Returns the page that a call got, or null after telling what went wrong.
export async function call(address, options) {
  try {
    const response = await fetch(address, { ...options, headers: { Accept: "text/html" } });
    const page = (response.headers.get("content-type") ?? "").startsWith("text/html");
    if (response.status === 401) tell(...(response.redirected ? DONE_AND_OUT() : SIGNED_OUT()));
    else if (!page) tell((await response.json().catch(() => ({}))).error || FAILED);
    else {
      tell();
      return { text: await response.text(), address: response.url, ok: response.ok, moved: response.redirected };
    }
  } catch (error) {
    if (error.name !== "AbortError") tell(NO_ANSWER);
  }
  return null;
}

export function show({ text, address, ok }, { remember = true } = {}) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = document.querySelector("#main");
  main.replaceChildren(...page.querySelector("#main").childNodes);
  document.title = page.title;
  // A button may lead to another place: 看过了，发布 to 发布.
  const places = page.querySelector("#places");
  if (places) document.querySelector("#places")?.replaceChildren(...places.childNodes);
  status.textContent = [...main.querySelectorAll("#told, #uploaded")].map((one) => one.textContent.trim()).join(" ");
  if (ok && remember && lasting(address) !== location.href) history.pushState(null, "", lasting(address));
  at = ok && remember ? address : location.href;
  here = location.href;
  tellInPanel();
  fit();
  showMark();
  document.dispatchEvent(new Event("shown"));
}

// An address that tells what was done tells it once: neither a reload, nor a link to it, nor the way back says it again.
function lasting(address) {
  const url = new URL(address);
  if (!url.searchParams.has("done")) return address;
  url.searchParams.delete("done");
  return url.href;
}
let at = location.href;
if (lasting(at) !== at) history.replaceState(null, "", lasting(at));

// What is said of an open row stands in its panel, which lies over the page on phones and may be far from its top.
function tellInPanel() {
  const head = document.querySelector(".split.opened #panel .head");
  if (head) head.after(document.querySelector("#told"));
}
function reveal() {
  const head = document.querySelector(".split.opened #panel .head")?.getBoundingClientRect();
  // Below a notice, or a list of what waits, half a window is no room for a panel.
  if (head && (head.top < 0 || head.top > window.innerHeight / 2)) document.querySelector("#split").scrollIntoView();
}
// The marked passage of a long text stands in the middle of its box, and the box where it can be seen.
function showMark() {
  const mark = document.querySelector("#panel .preview mark");
  const box = mark?.closest(".document");
  const top = (one) => one.getBoundingClientRect().top;
  if (!box) return;
  box.scrollTop += top(mark) - top(box) - box.clientHeight / 2;
  mark.scrollIntoView({ block: "nearest" });
}
// A panel ends within the window, so that the buttons that stay at its end are in sight.
function fit() {
  const top = document.querySelector("#split")?.getBoundingClientRect().top ?? 0;
  document.body.style.setProperty("--panel-top", `${Math.max(8, Math.round(top))}px`);
}
for (const kind of ["scroll", "resize"]) window.addEventListener(kind, fit, { passive: true });
tellInPanel();
reveal();
fit();
showMark();

let latest = 0;
let sending = false;
export const isSending = () => sending;
// `button` and the `words` on it say that it works. What is sent is sent once. Resolves to whether a page was shown.
export async function go(address, options, focus, { stay = false, form = null, button = null, words } = {}) {
  const sends = options.method === "POST";
  if ((sends && sending) || !leaves(form)) return false;
  const mine = ++latest;
  const over = begin(button, words);
  say(button?.textContent ?? "");
  document.body.classList.add("waiting");
  if (sends) sending = true;
  const found = await call(address, options);
  if (sends) sending = false;
  if (!found) over();
  if (mine !== latest) {
    if (sends) missed(found);
    return false;
  }
  document.body.classList.remove("waiting");
  if (!found) return false;
  show(found, { remember: !stay });
  note(form, found.moved);
  const at = found.ok ? focus && document.querySelector(focus) : document.querySelector("#told");
  if (at) at.tabIndex = -1;
  at?.focus({ preventScroll: true });
  if (found.ok) reveal();
  else at?.scrollIntoView({ block: "nearest" });
  return true;
}

// Whoever went on before it was answered is told what was not done.
function missed(found) {
  const page = found && !found.moved && new DOMParser().parseFromString(found.text, "text/html");
  const why = page && page.querySelector("#told .refused")?.textContent.trim();
  if (why) tell(`刚才的操作没有做：${why}`);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-part]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(link.href, {}, link.closest("#list") || link.dataset.focus === "panel" ? "#panel h2" : "#list");
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("#main form:not([data-whole], [data-upload])");
  if (!form) return;
  event.preventDefault();
  const sure = event.submitter?.dataset.sure;
  if (sure && !window.confirm(sure)) return;
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  const address = new URL(form.getAttribute("action"), location.href);
  if (form.method === "get") {
    address.search = fields;
    go(address.href, {}, "#list", { button: event.submitter });
  } else {
    go(address.href, { method: "POST", body: fields }, "#asking h2, #panel h2", { form, button: event.submitter });
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".filters select")) event.target.form.requestSubmit();
});

// Several rows at once: how many are selected, and all of a page with one click.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
  else if (event.target.name !== "chosen") return;
  status.textContent = `选中${count()}个`;
});
const boxes = () => [...document.querySelectorAll("#list input[name=chosen]")];
function count() {
  const number = boxes().filter((box) => box.checked).length;
  const place = document.querySelector("#selected [data-count]");
  if (place) place.textContent = `${number}个`;
  return number;
}

document.addEventListener("keydown", (event) => {
  // Escape also ends the choice of characters while Chinese is being typed.
  const close = event.key === "Escape" && !event.isComposing && document.querySelector("#panel .close");
  if (!close) return;
  // What a browser itself does at Escape is to stop what loads, which would be the closing.
  event.preventDefault();
  close.click();
});

// Tabs of the area as it was before had these addresses; a browser sends no server what stands after the sign.
const MOVED = { 文档: "files", 检索测试: "trial", 问答记录: "log", 人工答案: "answers", 审计: "audit", 备份: "backups" };
const moved = MOVED[decodeURIComponent(location.hash.slice(1))];
if (moved) location.replace(`/staff/${moved}`);

let here = location.href;
window.addEventListener("popstate", async () => {
  if (!leaves()) {
    history.pushState(null, "", here);
    return;
  }
  const found = await call(location.href, {});
  if (!found) return;
  note();
  show(found, { remember: false });
});

// The text of a file as it is read now takes a while to make; one after another.
async function load() {
  for (const place of document.querySelectorAll("[data-load]")) await fill(place);
}
async function fill(place) {
  const address = place.dataset.load;
  if (!address || !place.isConnected) return;
  place.removeAttribute("data-load");
  place.replaceChildren(element("p", { className: "hint", text: "正在读取……" }));
  const response = await fetch(address);
  if (response.ok) place.replaceChildren(rebuild(await response.text()));
  else {
    const why = (await response.json().catch(() => ({}))).error ?? FAILED;
    const again = element("button", { type: "button", text: "再读一次" });
    again.addEventListener("click", () => {
      place.dataset.load = address;
      fill(place).catch(() => {});
    });
    place.replaceChildren(element("p", { className: "refused text", text: why }), again);
  }
}
document.addEventListener("shown", () => load().catch(() => {}));
load().catch(() => {});

// Replaces what a refresh changes. What somebody selected or wrote meanwhile stays, and so does what was refused.
function renew(page) {
  const chosen = new Set(boxes().flatMap((box) => (box.checked ? [box.value] : [])));
  const focused = document.activeElement?.name === "chosen" ? document.activeElement.value : null;
  for (const id of ["publishing", "shelves", "list"]) document.getElementById(id)?.replaceWith(page.getElementById(id));
  for (const box of boxes()) {
    box.checked = chosen.has(box.value);
    if (box.value === focused) box.focus({ preventScroll: true });
  }
  count();
  const [told, now] = [document.querySelector("#told"), page.querySelector("#told")];
  if (!told.querySelector(".refused") && told.textContent !== now.textContent) told.replaceChildren(...now.childNodes);
}

// Whoever has the page open sees how far a refresh is, whoever began it. This does not keep a session from ending.
const LOOK_EVERY = 2000;
async function follow() {
  const place = document.querySelector("#publishing");
  if (!place || document.visibilityState !== "visible") return;
  const response = await fetch("/staff/progress");
  if (!response.ok) return;
  const { running, share, told } = await response.json();
  const known = place.hasAttribute("data-again");
  if (running && known) {
    place.querySelector("progress").value = share;
    place.querySelector("p").textContent = told;
  } else if (running !== known) {
    const found = await call(at, {});
    // Meanwhile another page may have been opened here.
    if (!found || !place.isConnected) return;
    renew(new DOMParser().parseFromString(found.text, "text/html"));
    status.textContent = document.querySelector("#publishing")?.textContent.trim().slice(0, 200) ?? "";
  }
}
window.setInterval(() => follow().catch(() => {}), LOOK_EVERY);

// The sentences that an answer is based on: one passage, without a gap.
function mark(box) {
  const offer = box.closest(".offer");
  for (const other of box.form.querySelectorAll("input[name=mark]")) {
    if (other.closest(".offer") !== offer) other.checked = false;
  }
  const boxes = [...offer.querySelectorAll("input[name=mark]")];
  const chosen = boxes.flatMap((one, place) => (one.checked ? [place] : []));
  const here = boxes.indexOf(box);
  for (const [place, one] of boxes.entries()) {
    const within = chosen.length > 0 && place >= chosen[0] && place <= chosen.at(-1);
    if (within && box.checked) one.checked = true;
    else if (!box.checked && place > here) one.checked = false;
  }
}

let timer = 0;
async function preview(form) {
  const shown = form.querySelector("[data-shown]");
  if (!shown) return;
  if (!form.querySelector("input[name=mark]:checked")) {
    shown.hidden = true;
    return;
  }
  const response = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (response.ok) {
    const head = element("p", { className: "hint", text: "市民会看到：" });
    shown.replaceChildren(head, rebuild(await response.text()));
  } else {
    const why = (await response.json().catch(() => ({}))).error ?? "";
    shown.replaceChildren(element("p", { className: "refused text", text: why }));
  }
  shown.hidden = false;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form.write");
  if (!form || event.target.name === "find") return;
  if (event.target.name === "mark") mark(event.target);
  window.clearTimeout(timer);
  timer = window.setTimeout(() => preview(form).catch(() => {}), 300);
});
