// What somebody has begun to write into the forms of a list or a panel goes with the page; so whoever leaves it is asked.
const LEAVE = "这里写的还没有提交，离开就没有了。确定离开吗？";
const SOUGHT = ["find", "chosen"];

let refused = false;

function begun(field) {
  if (field.type === "hidden" || SOUGHT.includes(field.name)) return false;
  if ("unsaved" in field.dataset) return field.value !== field.dataset.unsaved;
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.defaultValue !== undefined && field.value !== field.defaultValue;
}

// A question before a change holds what was typed in hidden fields, until it is answered.
const asked = (sent) => [...document.querySelectorAll("#asking [name^=value]")].some((field) => field.form !== sent);

const written = (sent) =>
  (refused && !sent) ||
  asked(sent) ||
  [...document.querySelectorAll(":is(#panel, #list) form")].some((one) => one !== sent && [...one.elements].some(begun));

// What a form of the panel holds after it was sent and did not lead on is not stored: it was refused, or it looked for
// other passages.
export function note(form = null, moved = true) {
  refused = Boolean(form?.closest("#panel")) && !moved && !document.querySelector("#asking");
}

export const leaves = (sent = null) => !written(sent) || window.confirm(LEAVE);

window.addEventListener("beforeunload", (event) => {
  if (written(null)) event.preventDefault();
});
