// A pressed button says at once that it works, and is not pressed a second time. It gets its words back if the page stays.
const WORDS = "正在办理……";

export function begin(button, words = button?.dataset.busy ?? WORDS) {
  if (!button) return () => {};
  const [before, focused] = [button.textContent, document.activeElement === button];
  // The buttons beside it stay where they are.
  button.style.minWidth = `${button.offsetWidth}px`;
  button.textContent = words;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  return () => {
    button.textContent = before;
    button.disabled = false;
    button.removeAttribute("aria-busy");
    if (focused && document.activeElement === document.body) button.focus({ preventScroll: true });
  };
}
