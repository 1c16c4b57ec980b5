// Leaving at once, and getting help without losing one's place.

const AWAY = "https://www.bbc.co.uk/weather";

/** Make *Leave this page* blank the page first, and leave no entry for it in the browser's history. */
export function leaveQuickly() {
  for (const form of document.querySelectorAll("[data-leave]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      document.body.hidden = true;
      document.title = "\u200b";
      // The chat must not take anybody back when it hears that it was ended.
      dispatchEvent(new Event("leaving"));
      const headers = { Accept: "application/json" };
      fetch("/leave", { method: "POST", headers, keepalive: true }).catch(() => {});
      location.replace(AWAY);
    });
  }
}

/** Show the helplines over the page, so that a half-written message stays and no signal is needed. */
export function openHelpInPlace() {
  const dialog = document.getElementById("help");
  for (const link of document.querySelectorAll('[data-opens="help"]')) {
    link.addEventListener("click", (event) => {
      if (!dialog?.showModal || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (!dialog.open) dialog.showModal();
      document.getElementById("help-title").focus();
      dialog.scrollTop = 0;
    });
  }
}

/** Begin a chat in place of the page before it. */
export function startWithoutHistory() {
  const form = document.querySelector("[data-replace]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (answer.type === "opaqueredirect") return location.replace("/chat");
    } catch {
      // Offline or refused: sent as a plain form, the browser or the server says what is wrong.
    }
    form.submit();
  });
}
