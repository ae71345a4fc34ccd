/* Reads the QR code of a central record with the camera, or from a picture that is chosen or pasted. Where the browser reads codes itself
   (BarcodeDetector) nothing leaves the page; else each picture goes to Tavoli on this same computer. What was read is shown with its
   address; a person presses “Connect”. */
(function () {
  "use strict";
  const LINK = /^(\S+)\/enrol#\S+$/;
  const EVERY = 400; // ms between two looks
  const SIDE = 1280; // pixels: enough for a code that fills a third of the picture
  const scanned = document.getElementById("scanned");
  const form = document.getElementById("picture");
  const box = document.getElementById("camera");
  if (!scanned || !form || !box) return;
  const video = box.querySelector("video");
  const told = box.querySelector("[data-told]");
  const media = navigator.mediaDevices;
  const detector = "BarcodeDetector" in window ? new window.BarcodeDetector({ formats: ["qr_code"] }) : null;

  function show(link) {
    scanned.elements.url.value = link;
    scanned.querySelector("[data-origin]").textContent = LINK.exec(link)[1];
    scanned.hidden = false;
    scanned.querySelector("button").focus();
  }

  async function detected(picture) {
    if (!detector) return "";
    const found = await detector.detect(picture).catch(() => []);
    return found.map((code) => code.rawValue).find((text) => LINK.test(text)) || "";
  }

  /** What Tavoli on this computer reads in it; "" for nothing. */
  async function asked(file) {
    const sent = new FormData();
    sent.append("picture", file, "picture");
    const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } }).catch(() => null);
    return answer && answer.ok ? (await answer.json()).link : "";
  }

  function frame() {
    const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  }

  async function look(stream) {
    while (video.isConnected && stream.active) {
      const link = video.videoWidth ? (await detected(video)) || (detector ? "" : await asked(await frame())) : "";
      if (link) return link;
      await new Promise((done) => setTimeout(done, EVERY));
    }
    return "";
  }

  async function start(event) {
    event.currentTarget.disabled = true;
    const button = event.currentTarget;
    let stream = null;
    try {
      stream = await media.getUserMedia({ video: { facingMode: "environment", width: { ideal: SIDE } }, audio: false });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      told.textContent = told.dataset.looking;
      const link = await look(stream);
      told.textContent = "";
      if (link) show(link);
    } catch {
      told.textContent = told.dataset.denied;
    } finally {
      if (stream) stream.getTracks().forEach((track) => track.stop());
      video.hidden = true;
      button.disabled = false;
    }
  }

  /** A picture that this browser reads itself; else the form goes to Tavoli, which also says what is wrong with it. */
  async function readOrSend(file) {
    const picture = await createImageBitmap(file).catch(() => null);
    const link = picture ? await detected(picture) : "";
    if (link) show(link);
    else form.submit();
  }

  form.addEventListener("submit", (event) => {
    if (!detector) return;
    event.preventDefault();
    readOrSend(form.elements.picture.files[0]);
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData ? event.clipboardData.files : [];
    if (!files.length) return;
    form.elements.picture.files = files;
    readOrSend(files[0]);
  });

  const hasCamera = Boolean(media && media.getUserMedia);
  box.hidden = !hasCamera;
  document.getElementById("no-camera").hidden = hasCamera;
  box.querySelector("[data-start]").addEventListener("click", start);
})();
