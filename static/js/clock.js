/* Lets every [data-clock] tick towards data-ends (seconds since 1970 on the server; data-now says what the server's clock showed when it
   wrote that). Half time, two minutes and the end are read out in the page's words, where there is a voice. */
(function () {
  "use strict";
  const { fill, say } = window.tavoli;
  const started = new WeakMap(); // clock -> {key, ahead}: how far the server's clock is ahead of ours

  const two = (number) => String(number).padStart(2, "0");

  /** Seconds left; less than nothing when the time is over. */
  function secondsLeft(clock) {
    const key = `${clock.dataset.ends} ${clock.dataset.now}`;
    if (!started.has(clock) || started.get(clock).key !== key) started.set(clock, { key, ahead: Number(clock.dataset.now) - Date.now() / 1000 });
    return Math.round(Number(clock.dataset.ends) - started.get(clock).ahead - Date.now() / 1000);
  }

  function show(clock, left) {
    const words = left < 0 ? clock.dataset.overWords : clock.dataset.words;
    const spoken = fill(words, { m: Math.floor(Math.abs(left) / 60), s: Math.abs(left) % 60 });
    const text = left < -59 ? spoken : `${two(Math.floor(Math.max(left, 0) / 60))}:${two(Math.max(left, 0) % 60)}`;
    if (clock.textContent !== text) clock.textContent = text;
    clock.setAttribute("aria-label", spoken);
    clock.toggleAttribute("data-over", left < -59);
  }

  function tell(clock, left) {
    const half = Math.round(Number(clock.dataset.length) / 2);
    if (half > 120 && left === half) say(clock.dataset.sayHalf);
    if (left === 120) say(clock.dataset.sayTwo);
    if (left === 0) say(clock.dataset.sayZero);
  }

  function tick() {
    document.querySelectorAll("[data-clock]:not([data-paused])").forEach((clock) => {
      const left = secondsLeft(clock);
      show(clock, left);
      tell(clock, left);
    });
  }

  document.addEventListener("live:morphed", tick);
  setInterval(tick, 1000);
  tick();
})();
