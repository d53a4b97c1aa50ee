// Opens a citation of the conversation in a dialog where the reader is: one listener for messages old and new.
() => {
  if (document.getElementById("evidence")) return;
  const dialog = document.createElement("dialog");
  dialog.id = "evidence";
  dialog.className = "prose";
  document.querySelector(".gradio-container").append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".close")) dialog.close();
  });
  const number = (element, prefix) => [...element.classList].find((name) => new RegExp(`^${prefix}\\d+$`).test(name));
  const part = (kind, className, ...content) => {
    const element = document.createElement(kind);
    element.className = className;
    element.append(...content);
    return element;
  };
  // A question of the bank, clicked, is typed and sent; while another answer is written, it waits in the box.
  document.addEventListener("click", (event) => {
    const choice = event.target.closest("#conversation button.choice");
    const box = document.querySelector("#question textarea");
    if (!choice || !box) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, (choice.querySelector(".unseen") ?? choice).textContent);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    setTimeout(() => document.querySelector("#send")?.click(), 100);
  });
  document.addEventListener("click", (event) => {
    const cite = event.target.closest("#conversation button.cite");
    if (!cite) return;
    const wanted = number(cite, "cite-").replace("cite-", "citation-");
    const message = cite.closest(".message, [data-testid=bot]") || cite.closest("#conversation");
    const block = message.querySelector(`details.${wanted}`);
    if (!block) return;
    const proofs = new Set([...cite.classList].filter((name) => /^s\d+$/.test(name)));
    const passage = block.querySelector("blockquote").cloneNode(true);
    for (const sentence of passage.querySelectorAll("mark, span")) {
      const own = number(sentence, "s");
      if (own) sentence.className = proofs.has(own) ? `${own} proof` : own;
    }
    const close = part("button", "close", "✕");
    close.setAttribute("aria-label", "Close · 关闭");
    const title = block.querySelector("summary").firstChild.textContent.replace(/ · $/, "");
    const whence = block.querySelector(":scope > small");
    const warnings = [...block.querySelectorAll(":scope > .contradiction")].map((warning) => warning.cloneNode(true));
    const header = part("header", "", part("b", "", title), close);
    dialog.replaceChildren(header, part("p", "whence", whence.textContent), ...warnings, passage);
    dialog.showModal();
    passage.querySelector(".proof")?.scrollIntoView({ block: "center" });
  });
}
