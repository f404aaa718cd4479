/* The terminal, where script runs: counts from the last touch instead of from the last page, says so in time, prints.
   Without it the server's own reset (the Refresh header) and the visit in the address do the same work. */
(function () {
  "use strict";
  var box = document.getElementById("idle");
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  // A page out of the browser's memory belongs to somebody who has gone.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { window.location.reload(); }
  });
  if (!box) { return; }
  var seconds = Number(box.dataset.seconds), warn = Math.min(20, Math.floor(seconds / 2)), last = Date.now();
  var left = document.getElementById("idle-left");
  function touched() { last = Date.now(); box.hidden = true; }
  window.addEventListener("load", function () {
    window.setTimeout(function () { window.stop(); }, 0); // ends the server's reset: this one knows of every touch
  });
  ["pointerdown", "keydown", "wheel", "touchmove", "input"].forEach(function (name) {
    window.addEventListener(name, touched, { passive: true });
  });
  document.getElementById("idle-stay").addEventListener("click", touched);
  window.setInterval(function () {
    var rest = seconds - Math.floor((Date.now() - last) / 1000);
    if (rest <= 0) { window.location.replace(box.dataset.start); return; }
    if (rest <= warn) {
      left.textContent = String(rest);
      box.hidden = false;
    }
  }, 500);
}());
