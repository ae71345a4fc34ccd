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

  /** Reads words out, politely. */
  function say(words) {
    const voice = document.getElementById("announcer");
    if (voice && words) voice.textContent = words;
  }

  /** "{n} of {most}" and {n: 71, most: 180} make "71 of 180". */
  function fill(words, values) {
    return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  return { keep, freshId, say, fill };
})();
