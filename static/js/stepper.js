/* − and + beside a number field: <button type="button" data-step="-1" data-for="id of the field">. Without scripts the style sheet hides
   the buttons and the field stays. */
(function () {
  "use strict";

  function limits(field) {
    return { least: field.min === "" ? -Infinity : Number(field.min), most: field.max === "" ? Infinity : Number(field.max) };
  }

  function take(button) {
    const field = document.getElementById(button.dataset.for);
    const { least, most } = limits(field);
    field.value = Math.min(most, Math.max(least, (Number(field.value) || 0) + Number(button.dataset.step)));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** A button that can do nothing says so, but keeps the focus. */
  function draw() {
    document.querySelectorAll("[data-step][data-for]").forEach((button) => {
      const field = document.getElementById(button.dataset.for);
      const { least, most } = limits(field);
      const end = Number(button.dataset.step) < 0 ? Number(field.value) <= least : Number(field.value) >= most;
      button.setAttribute("aria-disabled", String(end));
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step][data-for]");
    if (button && button.getAttribute("aria-disabled") !== "true") take(button);
  });
  ["input", "change", "live:morphed"].forEach((kind) => document.addEventListener(kind, draw));
  document.documentElement.dataset.steps = "on";
  draw();
})();
