// One live region for the whole page, so that screen readers announce each event once.
import { element } from "./dom.js";

const region = element("div", { className: "unseen", role: "status", id: "announcer" });

export const announce = (text) => {
  if (!region.isConnected) document.body.append(region);
  region.textContent = text;
};
