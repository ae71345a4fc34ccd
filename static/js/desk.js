/* What htmx needs on desk pages: after an own act the page is morphed, the focus stays where the work is, words that were not sent are
   kept, and an act that failed says so in #problem (what the server answered, or the page's own words when it is silent). */
(function () {
  "use strict";
  const { morph, drafts, say, freshId } = window.tavoli;
  const AUTOSAVE = 1500; // ms after the last key
  const sent = new WeakMap(); // form -> its fields and values as they left
  const held = new WeakMap(); // request -> what had the focus as it left
  const used = new Map(); // command_id -> the values it was sent with
  let act = null; // the form or link whose answer is being shown
  let before = {}; // the focus as the act left and as its answer came, and the box that was open
  let samePage = true;
  let done = null; // an own act whose answer is being shown: its command_id, and the words its form has for it

  const fieldsOf = (form) => (form.elements ? [...form.elements].filter(morph.isField) : []);
  const valueOf = (field) => (/^(radio|checkbox)$/.test(field.type) ? field.checked : field.value);

  function remember(form, request) {
    sent.set(form, new Map(fieldsOf(form).map((field) => [field, valueOf(field)])));
    held.set(request, document.activeElement);
  }

  /** What was saved is no longer unsaved, unless the person wrote on meanwhile. */
  function settleSent(form) {
    (sent.get(form) || new Map()).forEach((value, field) => {
      if (field.localName === "select") [...field.options].forEach((option) => { option.defaultSelected = option.value === value; });
      else if (/^(radio|checkbox)$/.test(field.type)) field.defaultChecked = value;
      else if (field.type !== "hidden") field.defaultValue = value;
    });
  }

  /** htmx sends the button that has the focus; what saves itself has pressed none. */
  function pressOnly(event, form, values) {
    if (event && event.type === "submit" && !event.submitter) form.querySelectorAll("button[name]").forEach((button) => delete values[button.name]);
  }

  /** The same id must carry the same words: after silence, changed words are a new act. */
  function configure({ detail }) {
    const values = detail.parameters;
    pressOnly(detail.triggeringEvent, detail.elt, values);
    if (detail.verb === "get" || !values.command_id) return;
    const words = JSON.stringify([...Object.entries(values)].filter(([name]) => name !== "command_id"));
    if (used.has(values.command_id) && used.get(values.command_id) !== words) values.command_id = freshId();
    used.set(values.command_id, words);
  }

  /** Another act that is still on its way: htmx puts an answer in place from where it was asked, and only if that is still there. */
  const isSending = (node) => node !== act && node.matches(".htmx-request");

  const mayGo = (node) => node.nodeType !== 1 || !(morph.holdsWords(node) || [node, ...node.querySelectorAll(".htmx-request")].some(isSending));

  Object.assign(window.Idiomorph.defaults.callbacks, {
    beforeNodeMorphed(node) {
      if (node.nodeType !== 1) return true;
      if (node.matches("[data-morph=keep]")) return false;
      if (samePage && (isSending(node) || (node !== act && node.localName === "form" && morph.isWritten(node)))) return false;
      if (!samePage || !morph.isField(node)) return true;
      return !morph.isUnsent(node) && !(node === document.activeElement && node.closest("[data-autosave]"));
    },
    beforeNodeRemoved: (node) => !samePage || mayGo(node),
    beforeAttributeUpdated: (name, node) => !(name === "open" && samePage && (!act || !node.contains(act) || morph.holdsWords(node))),
  });

  /** Only the body of another page takes the place of ours: what its head loads and ours did not is fetched now. */
  function fetchMissing(html) {
    const assets = "script[src], link[rel=stylesheet]";
    const addressOf = (asset) => new URL(asset.src || asset.href, location.href).pathname;
    const ours = new Set([...document.head.querySelectorAll(assets)].map(addressOf));
    new DOMParser().parseFromString(html, "text/html").head.querySelectorAll(assets).forEach((wanted) => {
      if (ours.has(addressOf(wanted))) return;
      const asset = document.createElement(wanted.localName);
      [...wanted.attributes].forEach(({ name, value }) => asset.setAttribute(name, value));
      asset.async = false;
      document.head.appendChild(asset);
    });
  }

  const openBox = () => document.querySelector("[data-open-box]");

  function beforeSwap({ detail }) {
    const path = new URL(detail.pathInfo.responsePath || detail.pathInfo.requestPath, location.href).pathname;
    samePage = path === location.pathname;
    act = detail.requestConfig.elt;
    done = detail.requestConfig.verb === "get" ? null : { id: detail.requestConfig.parameters.command_id, words: act.dataset.said };
    before = { sent: held.get(detail.xhr), answered: document.activeElement, box: openBox() };
    if (!act.isConnected) detail.swapOverride = "none"; // htmx has forgotten how: plain HTML would wipe every box
    if (!samePage && detail.shouldSwap) fetchMissing(detail.serverResponse);
    if (!detail.shouldSwap || !act.elements) return;
    settleSent(act);
    drafts.forget(act);
  }

  /** While the answer was on its way the person may have begun something else: nothing calls them back. */
  function hasGoneOn() {
    const now = document.activeElement;
    if (now === document.body) return false;
    if (morph.isField(now)) return !act.contains(now) || now !== before.sent;
    return !act.contains(now) && now !== before.sent;
  }

  /** To the box for the next words, or to what the act has opened; back to what is open, if the focus had a place and lost it. */
  function giveFocus() {
    if (!act || hasGoneOn()) return;
    const isLost = document.activeElement === document.body && before.answered !== document.body;
    const next = act.isConnected && act.querySelector("[data-refocus]");
    if (next) next.focus();
    if ((!next || document.activeElement !== next) && openBox() && (isLost || openBox() !== before.box)) openBox().focus();
  }

  /** The board names the last act that stands: if it is this one, these are its words. */
  function tellDone() {
    const told = done.words ? null : document.querySelector(`[data-act="${done.id}"]`);
    document.dispatchEvent(new CustomEvent("live:own", { detail: { words: done.words || (told && told.dataset.told) } }));
  }

  function afterSettle() {
    if (samePage) {
      giveFocus();
      if (done) tellDone();
    } else {
      window.scrollTo(0, 0);
      document.getElementById("main").focus({ preventScroll: true });
      say(document.title);
    }
    act = done = null;
    morph.settle();
  }

  function showProblem(fragment) {
    const place = document.getElementById("problem");
    place.replaceChildren(fragment);
    window.htmx.process(place);
    place.scrollIntoView({ block: "nearest" });
  }

  const own = (id) => document.getElementById(id).content.cloneNode(true);

  function refused({ detail }) {
    const answer = new DOMParser().parseFromString(detail.xhr.responseText, "text/html").querySelector("[data-problem]");
    showProblem(answer ? document.importNode(answer, true) : own("problem-unknown"));
  }

  function autosave(form, wait) {
    clearTimeout(form.autosave);
    form.autosave = setTimeout(() => {
      if (!form.isConnected || !form.matches("[data-autosave]") || !fieldsOf(form).some(morph.isDirty)) return;
      if (form.classList.contains("htmx-request")) autosave(form, AUTOSAVE);
      else form.requestSubmit();
    }, wait);
  }

  const on = (name, listener) => document.addEventListener(name, listener);
  on("htmx:configRequest", configure);
  on("htmx:beforeRequest", ({ detail }) => remember(detail.elt, detail.xhr));
  on("htmx:beforeSwap", beforeSwap);
  on("htmx:afterSettle", afterSettle);
  on("htmx:responseError", refused);
  on("htmx:sendError", () => showProblem(own("problem-silent")));
  on("htmx:timeout", () => showProblem(own("problem-silent")));
  on("htmx:beforeHistoryUpdate", ({ detail }) => { if (samePage) detail.history.type = "replace"; });
  on("input", ({ target }) => target.closest("[data-autosave]") && autosave(target.closest("[data-autosave]"), AUTOSAVE));
  on("change", ({ target }) => target.closest("[data-autosave]") && autosave(target.closest("[data-autosave]"), 0));
  on("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.form) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  if (openBox() && document.activeElement === document.body) openBox().focus();
})();
