// The staff pages made on the server: links and forms change the page in place, so that the list stays where it is. Without
// this script each of them loads the whole page.
import { element, rebuild } from "./dom.js";

const SIGN_IN = "/staff/sign-in";
const STAYS = "这一页上写的都还在。";
const FAILED = `没有成功。请稍后再试，仍不行请告诉管理人员；${STAYS}`;
const NO_ANSWER = `服务没有响应，刚才的操作可能没有做。请稍后再试；${STAYS}`;
const SIGNED_OUT = () => [
  "登录已经过期，刚才的操作没有做。请",
  element("a", { text: "在新窗口登录", href: SIGN_IN, target: "_blank" }),
  `，再回到这里再点一次；${STAYS}`,
];

const trouble = document.querySelector("#trouble");
const status = element("p", { className: "unseen", role: "status" });
document.body.append(status);

export function tell(...parts) {
  trouble.replaceChildren(...parts);
  trouble.hidden = !parts.length;
}

// Returns the page that a call got, or null after telling what went wrong.
export async function call(address, options) {
  try {
    const response = await fetch(address, { ...options, headers: { Accept: "text/html" } });
    const page = (response.headers.get("content-type") ?? "").startsWith("text/html");
    if (response.status === 401) tell(...SIGNED_OUT());
    else if (!page) tell((await response.json().catch(() => ({}))).error || FAILED);
    else {
      tell();
      return { text: await response.text(), address: response.url, ok: response.ok };
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
  status.textContent = main.querySelector("#told")?.textContent.trim() ?? "";
  if (ok && remember && address !== location.href) history.pushState(null, "", address);
  document.dispatchEvent(new Event("shown"));
}

let latest = 0;
async function go(address, options, focus) {
  const mine = ++latest;
  document.body.classList.add("waiting");
  const found = await call(address, options);
  if (mine !== latest) return;
  document.body.classList.remove("waiting");
  if (!found) return;
  show(found);
  const at = found.ok ? focus && document.querySelector(focus) : document.querySelector("#told");
  if (at) at.tabIndex = -1;
  at?.focus({ preventScroll: found.ok });
  if (!found.ok) at?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-part]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(link.href, {}, link.closest("#list") ? "#panel h2" : "#list");
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("#main form:not([data-whole])");
  if (!form) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  const address = new URL(form.getAttribute("action"), location.href);
  if (form.method === "get") {
    address.search = fields;
    go(address.href, {}, "#list");
  } else go(address.href, { method: "POST", body: fields }, "#panel h2");
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".filters select")) event.target.form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector("#panel .close")?.click();
});

window.addEventListener("popstate", async () => {
  const found = await call(location.href, {});
  if (found) show(found, { remember: false });
});

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
