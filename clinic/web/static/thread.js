// The open thread. New messages are added at its end; a reply is sent without leaving the page.
import { fetchPart } from "./stream.js";

const talk = () => document.querySelector(".thread__talk");
const messages = () => document.getElementById("messages");

export function wireThread(refresh) {
  toTheEnd();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-reply]")) return;
    event.preventDefault();
    send(form, refresh);
  });
  document.addEventListener("click", (event) => {
    const ready = event.target.closest?.("[data-template]");
    if (ready) write(ready.dataset.template);
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("[data-reply]");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

/** Puts a reply that is ready after what is written already; it goes only when somebody sends it. */
function write(words) {
  const box = document.querySelector("[data-reply] textarea");
  if (!box) return;
  box.value = box.value.trim() ? `${box.value.trim()} ${words}` : words;
  box.focus();
}

export async function refreshThread(address) {
  const fresh = await fetchPart(address, "thread");
  const shown = document.getElementById("thread");
  if (!fresh || !shown) return;
  addMessages(fresh);
  const changed = fresh.dataset.version !== shown.dataset.version;
  if (changed) replaceParts(fresh, shown);
  else replaceClock(fresh, shown);
}

function addMessages(fresh) {
  const known = new Set([...messages().children].map((line) => line.dataset.position));
  const added = [...fresh.querySelectorAll("#messages > li")].filter((line) => !known.has(line.dataset.position));
  if (!added.length) return;
  const wasAtEnd = atTheEnd();
  document.getElementById("latest")?.removeAttribute("id");
  messages().append(...added.map((line) => document.adoptNode(line)));
  if (wasAtEnd) toTheEnd();
}

// The forms change when the escalation does, but never under somebody's hands or half-written words.
function replaceParts(fresh, shown) {
  const busy = shown.querySelector(".thread__state:hover, .thread__foot:hover, .thread__state :focus, .thread__foot :focus");
  const written = [...shown.querySelectorAll("textarea")].some((box) => box.value);
  if (busy || written) return;
  for (const part of ["state", "foot"]) {
    // A number that is being dialled stays where it is.
    if (part === "foot" && shown.querySelector("[data-revealed]")) continue;
    const [old, next] = [shown, fresh].map((side) => side.querySelector(`[data-part="${part}"]`));
    old.replaceWith(document.adoptNode(next));
  }
  shown.dataset.version = fresh.dataset.version;
}

function replaceClock(fresh, shown) {
  const [old, next] = [shown, fresh].map((side) => side.querySelector(".thread__state [data-clock]"));
  if (old && next && old.outerHTML !== next.outerHTML) old.replaceWith(document.adoptNode(next));
}

async function send(form, refresh) {
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  const problem = await post(form);
  button.disabled = false;
  tell(form, problem);
  if (problem) return;
  form.elements.text.value = "";
  form.elements.delivery.value = crypto.getRandomValues(new Uint32Array(8)).join("-");
  form.elements.text.focus();
  await refresh();
  toTheEnd();
}

/** Sends the form; "" when it went, or a sentence that says why not. */
async function post(form) {
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type === "opaqueredirect") return "";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.getElementById("problem")?.textContent.trim() || "This was not sent. Try again.";
  } catch {
    return "This was not sent: the connection was lost. Your words are still here.";
  }
}

function tell(form, problem) {
  const place = form.querySelector("[data-reply-problem]");
  place.textContent = problem;
  place.hidden = !problem;
}

function atTheEnd() {
  const pane = talk();
  return pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;
}

function toTheEnd() {
  const pane = talk();
  if (pane) pane.scrollTop = pane.scrollHeight;
}
