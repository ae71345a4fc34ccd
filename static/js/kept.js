/* What the room acknowledged stays on the phone for the event, as the same bytes: when the room's computer is another run (it was
   restored from a copy, or replaced), the phone asks which acts it lacks and sends those again under their own names. Only cards, their
   corrections and withdrawals; never dots and answers, which are secret. A withdrawn card leaves the phone at once. */
(function () {
  "use strict";
  const { keep, fieldsOf, pathOf } = window.tavoli;
  const PREFIX = "tavoli.kept.";
  const RUN = "tavoli.asked"; // the run that answered, and who asked
  const CARDS = /^\/(tables\/\w+\/cards|cards\/\w+\/(text|withdraw))$/;
  const LASTS = 7 * 24 * 3600 * 1000; // ms
  const MOST = 250;
  let asking = false;

  const who = () => document.body.dataset.who || "";
  const items = () => keep.names(PREFIX).map((name) => JSON.parse(keep.read(name))).sort((one, other) => one.at - other.at);
  const drop = (id) => keep.drop(PREFIX + id);

  /** The run of the program that made this page: "<run>:<count>" stands on each live part. */
  function runNow() {
    const versions = [...document.querySelectorAll("[data-version]")].map((part) => part.dataset.version.split(":")[0]);
    return versions.find(Boolean) || "";
  }

  /** Called before the outbox lets go of what was acknowledged. */
  function hold(item, receipt) {
    if (!CARDS.test(item.path)) return;
    const { id, path, body, at, label, text, page, next } = item;
    const number = receipt.number || item.number || 0;
    keep.write(PREFIX + id, JSON.stringify({ id, path, body, at, who: item.who || who(), label, text, page, next, number }));
  }

  /** Whoever takes a card back wants its words gone from here too; only the taking back is kept. */
  function noteWithdrawal(event) {
    const form = event.target;
    const found = /^\/cards\/(\w+)\/withdraw$/.exec(pathOf(form, event.submitter));
    if (!found) return;
    items().filter((item) => item.id === found[1] || item.path === `/cards/${found[1]}/text`).forEach((item) => drop(item.id));
    const fields = fieldsOf(form, event.submitter);
    const item = { id: fields.command_id, path: found[0], body: JSON.stringify(fields), at: Date.now(), label: "", text: "", page: "/mine", next: "" };
    hold(item, {});
  }

  async function askFor(some) {
    const body = JSON.stringify({ ids: some.map(({ id }) => id), people: [...new Set(some.map((item) => item.who))] });
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const answer = await fetch("/cards/missing", { method: "POST", body, headers, credentials: "same-origin", redirect: "manual" }).catch(() => null);
    return answer && answer.ok ? answer.json().catch(() => null) : null;
  }

  function offer(item, strangers) {
    const isStranger = item.who !== who() && strangers.includes(item.who);
    window.tavoli.outbox.offer(Object.assign(item, { state: isStranger ? "stranger" : "waiting", again: true, next: "" }));
  }

  async function ask() {
    const now = `${runNow()}|${who()}`;
    if (asking || !runNow() || !who() || keep.read(RUN) === now) return;
    asking = true;
    const some = items();
    const told = some.length ? await askFor(some) : { missing: [], strangers: [], erased: [] };
    asking = false;
    if (!told) return; // asked again when there is news or a new connection
    told.erased.forEach(drop);
    some.filter(({ id }) => told.missing.includes(id)).forEach((item) => offer(item, told.strangers));
    keep.write(RUN, now);
  }

  function sweep() {
    const old = items().reverse().filter((item, place) => place >= MOST || Date.now() - item.at > LASTS);
    old.forEach((item) => drop(item.id));
  }

  window.tavoli.kept = { hold };
  document.addEventListener("submit", noteWithdrawal, true);
  ["live:connected", "live:morphed"].forEach((name) => document.addEventListener(name, ask));
  window.addEventListener("pageshow", ask);
  sweep();
})();
