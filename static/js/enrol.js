/* The page of the link that enrols a computer, opened on a phone: shows what stands after # in large letters, the address, and the whole
   link to be shared or copied. What stands after # never leaves the phone by this page. */
(function () {
  "use strict";
  const box = document.getElementById("enrol");
  const found = /^#([0-9A-Za-z-]{10,20})\.[0-9A-F-]+$/.exec(location.hash);
  if (!box || !found) return;
  const field = box.querySelector("textarea");
  const share = box.querySelector("[data-share]");
  const told = box.querySelector("[data-told]");

  function copy() {
    field.select();
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch { /* the text stays selected: the phone's own menu copies it */ }
    told.textContent = done ? told.dataset.copied : told.dataset.selected;
  }

  box.querySelector("[data-code]").textContent = found[1];
  box.querySelector("[data-address]").textContent = location.origin;
  field.value = location.href;
  share.hidden = !navigator.share;
  share.addEventListener("click", () => navigator.share({ title: document.title, url: location.href }).catch(() => {}));
  box.querySelector("[data-copy]").addEventListener("click", copy);
  box.hidden = false;
})();
