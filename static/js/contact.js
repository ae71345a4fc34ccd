/* What the page says about its contact with the room: data-net on <html> ("on", "off") shows the pill and the notice, whose <time> tells
   how old the picture is. Also reads out, every 8 seconds at most, what changed in elements with data-announce; what became of an own
   act (`live:own`, with its words if there are any) at once. */
(function () {
  "use strict";
  const { say, mention } = window.tavoli;
  const root = document.documentElement;
  const BLINK = 2000; // ms: shorter losses are nobody's business
  const EVERY = 8000; // ms between two announcements
  const spoken = new WeakMap();
  let losing = 0;
  let speaking = 0;
  let seen = Date.now(); // until when the picture was surely true

  const parts = () => [...document.querySelectorAll("[data-announce]")];
  const words = () => document.querySelector("[data-net-words]") || { dataset: {} };

  function setNet(state) {
    const before = root.dataset.net;
    root.dataset.net = state;
    if (before && before !== state) mention(words().dataset[state]);
    if (state === "off") tellAge();
  }

  function tellAge() {
    const clock = new Date(seen).toLocaleTimeString(root.lang, { hour: "2-digit", minute: "2-digit" });
    document.querySelectorAll("[data-seen]").forEach((note) => {
      note.hidden = false;
      note.querySelector("time").textContent = clock;
    });
  }

  function lost() {
    if (losing || root.dataset.net === "off") return;
    if (root.dataset.net === "on") seen = Date.now();
    losing = setTimeout(setNet, BLINK, "off");
  }

  function connected() {
    clearTimeout(losing);
    losing = 0;
    setNet("on");
  }

  function speak(tell) {
    speaking = 0;
    const changed = parts().filter((part) => spoken.get(part) !== part.textContent);
    changed.forEach((part) => spoken.set(part, part.textContent));
    tell(changed.map((part) => part.textContent.trim()).join(". "));
  }

  function noticeChange() {
    if (!speaking && parts().some((part) => spoken.has(part) && spoken.get(part) !== part.textContent)) speaking = setTimeout(speak, EVERY, mention);
    parts().filter((part) => !spoken.has(part)).forEach((part) => spoken.set(part, part.textContent));
  }

  /** The counts that an own act changed need no summary later, unless one of others' changes is due anyway. */
  function tellOwn({ detail }) {
    if (detail.words) {
      say(detail.words);
      if (!speaking) parts().forEach((part) => spoken.set(part, part.textContent));
    } else {
      clearTimeout(speaking);
      speak(say);
    }
  }

  document.addEventListener("live:own", tellOwn);
  document.addEventListener("live:connected", connected);
  document.addEventListener("live:lost", lost);
  document.addEventListener("live:morphed", noticeChange);
  noticeChange();
})();
