/* What is longer than the screen of the room goes on in columns to the right: [data-pages] shows one screenful after the other, each for as
   long as it takes to read. [data-page-at] says which one. Without this script the list is scrolled by hand. */
(function () {
  "use strict";
  const PACE = 18; // characters a second: who reads from the last row is slower than at a desk
  const LEAST = 12000; // ms
  const turning = new WeakMap(); // list -> timer

  const gapOf = (list) => parseFloat(getComputedStyle(list).columnGap) || 0;
  const step = (list) => list.clientWidth + gapOf(list);
  const count = (list) => Math.max(1, Math.ceil((list.scrollWidth + gapOf(list)) / step(list) - 0.05));
  const at = (list) => Math.min(count(list) - 1, Math.round(list.scrollLeft / step(list)));

  function tell(list) {
    const sign = document.querySelector("[data-page-at]");
    if (!sign) return;
    sign.hidden = count(list) < 2;
    sign.textContent = `${at(list) + 1} / ${count(list)}`;
  }

  function turn(list) {
    turning.delete(list);
    if (!list.isConnected) return;
    list.scrollLeft = ((at(list) + 1) % count(list)) * step(list);
    look(list);
  }

  function look(list) {
    if (!list.clientWidth) return; // the neutral screen is on
    list.classList.toggle("full", list.classList.contains("full") || count(list) > 1);
    tell(list);
    if (turning.has(list) || count(list) < 2) return;
    const patience = Math.max(LEAST, (1000 * list.innerText.length) / count(list) / PACE);
    turning.set(list, setTimeout(turn, patience, list));
  }

  const all = () => document.querySelectorAll("[data-pages]").forEach(look);
  document.addEventListener("live:morphed", all);
  window.addEventListener("resize", all);
  if (document.fonts) document.fonts.ready.then(all);
  all();
})();
