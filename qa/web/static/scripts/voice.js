// Speaking instead of typing, where the browser can listen. What is heard goes into the box, and is sent by hand.
import { announce } from "./announce.js";
import { element } from "./dom.js";
import { language, said, word } from "./words.js";

const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
const SPOKEN = { "zh-CN": "zh-CN", "zh-TW": "zh-TW", en: "en-US" };

// The button, or nothing where the browser cannot listen; `heard` is called with the words, `failed` with a reason.
export const listen = (heard, failed) => {
  if (!Recognition) return [];
  const label = said(element("span"), "speak");
  const made = element("button", { type: "button", id: "speak", "aria-pressed": "false" }, label);
  let active = null;
  const show = (on) => {
    made.setAttribute("aria-pressed", String(on));
    label.className = "";
    said(label, on ? "speak_stop" : "speak");
  };
  const end = () => {
    active = null;
    show(false);
  };
  made.addEventListener("click", () => {
    if (active) return active.stop();
    active = new Recognition();
    active.lang = SPOKEN[language()];
    active.interimResults = false;
    active.onresult = (event) => heard(event.results[0][0].transcript);
    active.onerror = (event) => event.error !== "aborted" && failed(event.error === "not-allowed" ? "speak_denied" : "speak_failed");
    active.onend = end;
    try {
      active.start();
    } catch {
      end();
      return failed("speak_failed");
    }
    show(true);
    announce(word("speak_now"));
  });
  return [made];
};
