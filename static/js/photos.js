/* Sends a photo piece by piece: a line that is cut costs one piece, and a page that was closed goes on where it was when the same file is
   chosen again. Without this script the same form sends the file whole. Words come from the form. */
(function () {
  "use strict";
  const { keep, freshId, fill } = window.tavoli;
  const PIECE = 192 * 1024; // bytes
  const LONGEST = 15000; // ms between two tries
  const running = new Map(); // form -> what stops it

  const chosen = (form) => [...form.querySelectorAll("[type=file]")].map((field) => field.files[0]).find(Boolean);
  const nameOf = (path, file) => `photo:${path}:${file.name}:${file.size}:${file.lastModified}`;
  const megabytes = (bytes) => (bytes / 1048576).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const passes = (status) => !status || status === 429 || (status >= 500 && status !== 507); // worth trying again; a full disk is not
  const isElsewhere = ({ error }) => error === "PieceElsewhere" || error === "PhotoNotWhole"; // ask how many bytes are there

  /** Resolves early when it is stopped, or when the network is back. */
  function pause(milliseconds, signal) {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      const now = () => { clearTimeout(timer); done(); };
      signal.addEventListener("abort", now, { once: true });
      window.addEventListener("online", now, { once: true });
    });
  }

  function partsOf(form) {
    const box = form.querySelector("[data-photo-progress]");
    return { box, bar: box.querySelector("progress"), words: box.querySelector("[data-photo-words]"), cancel: box.querySelector("[data-photo-cancel]") };
  }

  function tell(form, words, goesOn) {
    const parts = partsOf(form);
    parts.box.hidden = false;
    parts.words.textContent = words;
    parts.bar.hidden = parts.cancel.hidden = !goesOn;
    form.querySelector("[data-photo-send]").disabled = goesOn;
  }

  function show(form, held, size) {
    const { box, bar } = partsOf(form);
    bar.max = size;
    bar.value = held;
    tell(form, held < size ? fill(box.dataset.sending, { done: megabytes(held), all: megabytes(size) }) : box.dataset.making, true);
  }

  /** An answer as {ok, status, told}; no network is status 0. */
  async function ask(url, options) {
    try {
      const answer = await fetch(url, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json", ...options.headers }, ...options.rest });
      return { ok: answer.ok, status: answer.status, told: await answer.json().catch(() => ({})) };
    } catch {
      return { ok: false, status: 0, told: {} };
    }
  }

  const piece = (file, held, signal) => {
    const data = file.slice(held, held + PIECE);
    const range = `bytes ${held}-${held + data.size - 1}/${file.size}`;
    return { headers: { "Content-Type": "application/octet-stream", "Content-Range": range }, rest: { method: "PUT", body: data, signal } };
  };

  const ending = (caption, signal) => ({ headers: { "Content-Type": "application/json" }, rest: { method: "POST", body: JSON.stringify({ caption }), signal } });

  /** The answer that ends it: 2xx, or a refusal that trying again would not change; null when it was cancelled. */
  async function send(form, file, url, caption, signal) {
    let held = null;
    for (let wait = 500; !signal.aborted; ) {
      const step = held === null ? { headers: {}, rest: { signal } } : held < file.size ? piece(file, held, signal) : ending(caption, signal);
      const isLast = held !== null && held >= file.size;
      const answer = await ask(isLast ? `${url}?of=${file.size}` : url, step);
      if (signal.aborted) break;
      if (answer.ok && isLast) return answer;
      if (answer.ok) {
        held = Math.min(answer.told.held, file.size);
        wait = 500;
        show(form, held, file.size);
      } else if (isElsewhere(answer.told)) {
        held = null;
      } else if (!passes(answer.status)) {
        return answer;
      } else {
        tell(form, partsOf(form).box.dataset.waiting, true);
        await pause(wait, signal);
        wait = Math.min(wait * 2, LONGEST);
        held = null;
      }
    }
    return null;
  }

  async function begin(form, file) {
    const path = form.dataset.photo;
    const name = nameOf(path, file);
    const id = keep.read(name) || freshId();
    const url = `${path}/${id}/bytes`;
    const stop = new AbortController();
    const { box } = partsOf(form);
    keep.write(name, id);
    running.set(form, stop);
    show(form, 0, file.size);
    const answer = await send(form, file, url, form.elements.caption.value, stop.signal);
    running.delete(form);
    if (!answer || answer.status < 500) keep.drop(name);
    if (!answer) {
      ask(url, { headers: {}, rest: { method: "DELETE" } });
      tell(form, box.dataset.cancelled, false);
    } else if (answer.ok) {
      done(form);
    } else {
      tell(form, [answer.told.title, answer.told.detail].filter(Boolean).join(" ") || box.dataset.failed, false);
    }
  }

  function done(form) {
    form.reset();
    form.elements.command_id.value = freshId();
    tell(form, partsOf(form).box.dataset.done, false);
    if (document.documentElement.dataset.net !== "on") location.assign(form.dataset.photo); // else the page hears of it by itself
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-photo]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (running.has(form)) return;
    const file = chosen(form);
    const { none, big } = partsOf(form).box.dataset;
    if (!file || !file.size) tell(form, none, false);
    else if (file.size > Number(form.dataset.most)) tell(form, big, false);
    else begin(form, file);
  }, true);

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-photo-cancel]");
    if (button && running.has(button.form)) running.get(button.form).abort();
  });

  /** One photo at a time: choosing in one place empties the other. */
  document.addEventListener("change", ({ target }) => {
    if (target.type !== "file" || !target.closest("form[data-photo]") || !target.files.length) return;
    target.form.querySelectorAll("[type=file]").forEach((field) => { if (field !== target) field.value = ""; });
  });
})();
