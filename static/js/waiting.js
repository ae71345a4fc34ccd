/* The list of what waits on this phone, drawn from <template id="outbox-item">: each element with data-when is shown in those states
   (waiting, silent, refused, code, other, stranger), each data-slot gets words, each data-do is a button. */
(function () {
  "use strict";
  const { outbox, pathOf, say, fill } = window.tavoli;
  const SOON = 500; // ms: what is answered at once is not shown as waiting
  const list = document.getElementById("outbox");
  const template = document.getElementById("outbox-item");
  if (!list || !template) return;
  let own = ""; // the item that was sent from this page just now

  const rowOf = ({ id }) => list.querySelector(`[data-item="${id}"]`);

  function statesOf(item) {
    if (item.state === "stranger") return ["stranger"];
    if (!outbox.isMine(item)) return ["other"];
    return item.state === "waiting" && item.silent ? ["waiting", "silent"] : [item.state];
  }

  function slots(item) {
    const problem = item.problem || {};
    return { label: item.label, text: item.text, title: problem.title || "", detail: problem.detail || "" };
  }

  function makeRow(item) {
    const row = template.content.firstElementChild.cloneNode(true);
    row.dataset.item = item.id;
    list.appendChild(row);
    return row;
  }

  function drawRow(item) {
    const row = rowOf(item) || makeRow(item);
    const words = slots(item);
    row.querySelectorAll("[data-slot]").forEach((slot) => { slot.textContent = words[slot.dataset.slot]; });
    row.querySelectorAll("[data-when]").forEach((part) => {
      part.hidden = !part.dataset.when.split(" ").some((state) => statesOf(item).includes(state));
    });
  }

  function draw() {
    const items = outbox.items().filter((item) => item.state !== "waiting" || item.silent || Date.now() - item.at >= SOON);
    list.querySelectorAll("[data-item]").forEach((row) => items.some((item) => item.id === row.dataset.item) || row.remove());
    items.forEach(drawRow);
    const count = document.getElementById("outbox-count");
    count.hidden = items.length < 2;
    count.textContent = fill(count.dataset.words, { n: items.length });
  }

  function drawAndFollow() {
    draw();
    if (rowOf({ id: own })) follow(own);
  }

  /** What became of somebody's own act is brought into view, unless they are writing already. */
  function follow(id) {
    if (id !== own || /^(textarea|select)$/.test(document.activeElement.localName)) return;
    document.getElementById("outbox-box").scrollIntoView({ block: "nearest" });
  }

  function received({ detail }) {
    const receipt = document.getElementById("receipt");
    const words = wordsOf(detail, receipt.dataset.again);
    receipt.hidden = !words;
    receipt.querySelector("[data-words]").textContent = words;
    say(words);
    follow(detail.item.id);
    if (detail.item.next) location.assign(detail.item.next);
  }

  /** A card that went to a restored room may have another number than the one that was told before: both are said. */
  function wordsOf({ item, number, words }, again) {
    const isOther = item.again && item.number && number && item.number !== number;
    return isOther ? fill(again, { now: number, before: item.number }) : words || "";
  }

  /** The form it was written in, or any that takes words: the round may have changed since. */
  function formFor(item) {
    const forms = [...document.querySelectorAll("form[data-outbox]")].filter((form) => !item.text || form.querySelector("textarea"));
    return forms.find((form) => pathOf(form) === item.path) || (item.text ? forms[0] : undefined);
  }

  /** Puts the words back into a form, before what may have been written there since, and only then lets the item go. */
  function correct(item) {
    const form = formFor(item);
    if (!form) return location.assign(`${item.page}#correct=${item.id}`);
    Object.entries(JSON.parse(item.body)).forEach(([name, value]) => {
      form.querySelectorAll(`[name="${name}"]:not([type=hidden])`).forEach((field) => putBack(field, value));
    });
    outbox.forget(item);
    (form.querySelector("textarea") || form).focus();
  }

  function putBack(field, value) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = [].concat(value).includes(field.value);
    else field.value = field.value && field.value !== value ? `${value}\n${field.value}` : value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Plain http has no clipboard of its own: the words are selected, and copied where the browser still does that. */
  function copy(item, button) {
    const words = button.closest("[data-item]").querySelector("[data-slot=text]");
    getSelection().selectAllChildren(words);
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch { /* they stay selected: the phone's own menu copies them */ }
    const told = button.closest("[data-item]").querySelector("[data-copied]");
    told.textContent = done ? told.dataset.copied : told.dataset.selected;
  }

  const acts = {
    copy,
    retry: () => outbox.tryNow(),
    correct,
    mine: (item) => outbox.offer(Object.assign(item, { who: document.body.dataset.who || "", state: "waiting" })),
    discard: (item, button) => window.confirm(button.dataset.confirm) && outbox.forget(item),
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    const item = button && outbox.items().find((one) => one.id === button.closest("[data-item]").dataset.item);
    if (item) acts[button.dataset.do](item, button);
  });
  document.addEventListener("outbox:taken", ({ detail }) => {
    own = detail.id;
    document.getElementById("receipt").hidden = true;
  });
  document.addEventListener("outbox:received", received);
  document.addEventListener("outbox:refused", ({ detail }) => follow(detail.item.id));
  document.addEventListener("outbox:changed", (event) => {
    if (!event.detail.durable) document.getElementById("outbox-memory").hidden = false;
    draw();
    setTimeout(drawAndFollow, SOON);
  });

  draw();
  const asked = /^#correct=(\w+)$/.exec(location.hash);
  const item = asked && outbox.items().find((one) => one.id === asked[1]);
  if (item) {
    history.replaceState(null, "", location.pathname + location.search);
    correct(item);
  }
})();
