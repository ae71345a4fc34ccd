/* The screen of the room. The wall (<ul data-wall="6">) shows a few cards at a time: the one that has been there longest leaves, one change
   every 6 seconds at most, new cards first. After 30 seconds without the room computer the neutral screen takes over. */
(function () {
  "use strict";
  const CHANGE = 6000;
  const SILENCE = 30000;
  const shownAt = new WeakMap(); // card -> when it last came on or went off the wall
  let silence = 0;

  const since = (card) => shownAt.get(card) || 0;
  const longest = (cards) => cards.reduce((first, card) => (since(card) < since(first) ? card : first));

  function come(card) {
    card.hidden = false;
    shownAt.set(card, Date.now());
  }

  function go(card) {
    card.hidden = true;
    shownAt.set(card, Date.now());
  }

  /** The newest cards first; what came by a push meanwhile waits for its turn. */
  function fillWall(wall) {
    const most = Number(wall.dataset.wall);
    const cards = [...wall.children];
    const shown = cards.filter((card) => !card.hidden && shownAt.has(card));
    cards.filter((card) => !card.hidden && !shownAt.has(card)).reverse().forEach((card) => {
      if (shown.length < most) {
        come(card);
        shown.push(card);
      } else card.hidden = true;
    });
    shown.slice(0, 1).forEach((card) => makeRoom(wall, card));
  }

  /** A card is never cut: when it needs the place, those that have been there longest leave before their time. */
  function makeRoom(wall, card) {
    const home = wall.closest("main");
    const others = () => [...wall.children].filter((other) => !other.hidden && other !== card);
    while (home.scrollHeight > home.clientHeight + 1 && others().length) go(longest(others()));
  }

  function turn(wall) {
    fillWall(wall);
    const cards = [...wall.children];
    const waiting = cards.filter((card) => card.hidden);
    const shown = cards.filter((card) => !card.hidden);
    if (!waiting.length) return;
    if (shown.length >= Number(wall.dataset.wall)) go(longest(shown));
    const next = longest(waiting);
    come(next);
    makeRoom(wall, next);
  }

  const walls = (act) => document.querySelectorAll("[data-wall]").forEach(act);
  const setNeutral = (on) => document.documentElement.toggleAttribute("data-neutral", on);

  document.addEventListener("live:lost", () => { silence = silence || setTimeout(setNeutral, SILENCE, true); });
  document.addEventListener("live:connected", () => {
    clearTimeout(silence);
    silence = 0;
    setNeutral(false);
  });
  document.addEventListener("live:morphed", () => walls(fillWall));
  setInterval(() => walls(turn), CHANGE);
  walls(fillWall);
})();
