/* While somebody writes: the draft stays on this device (data-draft), the count runs (data-count), and a text that looks like
   personal data by the server's own patterns (data-personal) shows a hint that never blocks (data-hint-personal). */
(function () {
  "use strict";
  const { keep, fill } = window.tavoli;

  const nameOf = (field) => `tavoli.draft.${document.body.dataset.who || ""}.${field.dataset.draft}`;
  const isChoice = (field) => field.type === "radio" || field.type === "checkbox";

  function remember(field) {
    if (isChoice(field) && !field.checked) return;
    if (field.value) keep.write(nameOf(field), field.value);
    else keep.drop(nameOf(field));
  }

  function restore(field) {
    const kept = keep.read(nameOf(field));
    if (kept === null) return;
    if (isChoice(field)) field.checked = field.checked || field.value === kept;
    else if (field.localName === "select" || field.value === field.defaultValue || field.value === "") field.value = kept;
  }

  function count(field) {
    const shown = document.getElementById(`${field.id}-count`);
    if (shown) shown.textContent = fill(shown.dataset.words, { n: [...field.value].length, most: field.dataset.count });
  }

  function hint(field) {
    const note = document.getElementById(field.dataset.hintPersonal);
    if (note) note.hidden = !new RegExp(field.dataset.personal, "u").test(field.value);
  }

  function look(field) {
    if (field.dataset.count) count(field);
    if (field.dataset.hintPersonal) hint(field);
  }

  function lookAtAll() {
    document.querySelectorAll("[data-draft]").forEach(restore);
    document.querySelectorAll("[data-count], [data-hint-personal]").forEach(look);
  }

  function forget(form) {
    form.querySelectorAll("[data-draft]").forEach((field) => keep.drop(nameOf(field)));
  }

  document.addEventListener("input", (event) => {
    if (event.target.dataset.draft) remember(event.target);
    look(event.target);
  });
  document.addEventListener("live:morphed", lookAtAll);
  window.addEventListener("pageshow", lookAtAll); // after the browser has put back what it remembers itself
  window.tavoli.drafts = { forget, look: lookAtAll };
  lookAtAll();
})();
