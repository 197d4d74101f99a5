// Keeps the conversation on the page: Gradio shows the latest exchange, this keeps the earlier ones above it, shows that
// a question is under way, and says so when it got lost. Without it the page still answers.
(() => {
  "use strict";
  const CALL = "/gradio_api/run/predict";
  const WAITING = "正在查阅文件……";
  const LOST = "没有连上服务，您的问题还在输入框里，请稍后再试。";
  const REFUSED = "服务暂时不能回答，您的问题还在输入框里，请稍后再试。";

  document.documentElement.lang = "zh-CN";

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text || "";
    return made;
  };
  const latest = () => document.querySelector("#latest");
  const input = () => document.querySelector("#question textarea");

  // Made when first needed: Gradio draws the page after this script has run.
  const log = () => {
    const made = document.querySelector("#earlier");
    if (made) return made;
    const earlier = element("div", "earlier");
    earlier.id = "earlier";
    const waiting = element("div", "waiting");
    waiting.id = "waiting";
    waiting.setAttribute("role", "status");
    const notice = element("p", "notice");
    notice.id = "notice";
    notice.setAttribute("role", "alert");
    latest().setAttribute("aria-live", "polite");
    latest().before(earlier);
    latest().after(waiting);
    document.querySelector("#composer").before(notice);
    return earlier;
  };

  const showWaiting = (question) => {
    // A copy: Gradio must find its own nodes where it left them. Styles hide them while `asking` is set.
    const shown = latest().querySelector(".exchange");
    const kept = shown && shown.cloneNode(true);
    if (kept) log().append(kept);
    else log();
    const exchange = element("div", "exchange");
    const asked = element("h2", "asked");
    asked.append(element("span", "label", "您的问题"), element("span", "text", question));
    exchange.append(asked, element("p", "busy", WAITING));
    document.querySelector("#waiting").replaceChildren(exchange);
    document.querySelector("#notice").textContent = "";
    document.body.classList.add("asking", "conversing");
    exchange.scrollIntoView({ block: "start" });
    return kept;
  };

  const endWaiting = () => {
    document.querySelector("#waiting").replaceChildren();
    document.body.classList.remove("asking");
  };

  const showAnswer = () => {
    endWaiting();
    latest().scrollIntoView({ block: "start" });
  };

  const showFailure = (question, kept, text) => {
    endWaiting();
    if (kept) kept.remove();
    document.querySelector("#notice").textContent = text;
    if (input().value) return;
    input().value = question;
    input().dispatchEvent(new Event("input", { bubbles: true }));
  };

  // The page has one call for all its questions, so this is where a question starts, ends or fails.
  const original = window.fetch;
  window.fetch = async (address, options) => {
    if (!String(address.url || address).endsWith(CALL)) return original(address, options);
    const question = String(JSON.parse(options.body).data[0]);
    const kept = showWaiting(question);
    try {
      const response = await original(address, options);
      if (response.ok) setTimeout(showAnswer);
      else showFailure(question, kept, REFUSED);
      return response;
    } catch {
      showFailure(question, kept, LOST);
      // Gradio would wait for the call for ever and take no further question; a refusal it understands.
      return Response.json({ error: null }, { status: 503 });
    }
  };
})();
