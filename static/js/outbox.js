/* A phone's outbox. What a person sends by a form with data-outbox is first kept on the phone, then posted as the same bytes until an
   answer comes: 2xx removes it (kept.js keeps a card's bytes for a computer that is restored), 401 waits for the personal code, any other
   refusal stops and shows the words with the reason, and 429, 5xx or silence try again. Nothing is ever dropped without the person.
   waiting.js draws the list. */
(function () {
  "use strict";
  const { keep, freshId, fieldsOf, pathOf, drafts } = window.tavoli;
  const PREFIX = "tavoli.outbox.";
  const TRY_AGAIN = [408, 425, 429];
  const NOT_YET = ["StepNotOpenYet"]; // what a restored room answers to a card it once had: the step opens again
  const PATIENCE = 15000; // ms for one answer
  const TWICE = 700; // ms

  let sending = false;
  let timer = 0;
  let failures = 0;

  const who = () => document.body.dataset.who || "";
  const announce = (name, detail) => document.dispatchEvent(new CustomEvent(`outbox:${name}`, { detail }));

  /** All items kept on this phone, oldest first. */
  const items = () => keep.names(PREFIX).map((name) => JSON.parse(keep.read(name))).sort((one, other) => one.at - other.at);

  const jsonOf = (answer) => answer.json().catch(() => null);
  const isMine = (item) => !item.who || !who() || item.who === who(); // several people may share a phone
  const mine = (state) => items().filter((item) => item.state === state && isMine(item));

  function save(item) {
    const durable = keep.write(PREFIX + item.id, JSON.stringify(item));
    announce("changed", { durable });
  }

  function forget(item) {
    keep.drop(PREFIX + item.id);
    announce("changed", { durable: true });
  }

  function pack(form, button) {
    const id = freshId();
    const fields = fieldsOf(form, button);
    const words = form.querySelector("[data-outbox-text]") || form.querySelector("textarea");
    return {
      id, path: pathOf(form, button), body: JSON.stringify(Object.assign(fields, { command_id: id })), at: Date.now(), who: who(), state: "waiting",
      label: form.dataset.outbox, text: words ? words.value : "", page: location.pathname + location.search, next: form.dataset.next || "",
    };
  }

  function empty(form) {
    form.reset();
    form.querySelectorAll("textarea").forEach((field) => { field.value = ""; });
  }

  /** A second tap is the same act: the buttons rest a moment. */
  function rest(form, button) {
    const buttons = [...form.querySelectorAll("button:not([type=button])")];
    buttons.forEach((one) => { one.disabled = true; });
    setTimeout(() => {
      buttons.forEach((one) => { one.disabled = false; });
      if (button && document.activeElement === document.body) button.focus({ preventScroll: true });
    }, TWICE);
  }

  function take(event) {
    const form = event.target.closest("form[data-outbox]");
    if (!form) return;
    event.preventDefault();
    const item = pack(form, event.submitter);
    announce("taken", { id: item.id });
    save(item);
    rest(form, event.submitter);
    drafts.forget(form);
    if (!("keep" in form.dataset)) empty(form);
    drafts.look();
    sendAll();
  }

  async function post(item) {
    const given = new AbortController();
    const late = setTimeout(() => given.abort(), PATIENCE);
    try {
      return await fetch(item.path, {
        method: "POST", body: item.body, credentials: "same-origin", redirect: "manual", signal: given.signal,
        headers: { "Content-Type": "application/json", Accept: "application/json" },
      });
    } catch {
      return null;
    } finally {
      clearTimeout(late);
    }
  }

  /** Sends one item; tells how many milliseconds the room asks to wait (0 = it answered, goes on with the next). */
  async function send(item) {
    const answer = await post(item);
    const receipt = answer && answer.ok ? await jsonOf(answer) : null;
    const problem = answer && answer.status >= 400 ? (await jsonOf(answer)) || { error: String(answer.status) } : null;
    const isFinal = answer && answer.status < 500 && !TRY_AGAIN.includes(answer.status);
    if (receipt) {
      window.tavoli.kept.hold(item, receipt);
      forget(item);
      announce("received", Object.assign({ item }, receipt));
    } else if (answer && answer.status === 401) {
      save(Object.assign(item, { state: "code" }));
    } else if (problem && isFinal && !(item.again && NOT_YET.includes(problem.error))) {
      save(Object.assign(item, { state: "refused", problem }));
      announce("refused", { item, problem });
    } else {
      save(Object.assign(item, { silent: Boolean(answer) }));
      return 1000 * ((answer && parseInt(answer.headers.get("Retry-After"), 10)) || 1);
    }
    return 0;
  }

  /** Full jitter between 1 and 30 seconds, never sooner than the room asked. */
  function pause(asked) {
    const most = Math.min(30, 2 ** failures);
    return Math.max(asked, 1000 + Math.random() * 1000 * (most - 1));
  }

  async function sendAll() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    let asked = 0;
    for (const item of mine("waiting")) {
      asked = Math.max(asked, await send(item));
      if (asked && !item.silent) break; // nobody there: the others would wait as long
    }
    failures = asked ? failures + 1 : 0;
    sending = false;
    if (asked) timer = setTimeout(sendAll, pause(asked));
    else if (mine("waiting").length) sendAll(); // written in the meantime
  }

  function tryNow() {
    failures = 0;
    sendAll();
  }

  /** An act that the room once acknowledged and has no more: sent again, or shown, as its state says. */
  function offer(item) {
    save(item);
    tryNow();
  }

  document.addEventListener("submit", take);
  document.addEventListener("visibilitychange", () => document.hidden || tryNow());
  document.addEventListener("live:connected", tryNow);
  window.addEventListener("online", tryNow);
  window.addEventListener("pageshow", tryNow);
  window.tavoli.outbox = { items, forget, tryNow, isMine, offer };
  // the person may have entered again: what waited for the code may leave
  mine("code").forEach((item) => save(Object.assign(item, { state: "waiting" })));
})();
