// What Gradio's conversation lacks: an answer is copied as Markdown, and a screen reader is told the text, not its HTML.
() => {
  if (window.tutorMessages) return;
  window.tutorMessages = true;
  const put = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("#conversation button.copy");
    if (!button || button.dataset.label) return;
    await put(button.closest("[data-testid=bot]").querySelector("pre.copied").textContent);
    button.dataset.label = button.textContent;
    button.textContent = "✓";
    setTimeout(() => {
      button.textContent = button.dataset.label;
      delete button.dataset.label;
    }, 1500);
  });
  const unspoken = ".katex-html, annotation, pre.copied, button.copy, details > :not(summary)";
  const label = () => {
    for (const message of document.querySelectorAll("#conversation [data-testid=bot], #conversation [data-testid=user]")) {
      const spoken = message.cloneNode(true);
      spoken.querySelectorAll(unspoken).forEach((part) => part.remove());
      const text = spoken.textContent.replace(/\s+/g, " ").trim();
      if (message.getAttribute("aria-label") !== text) message.setAttribute("aria-label", text);
    }
  };
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      label();
    }, 100);
  };
  const watched = { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["aria-label"] };
  new MutationObserver(soon).observe(document.body, watched);
}
