// Files come by the button, dropped anywhere on the page, or pasted.
import { go, isSending, tell } from "./desk.js";

// A folder holds files that no clerk put there: hidden ones, those of Windows, those of a document open in Word.
const LEFT_THERE = /^(\.|~\$|(thumbs\.db|desktop\.ini)$)/i;
const UNREAD = "没有上传：有的文件读不出，可能已被移走或没有权限；请检查后再拖一次。";

const upload = () => document.querySelector("form[data-upload]");

function send(form, given) {
  const all = [...given];
  const files = all.filter((file) => !LEFT_THERE.test(file.name));
  for (const field of form.querySelectorAll("input[type=file]")) field.value = "";
  const most = Number(form.dataset.megabytes);
  const size = files.reduce((sum, file) => sum + file.size, 0) / 1000 / 1000;
  if (!files.length) {
    if (all.length) tell("没有上传：这里没有文件。");
    return;
  }
  if (isSending()) {
    tell("没有上传：上一批还没有传完；请等它完成，再选一次这些文件。");
    return;
  }
  if (files.length > Number(form.dataset.files)) {
    tell(`没有上传：一次最多${form.dataset.files}个文件，这里有${files.length}个；请分几次上传。`);
    return;
  }
  if (size > most) {
    const large = files.filter((file) => file.size > most * 1000 * 1000).map((file) => file.name);
    tell(`没有上传：${large.length ? `${large.join("、")}超过${most} MB` : `这些文件合起来超过${most} MB，请分几次上传`}。`);
    return;
  }
  const fields = new FormData(form);
  fields.delete("files");
  for (const file of files) fields.append("files", file, file.name);
  const button = form.querySelector("[data-busy]");
  const words = `正在上传${files.length}个文件……`;
  go(form.action, { method: "POST", body: fields }, "#uploaded", { stay: true, form, button, words });
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
