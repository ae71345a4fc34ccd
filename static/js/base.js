/* What the other scripts share: a place that keeps things on this device, and a voice for screen readers. No sentences in scripts:
   words come from the page, with {n} where a number goes. Plain http, so nothing that needs a secure context; ES2019. */
window.tavoli = (function () {
  "use strict";

  const memory = new Map(); // when the browser refuses to store (private mode, full)

  /** Things kept on this device under a name. `write` tells whether it will outlive the page. */
  const keep = {
    read(name) {
      try {
        const kept = localStorage.getItem(name);
        return kept === null && memory.has(name) ? memory.get(name) : kept;
      } catch {
        return memory.has(name) ? memory.get(name) : null;
      }
    },
    write(name, value) {
      try {
        localStorage.setItem(name, value);
        return localStorage.getItem(name) === value;
      } catch {
        memory.set(name, value);
        return false;
      }
    },
    drop(name) {
      memory.delete(name);
      try {
        localStorage.removeItem(name);
      } catch { /* nothing was stored */ }
    },
    names(prefix) {
      const all = [...memory.keys()];
      try {
        all.push(...Object.keys(localStorage));
      } catch { /* only memory */ }
      return [...new Set(all)].filter((name) => name.startsWith(prefix));
    },
  };

  /** 128 random bits in hex, made on the device: the name of an act, the same at each retry. */
  function freshId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** The fields of a form as strings; several boxes of one name make a list. */
  function fieldsOf(form, button) {
    const fields = {};
    new FormData(form).forEach((value, name) => {
      if (typeof value !== "string") return;
      const boxes = form.querySelectorAll(`[type=checkbox][name="${name}"]`).length;
      fields[name] = boxes > 1 ? (fields[name] || []).concat(value) : value;
    });
    if (button && button.name) fields[button.name] = button.value;
    return fields;
  }

  /** Where a form goes, from the root of this server. */
  function pathOf(form, button) {
    const action = (button && button.getAttribute("formaction")) || form.getAttribute("action") || location.href;
    const { pathname, search } = new URL(action, location.href);
    return pathname + search;
  }

  const BREATH = 2500; // ms: words that are replaced at once are never read out
  let said = -BREATH;

  /** Reads words out, politely: what one did oneself, or has to know now. */
  function say(words) {
    const voice = document.getElementById("announcer");
    if (!voice || !words) return;
    voice.textContent = words;
    said = performance.now();
  }

  /** What can wait until what was said before has had its time. */
  function mention(words) {
    const wait = said + BREATH - performance.now();
    if (wait > 0) setTimeout(mention, wait, words);
    else say(words);
  }

  /** "{n} of {most}" and {n: 71, most: 180} make "71 of 180". */
  function fill(words, values) {
    return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  return { keep, freshId, fieldsOf, pathOf, say, mention, fill };
})();
