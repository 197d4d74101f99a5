// One live region for the whole page: what happens is said once.
import { element } from "./dom.js";

const region = element("div", { className: "unseen", role: "status", id: "announcer" });

export const announce = (text) => {
  if (!region.isConnected) document.body.append(region);
  region.textContent = text;
};
