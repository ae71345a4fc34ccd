/* At the door the first page stays small: the scripts that show what waits on this phone come only when something does. */
(function () {
  "use strict";
  let waits = false;
  try {
    waits = Object.keys(localStorage).some((name) => name.startsWith("tavoli.outbox."));
  } catch { /* nothing can have been kept */ }
  if (!waits) return;
  document.currentScript.dataset.scripts.split(" ").forEach((address) => {
    document.head.appendChild(Object.assign(document.createElement("script"), { src: address, async: false }));
  });
})();
