// Adds buttons for what this browser can do. Everything a page is for works without this file.
(() => {
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const offer = (selector, act) => each(selector, (button) => {
    (button.closest("p[hidden]") || button).hidden = false;
    button.addEventListener("click", () => act(button));
  });

  offer("[data-print]", () => window.print());
  if (navigator.clipboard) {
    offer("[data-copy]", async (button) => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "已复制";
    });
  }

  const voices = window.speechSynthesis;
  if (!voices) return;
  const chinese = () => voices.getVoices().find((voice) => /^(zh|cmn)/i.test(voice.lang));
  const quiet = (button) => {
    voices.cancel();
    button.setAttribute("aria-pressed", "false");
    button.textContent = "用浏览器朗读";
  };
  // Sentence by sentence: several browsers fall silent in the middle of a long text.
  const read = (button) => {
    if (button.getAttribute("aria-pressed") === "true") return quiet(button);
    button.setAttribute("aria-pressed", "true");
    button.textContent = "停止朗读";
    const text = [...document.querySelectorAll("[data-read]")].map((part) => part.innerText).join("\n").replaceAll("¶", "");
    const sentences = text.split(/(?<=[。；！？\n])/).filter((one) => one.trim());
    sentences.forEach((one, place) => {
      const said = new SpeechSynthesisUtterance(one);
      said.lang = "zh-CN";
      said.voice = chinese();
      said.rate = 0.9;
      if (place === sentences.length - 1) said.onend = () => quiet(button);
      voices.speak(said);
    });
  };
  let offered = false;
  const look = () => {
    if (offered || !chinese()) return;
    offered = true;
    offer("[data-speak]", read);
  };
  look();
  voices.addEventListener?.("voiceschanged", look);
  window.addEventListener("pagehide", () => voices.cancel());
})();
