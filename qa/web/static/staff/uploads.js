// Files come by the button, dropped anywhere on the page, or pasted.
import { go, isSending, tell, told } from "./desk.js";
import { element } from "./dom.js";

// A folder holds files that no clerk put there: hidden ones, those of Windows, those of a document open in Word.
const LEFT_THERE = /^(\.|~\$|(thumbs\.db|desktop\.ini)$)/i;
const UNREAD = "没有上传：有的文件读不出，可能已被移走或没有权限；请检查后再拖一次。";

const upload = () => document.querySelector("form[data-upload]");

// Of more files than one upload may hold some go after the others.
function batches(files, most, bytes) {
  const made = [[]];
  let size = 0;
  for (const file of files) {
    if (made.at(-1).length === most || (made.at(-1).length && size + file.size > bytes)) {
      made.push([]);
      size = 0;
    }
    made.at(-1).push(file);
    size += file.size;
  }
  return made;
}

let underWay = false;
async function send(form, given) {
  const all = [...given];
  const files = all.filter((file) => !LEFT_THERE.test(file.name));
  for (const field of form.querySelectorAll("input[type=file]")) field.value = "";
  const most = Number(form.dataset.megabytes);
  if (!files.length) {
    if (all.length) tell("没有上传：这里没有文件。");
    return;
  }
  if (underWay || isSending()) {
    tell("没有上传：上一批还没有传完；请等它完成，再选一次这些文件。");
    return;
  }
  const large = files.filter((file) => file.size > most * 1000 * 1000).map((file) => file.name);
  if (large.length) {
    tell(`没有上传：${large.join("、")}超过${most} MB。`);
    return;
  }
  underWay = true;
  try {
    await sendAll(form, batches(files, Number(form.dataset.files), most * 1000 * 1000), files.length);
  } finally {
    underWay = false;
  }
}

// Each batch says what the page said when the files were chosen: what else it replaces was changed by others since.
async function sendAll(form, parts, total) {
  const fields = new FormData(form);
  const refused = [];
  let [tried, taken] = [0, 0];
  for (const part of parts) {
    fields.delete("files");
    for (const file of part) fields.append("files", file, file.name);
    const button = upload().querySelector("[data-busy]");
    const which = parts.length > 1 ? `第${tried + 1}到${tried + part.length}个，共${total}个` : `${total}个文件`;
    const words = `正在上传${which}……`;
    const shown = await go(form.action, { method: "POST", body: fields }, "#uploaded", {
      stay: true, form: upload(), button, words,
    });
    if (!shown || !document.querySelector("#uploaded")) {
      if (tried) tell(...told(), `没有传完：前面的${tried}个已经收下，其余的请再传一次。`);
      return;
    }
    tried += part.length;
    const lines = [...document.querySelectorAll("#uploaded li")];
    refused.push(...lines.filter((line) => line.matches(".refused")));
    taken += lines.filter((line) => !line.matches(".refused")).length;
  }
  if (parts.length < 2) return;
  const sum = element("li", { className: "said text", text: `已上传${taken}个文件` });
  document.querySelector("#uploaded")?.replaceChildren(...refused, sum);
}

// The files that were dropped; of a folder all that lie in it.
async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found = [];
  for (const entry of entries) {
    if (entry.isFile) {
      found.push(await new Promise((done, failed) => entry.file(done, failed)));
    } else if (entry.isDirectory) {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((done, failed) => reader.readEntries(done, failed));
        if (!some.length) break;
        entries.push(...some);
      }
    }
  }
  return found;
}

document.addEventListener("submit", (event) => {
  if (event.target === upload()) event.preventDefault();
});
document.addEventListener("change", (event) => {
  if (event.target.type === "file" && upload()?.contains(event.target)) send(upload(), event.target.files);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (!upload() || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.toggle("dropping", kind === "dragover");
    if (kind === "drop") filesOf(event.dataTransfer).then((files) => send(upload(), files), () => tell(UNREAD));
  });
}
document.addEventListener("paste", (event) => {
  if (upload() && event.clipboardData?.files.length) send(upload(), event.clipboardData.files);
});
