// A file is judged by its SHA-256, computed here, on the reader's own device. Only that digest is sent.
(() => {
  const root = document.documentElement;
  const LARGEST = 20 * 1024 * 1024; // bytes; certificates have some hundred thousand
  const able = Boolean(window.crypto?.subtle && File.prototype.arrayBuffer);
  root.classList.add(able ? "can-digest" : "can-not-digest");
  if (!able) return;

  class Refusal extends Error {}

  async function digestOf(file) {
    if (file.size > LARGEST) throw new Refusal("tooLarge");
    const bytes = await file.arrayBuffer();
    const start = new TextDecoder("latin1").decode(bytes.slice(0, 1024));
    if (!start.includes("%PDF-")) throw new Refusal("notAPdf");
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  document.addEventListener("DOMContentLoaded", () => {
    const drop = document.querySelector("[data-drop]");
    const status = document.querySelector("[data-status]");
    const form = document.querySelector("[data-form]");
    const input = drop.querySelector("input");

    async function check(files) {
      if (files.length === 0) return;
      status.textContent = status.dataset.working;
      try {
        if (files.length > 1) throw new Refusal("several");
        form.elements.sha256.value = await digestOf(files[0]);
        form.submit();
      } catch (error) {
        status.textContent = status.dataset[error instanceof Refusal ? error.message : "unreadable"];
        input.value = "";
      }
    }

    input.addEventListener("change", () => check(input.files));
    // Anywhere on the page: a browser that gets a PDF beside the field would open it and leave.
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("verify-drop--over");
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) drop.classList.remove("verify-drop--over");
    });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("verify-drop--over");
      check(event.dataTransfer.files);
    });
    // Back from the answer: the field is empty, and what was said before no longer holds.
    window.addEventListener("pageshow", () => {
      status.textContent = "";
      input.value = "";
    });
  });
})();
