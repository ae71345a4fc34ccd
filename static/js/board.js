/* What the board needs beside the kit: opening "Title and more" puts the cursor in its first field, and the control for several cards says
   how many are chosen. Without scripts both work all the same. */
(function () {
  "use strict";

  function count() {
    const form = document.getElementById("selection");
    if (!form) return;
    const chosen = [...form.elements].filter((field) => field.type === "checkbox" && field.checked).length;
    form.querySelector("[data-chosen]").textContent = chosen || "";
    form.classList.toggle("some", chosen > 0);
  }

  document.addEventListener("toggle", ({ target }) => {
    if (target.open && target.hasAttribute("data-focus-first")) target.querySelector("input:not([type=hidden])").focus();
  }, true);
  document.addEventListener("change", count);
  document.addEventListener("live:morphed", count);
  count();
})();
