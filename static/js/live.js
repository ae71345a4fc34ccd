/* Keeps what is on the screen true. Socket.IO only says that something changed: a push whose `after` is what we have is put in place,
   anything else fetches this page again and changes its live regions. Versions are "<run>:<count>". Nothing is ever sent this way. */
(function () {
  "use strict";
  const GONE = [401, 403, 404, 410];
  const { morph } = window.tavoli;
  const latest = new Map(); // topic -> the newest version anybody told us
  const heard = new Set(); // topics that this connection listens to
  let timer = 0;
  let fetching = false;
  let patience = 0; // how often in a row a fetched page was still behind
  let asked = false; // somebody told us to fetch, without a version

  const regionsOf = (topic) => [...document.querySelectorAll("[data-topic]")].filter((region) => region.dataset.topic === topic);
  const topics = () => new Set([...document.querySelectorAll("[data-topic]")].map((region) => region.dataset.topic));
  const versionOf = (topic) => (regionsOf(topic)[0] || { dataset: {} }).dataset.version;

  const partsOf = (version) => String(version).split(":");

  function isOlder(version, known) {
    const [[run, count], [knownRun, knownCount]] = [partsOf(version), partsOf(known)];
    return run === knownRun && Number(count) < Number(knownCount);
  }

  const isNewer = (version, known) => partsOf(version)[0] !== partsOf(known)[0] || isOlder(known, version);

  const isBehind = () => [...topics()].some((topic) => latest.has(topic) && isNewer(latest.get(topic), versionOf(topic)));

  /** What is looked at: an answer for /synthesis must not close the sentence of /synthesis?edit=… */
  const placeNow = () => location.pathname + location.search;

  function ask() {
    asked = true;
    refreshSoon();
  }

  function refreshSoon() {
    if (timer || fetching || document.hidden) return;
    const most = Math.min(30000, 1000 * 2 ** patience);
    timer = setTimeout(refresh, Math.random() * most);
  }

  async function fetchPage() {
    const headers = { Accept: "text/html", "X-Live": "refresh" };
    return fetch(location.href, { headers, credentials: "same-origin", cache: "no-store" }).catch(() => null);
  }

  async function refresh() {
    timer = 0;
    fetching = true;
    asked = false;
    const place = placeNow();
    const answer = await fetchPage();
    const html = answer && answer.ok ? await answer.text().catch(() => "") : "";
    fetching = false;
    if (!answer) return; // silence ends with a new connection
    if (placeNow() !== place) return ask(); // the person has gone elsewhere, or opened something here
    if (GONE.includes(answer.status) || new URL(answer.url).pathname !== location.pathname) return leaveFor(answer);
    if (html) showUnlessOld(new DOMParser().parseFromString(html, "text/html"));
    patience = isBehind() || !html ? patience + 1 : 0;
    if (patience || asked) refreshSoon();
  }

  /** The person's place has changed (another table, no right any more): go there, unless words would be lost. */
  function leaveFor(answer) {
    const unsaved = [...document.querySelectorAll("textarea, input, select")].some((field) => !field.dataset.draft && morph.isDirty(field));
    if (!unsaved) location.assign(answer.ok ? answer.url : location.href);
  }

  /** An own act may have been answered since this was asked for: what the person has seen done is not taken back. */
  function showUnlessOld(page) {
    const isOld = ({ dataset }) => isOlder(dataset.version, versionOf(dataset.topic));
    if (![...page.querySelectorAll("[data-topic]")].some(isOld)) show(page);
  }

  function show(page) {
    document.title = page.title;
    morph.regions(page);
    listen();
  }

  function learn(topic, version) {
    latest.set(topic, version);
    if (isBehind()) refreshSoon();
  }

  function pushed({ topic, after, version, html }) {
    const known = versionOf(topic);
    if (known === undefined || !isNewer(version, known)) return;
    if (html && after === known && !fetching && morph.fragment(html)) {
      regionsOf(topic).forEach((region) => { region.dataset.version = version; });
    }
    learn(topic, version);
  }

  function listen() {
    const now = topics();
    heard.forEach((topic) => now.has(topic) || (heard.delete(topic), socket.emit("leave", { topic })));
    now.forEach((topic) => {
      if (heard.has(topic) || !socket.connected) return;
      heard.add(topic);
      socket.emit("listen", { topic, version: versionOf(topic) }, (ack) => ack && ack.version && learn(topic, ack.version));
    });
  }

  function everything() {
    heard.clear();
    listen();
    ask();
  }

  const socket = window.io({ transports: ["websocket", "polling"], tryAllTransports: true, reconnectionDelayMax: 4000, autoConnect: false });

  socket.on("connect", () => {
    heard.clear();
    listen();
    document.dispatchEvent(new CustomEvent("live:connected"));
  });
  socket.on("disconnect", (reason) => {
    document.dispatchEvent(new CustomEvent("live:lost"));
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000 + Math.random() * 3000);
  });
  socket.on("connect_error", () => document.dispatchEvent(new CustomEvent("live:lost")));
  socket.on("push", pushed);
  socket.on("refresh", ({ topic }) => regionsOf(topic).length && ask());
  socket.on("resubscribe", everything);

  document.addEventListener("htmx:afterSettle", () => { listen(); if (isBehind()) refreshSoon(); });
  document.addEventListener("visibilitychange", () => document.hidden || ((asked || isBehind()) && refreshSoon()));
  ["focusout", "toggle"].forEach((kind) => document.addEventListener(kind, (event) => morph.wasSpared(event.target) && ask(), true));
  window.addEventListener("pagehide", () => socket.disconnect()); // an open socket keeps the page out of the back/forward cache
  window.addEventListener("pageshow", (event) => event.persisted && (socket.connect(), ask()));
  socket.connect();
})();
