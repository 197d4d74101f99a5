// For any site: <script src="https://ASK.EXAMPLE/widget.js" async></script> puts a button on the page that opens the
// chat in a frame. The site has to be named in QA_WIDGET_SITES.
(() => {
  "use strict";
  const home = new URL("/", document.currentScript.src).href;
  const NAME = "浙涪问答";

  const style = (node, rules) => Object.assign(node.style, rules);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = NAME;
  button.setAttribute("aria-expanded", "false");
  style(button, {
    position: "fixed", right: "1rem", bottom: "1rem", zIndex: "2147483000", minHeight: "3rem", padding: "0 1.25rem",
    font: "600 1.0625rem/1.5 system-ui, sans-serif", color: "#fff", background: "#0b4a7f", border: "0",
    borderRadius: "1.5rem", boxShadow: "0 .25rem 1rem rgb(0 0 0 / 25%)", cursor: "pointer",
  });

  let frame = null;
  const make = () => {
    const made = document.createElement("iframe");
    made.src = home;
    made.title = NAME;
    made.allow = "clipboard-write; microphone";
    style(made, {
      position: "fixed", right: "1rem", bottom: "5rem", zIndex: "2147483000", width: "min(26rem, calc(100vw - 2rem))",
      height: "min(44rem, calc(100vh - 7rem))", background: "#fff", border: "1px solid #888", borderRadius: ".75rem",
      boxShadow: "0 .5rem 2rem rgb(0 0 0 / 30%)",
    });
    document.body.append(made);
    return made;
  };
  const show = (open) => {
    frame ??= make();
    frame.hidden = !open;
    frame.style.display = open ? "block" : "none";
    button.setAttribute("aria-expanded", String(open));
    if (open) frame.focus();
    else button.focus();
  };
  button.addEventListener("click", () => show(!frame || frame.hidden));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && frame && !frame.hidden) show(false);
  });
  document.body.append(button);
})();
