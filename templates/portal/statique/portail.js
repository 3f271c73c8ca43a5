"use strict";
// Everything works without this file: it only makes things more comfortable.

// Passwords can be shown; they are hidden again before they leave, so that no browser keeps them as text.
for (const button of document.querySelectorAll("[data-show]")) {
  const field = document.getElementById(button.dataset.show);
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  if (field.form) field.form.addEventListener("submit", () => show(false));
}

// After an error the list on top is read first.
const first = document.querySelector("[data-focus]");
if (first) first.focus();

// A second click sends nothing for some seconds; after that, or back on this page, it does again.
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  const before = sent.get(event.target);
  if (before !== undefined && Date.now() - before < 5000) event.preventDefault();
  else sent.set(event.target, Date.now());
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) sent.delete(form);
});

// Two minutes before the visit ends somebody is asked whether they are still there. The portal notes
// a visitor once a minute, so its twenty minutes may have begun one minute before this page.
const box = document.getElementById("fin");
if (box) {
  const minute = 60000;
  const end = (Number(box.dataset.minutes) - 1) * minute;
  const left = box.querySelector("[data-left]");
  const said = box.querySelector("[data-said]");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("visite") : null;
  let since = Date.now();
  let before = null;
  const close = () => {
    if (!box.open) return;
    if (box.close) box.close();
    else box.removeAttribute("open");
    if (before) before.focus();
  };
  const again = () => {
    since = Date.now();
    said.textContent = "";
    close();
  };
  const over = () => location.replace("/session-expiree");
  const ask = () => {
    before = document.activeElement;
    if (box.showModal) box.showModal();
    else box.setAttribute("open", "");
    box.querySelector("[data-stay]").focus();
  };
  const look = () => {
    const rest = since + end - Date.now();
    if (rest <= 0) return over();
    if (rest > 2 * minute) return;
    const words = rest > minute ? "2 minutes" : "1 minute";
    if (left.textContent !== words) left.textContent = words;
    if (!box.open) ask();
  };
  const stay = async () => {
    try {
      const answer = await fetch("/session", { credentials: "same-origin", cache: "no-store" });
      if (new URL(answer.url).pathname !== "/session") return over();
      if (!answer.ok) throw new Error(String(answer.status));
      again();
      if (channel) channel.postMessage("");
    } catch {
      said.textContent = said.dataset.failed;
    }
  };
  box.querySelector("[data-stay]").addEventListener("click", stay);
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  if (channel) {
    // Another tab has just spoken with the portal: this one is alive too.
    channel.addEventListener("message", again);
    channel.postMessage("");
  }
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
}
