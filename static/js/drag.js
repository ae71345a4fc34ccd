/* Dragging is an extra for mouse and pen: dropping a card in a list with data-drop chooses that value in the card's own Move-to form and
   submits it. Sortable is only fetched where there is something to drag. */
(function () {
  "use strict";
  const address = document.currentScript.dataset.sortable;
  const ready = new WeakSet();
  let fetched = null;

  function fetchSortable() {
    fetched = fetched || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.appendChild(script);
    });
    return fetched;
  }

  function putBack({ item, from, oldIndex }) {
    from.insertBefore(item, from.children[oldIndex] || null);
  }

  function dropped(event) {
    const form = event.item.querySelector("form.move");
    const select = form && form.querySelector("select");
    if (event.from === event.to || !select) return putBack(event);
    select.value = event.to.dataset.drop;
    if (select.value !== event.to.dataset.drop) return putBack(event);
    form.querySelector("button").click();
  }

  function makeDraggable(list) {
    if (ready.has(list)) return;
    ready.add(list);
    window.Sortable.create(list, {
      group: "cards", draggable: ".card", animation: 120, delay: 150, delayOnTouchOnly: true,
      filter: "a, button, select, input, textarea, summary, label", preventOnFilter: false, onEnd: dropped,
    });
  }

  async function look() {
    const lists = [...document.querySelectorAll("[data-drop]")];
    if (!lists.length || !window.matchMedia("(hover: hover) and (pointer: fine)").matches) return;
    await fetchSortable();
    lists.forEach(makeDraggable);
  }

  document.addEventListener("live:morphed", look);
  look();
})();
