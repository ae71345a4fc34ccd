/* Changes the page under somebody's eyes without disturbing: a field with focus or unsaved text, an open <details>, an open dialog and
   whatever says data-morph="keep" are never touched. Needs Idiomorph. Tells `live:morphed` on the document afterwards. */
(function () {
  "use strict";
  const WORDS = "textarea, input:not([type=checkbox]):not([type=radio])";
  const spared = new WeakSet(); // left as it was: look again when the person has finished with it

  const isField = (node) => /^(input|textarea|select)$/.test(node.localName);

  /** Has the person changed it since the page came? */
  function isDirty(field) {
    if (field.type === "hidden" || field.type === "submit") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.localName !== "select") return field.value !== field.defaultValue;
    const usual = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(usual, 0);
  }

  const holdsWords = (node) => node.nodeType === 1 && [node, ...node.querySelectorAll(WORDS)].some((one) => one.matches(WORDS) && isDirty(one));

  /** The name of an act stays while its words wait: sending them again after silence is the same act, whatever news came between. */
  const isNameOfWaiting = (field) => field.name === "command_id" && Boolean(field.form) && [...field.form.elements].some((one) => isField(one) && isDirty(one));

  const isUnsent = (field) => isDirty(field) || isNameOfWaiting(field);

  /** A form that says which version was seen (`replaces`) stays or changes as a whole: else somebody's words would pass for seen. */
  function isWritten(form) {
    return form.elements.replaces !== undefined && [...form.elements].some((field) => isField(field) && inUse(field));
  }

  function inUse(node) {
    if (node.nodeType !== 1) return false;
    if (node.matches("[data-morph=keep], .htmx-request")) return true; // what is on its way stays until its answer has come
    if (isField(node)) return node === document.activeElement || isUnsent(node);
    if (node.localName === "form") return isWritten(node);
    return (node.localName === "details" || node.localName === "dialog") && node.open;
  }

  function spare(node) {
    const left = inUse(node);
    if (left) spared.add(node);
    return !left;
  }

  const mayGo = (node) => spare(node) && !(node.nodeType === 1 && [...node.querySelectorAll("input, textarea, select, dialog, .htmx-request")].some(inUse));

  const callbacks = {
    beforeNodeMorphed: spare,
    beforeNodeRemoved: mayGo,
    beforeAttributeUpdated: (name, node) => !(name === "hidden" && node.closest("[data-wall]")) && !(name === "class" && node.matches(".pick")),
  };

  const reachable = (home) => [...home.querySelectorAll("a[href], button, input, select, textarea, summary")];

  /** Remembers which control has the focus, and gives it back. */
  function bookmark() {
    const control = document.activeElement;
    const home = control && control !== document.body && control.closest("[id]");
    if (!home) return () => {};
    const place = reachable(home).indexOf(control);
    return () => {
      if (control.isConnected && document.activeElement === control) return;
      const again = document.getElementById(home.id) || document.getElementById("main");
      const target = control.isConnected ? control : reachable(again)[place] || again;
      target.focus({ preventScroll: true });
    };
  }

  function drawEmpty() {
    document.querySelectorAll("[data-empty-for]").forEach((note) => {
      const list = document.getElementById(note.dataset.emptyFor);
      if (list) note.hidden = list.childElementCount > 0;
    });
  }

  function settle() {
    drawEmpty();
    document.dispatchEvent(new CustomEvent("live:morphed"));
  }

  function change(act) {
    const giveBack = bookmark();
    act();
    giveBack();
    settle();
  }

  function morph(old, fresh) {
    window.Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", callbacks });
    if (window.htmx && old.isConnected) window.htmx.process(old);
  }

  /** Each region of `page` (another document) takes the place of ours with the same id. */
  function regions(page) {
    change(() => document.querySelectorAll("[data-topic][id], [data-live][id]").forEach((old) => {
      const fresh = page.getElementById(old.id);
      if (fresh) morph(old, fresh);
    }));
  }

  const comesAfter = (one, other) => (isNaN(one) || isNaN(other) ? one > other : Number(one) > Number(other));

  function insert(element, list, order) {
    const next = [...list.children].find((child) => child !== element && comesAfter(child.dataset.order || "", order || ""));
    list.insertBefore(element, next || null);
    if (window.htmx) window.htmx.process(element);
  }

  /** One element that was pushed: replaces its id, goes, or comes in; false if the page has no place for it. */
  function fragment(html) {
    const element = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    if (!element || !element.id) return false;
    const old = document.getElementById(element.id);
    const list = element.dataset.into ? document.getElementById(element.dataset.into) : old && old.parentElement;
    if (element.hidden) {
      if (old && mayGo(old)) change(() => old.remove());
      return !old || !old.isConnected;
    }
    if (!list) return false;
    const moves = old && (old.parentElement !== list || old.dataset.order !== element.dataset.order);
    change(() => {
      if (moves) insert(old, list, element.dataset.order);
      if (old) morph(old, element);
      else insert(document.importNode(element, true), list, element.dataset.order);
    });
    return true;
  }

  drawEmpty();
  window.tavoli.morph = { regions, fragment, settle, isField, isDirty, isUnsent, holdsWords, wasSpared: (node) => [node, node.form].filter((one) => one && spared.delete(one)).length > 0, isWritten };
})();
