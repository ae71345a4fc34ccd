/* Giving dots on the phone, in <form data-dots data-total="5">: nobody gives more than the total, nor more than data-cap to one thing; what
   is left is told and drawn. The server decides again. Without scripts the number fields and one button do the same. */
(function () {
  "use strict";
  const { fill } = window.tavoli;

  const fieldsOf = (form) => [...form.querySelectorAll("[data-dot]")];
  const dotsOf = (field) => Math.max(0, Math.floor(Number(field.value)) || 0);
  const given = (form) => fieldsOf(form).reduce((sum, field) => sum + dotsOf(field), 0);

  function paint(holder, on) {
    holder.querySelectorAll("i").forEach((dot, place) => dot.classList.toggle("on", place < on));
  }

  /** The field that was just changed gives way when there are no dots left. */
  function hold(form, changed) {
    const over = given(form) - Number(form.dataset.total);
    if (changed && over > 0) changed.value = Math.max(0, dotsOf(changed) - over);
  }

  function draw(form) {
    const left = Number(form.dataset.total) - given(form);
    fieldsOf(form).forEach((field) => {
      field.max = Math.min(Number(field.dataset.cap), dotsOf(field) + left);
      paint(form.querySelector(`[data-drawn="${field.name}"]`), dotsOf(field));
    });
    const words = form.querySelector("[data-left]");
    words.textContent = fill(words.dataset.words, { n: left });
    paint(form.querySelector("[data-left-drawn]"), Number(form.dataset.total) - left);
  }

  // before stepper.js looks at the limits of the fields
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-dots]");
    if (!form) return;
    hold(form, event.target.closest("[data-dot]"));
    draw(form);
  }, true);
  document.addEventListener("live:morphed", () => document.querySelectorAll("[data-dots]").forEach(draw), true);
  document.querySelectorAll("[data-dots]").forEach(draw);
})();
