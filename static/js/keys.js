/* Single-key shortcuts, only where main says data-keys, only while nobody is typing, and only until they are switched off (remembered on
   this device). An element with data-key="1" (or several: "0 p") is pressed, focused, or chosen and submitted if it is an option of a
   Move-to form; it is looked for in the current card, then in its group, then in the page. N and Shift+N walk the cards with data-pick. */
(function () {
  "use strict";
  const { keep } = window.tavoli;
  const SWITCH = "tavoli.keys";
  let place = -1; // of the current card among those that can be picked

  const isOff = () => keep.read(SWITCH) === "off";
  const isTyping = (element) => element.isContentEditable || /^(textarea|select)$/.test(element.localName)
    || (element.localName === "input" && !/^(radio|checkbox|button|submit)$/.test(element.type));
  const isControl = (element) => /^(a|button|summary|input)$/.test(element.localName);
  const cards = () => [...document.querySelectorAll("[data-pick]")].filter((card) => !card.hidden);
  const current = () => document.activeElement.closest("[data-pick]") || document.querySelector(".pick");

  function pick(card) {
    document.querySelectorAll(".pick").forEach((other) => other.classList.remove("pick"));
    place = cards().indexOf(card);
    if (!card) return;
    card.classList.add("pick");
    card.focus();
  }

  function walk(step) {
    const all = cards();
    const now = all.indexOf(current());
    if (all.length) pick(all[now < 0 ? (step > 0 ? 0 : all.length - 1) : (now + step + all.length) % all.length]);
  }

  /** After an act the card may be gone: the next one takes its place. */
  function goOn() {
    drawSwitch();
    if (place < 0 || document.querySelector(".pick")) return;
    const all = cards();
    const lost = document.activeElement === document.body || document.activeElement.id === "main";
    if (all.length && lost) pick(all[Math.min(place, all.length - 1)]);
  }

  function find(key) {
    const card = current();
    for (const scope of [card, card && card.closest(".cluster"), document].filter(Boolean)) {
      const inOthers = (one) => scope === document && one.closest("[data-pick]"); // what stands in a card is for that card only
      const marked = [...scope.querySelectorAll(scope === card ? "[data-key]" : "[data-key]:not(option)")].filter((one) => !inOthers(one));
      const found = marked.find((one) => one.dataset.key.toLowerCase().split(" ").includes(key));
      if (found) return found;
    }
    return null;
  }

  function press(found) {
    if (found.localName === "option") {
      const form = found.closest("form");
      found.closest("select").value = found.value;
      form.querySelector("button").click();
    } else if (isTyping(found)) {
      found.focus();
      if (found.select) found.select();
    } else {
      if (found.localName === "input") found.focus(); // Tab goes on from the choice that was made
      found.click();
    }
  }

  const nameOf = (event) => (event.key === " " ? (event.shiftKey ? "shift+space" : "space") : event.key.toLowerCase());

  function pressed(event) {
    const idle = !document.querySelector("main[data-keys]") || isOff() || document.querySelector("dialog[open]");
    if (idle || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const key = nameOf(event);
    if (key.endsWith("space") && isControl(event.target)) return;
    const found = find(key);
    if (key === "n" && cards().length) walk(event.shiftKey ? -1 : 1);
    else if (found) press(found);
    else return;
    event.preventDefault();
  }

  function drawSwitch() {
    document.querySelectorAll("[data-keys-switch]").forEach((button) => button.setAttribute("aria-pressed", String(!isOff())));
  }

  document.addEventListener("keydown", pressed);
  document.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-pick]");
    if (card) place = cards().indexOf(card);
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    if (!event.target.closest("[data-keys-switch]")) return;
    keep.write(SWITCH, isOff() ? "on" : "off");
    drawSwitch();
  });
  document.addEventListener("live:morphed", goOn);
  drawSwitch();
})();
