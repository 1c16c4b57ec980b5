// The list of escalations. Clocks tick in place; nothing else moves until somebody asks, or nobody is there.
import { fetchPart } from "./stream.js";

const QUIET_MS = 10_000;
let lastTouched = 0;
let waitingToShow = null;

const queue = (root = document) => root.querySelector("#queue");
const alerts = (root = document) => root.querySelector("#alerts");
const cards = (root) => [...root.querySelectorAll(".card")];
const shape = (root) => [
  ...cards(queue(root)).map((card) => `${card.dataset.id} ${card.dataset.version}`),
  ...[...alerts(root).children].map((alert) => alert.dataset.alert),
].join();
const needing = (root) => new Set(cards(root).filter((card) => "needs" in card.dataset).map((card) => card.dataset.id));

export function wireList(refresh) {
  for (const kind of ["pointermove", "pointerdown", "keydown", "wheel"]) {
    document.addEventListener(kind, () => { lastTouched = Date.now(); }, { passive: true });
  }
  document.getElementById("show").addEventListener("click", () => { focusOn(show()); });
  document.addEventListener("keydown", walk);
  setInterval(() => { if (waitingToShow && nobodyIsThere()) show(); }, 2_000);
  return refresh;
}

export async function refreshList(address) {
  const fresh = await fetchPart(address, "fresh");
  if (!fresh) return;
  announce(fresh);
  tick(fresh);
  if (shape(fresh) === shape(document)) {
    forget();
  } else {
    waitingToShow = fresh;
    if (nobodyIsThere()) show();
    else offer(fresh);
  }
}

// Somebody may be about to press what is under their pointer or focus.
function nobodyIsThere() {
  const list = document.querySelector(".inbox__queue");
  const focused = list.contains(document.activeElement);
  return Date.now() - lastTouched > QUIET_MS && !focused;
}

/** Puts the new list in place; returns the ids that it added to those who need a response. */
function show() {
  if (!waitingToShow) return [];
  const known = needing(queue());
  const added = [...needing(waitingToShow)].filter((id) => !known.has(id));
  for (const part of [queue, alerts]) part().replaceWith(document.adoptNode(part(waitingToShow)));
  forget();
  return added;
}

function forget() {
  waitingToShow = null;
  document.getElementById("arrived").hidden = true;
}

function offer(fresh) {
  const known = needing(queue());
  const more = [...needing(fresh)].filter((id) => !known.has(id)).length;
  document.getElementById("arrived-words").textContent = more ? sentence(more) : "The list has changed.";
  document.getElementById("arrived").hidden = false;
}

let told = null;
function announce(fresh) {
  const now = needing(fresh);
  const more = [...now].filter((id) => !(told ?? needing(queue())).has(id)).length;
  told = now;
  if (more) document.getElementById("announce").textContent = sentence(more);
  const name = document.title.replace(/^\(\d+\) /, "");
  document.title = now.size ? `(${now.size}) ${name}` : name;
}

const sentence = (count) => `${count} new ${count === 1 ? "message needs" : "messages need"} a response.`;

function tick(fresh) {
  for (const card of cards(fresh)) {
    const shown = queue().querySelector(`.card[data-id="${CSS.escape(card.dataset.id)}"]`);
    if (!shown || shown.dataset.version !== card.dataset.version) continue;
    const [old, next] = [shown, card].map((side) => side.querySelector("[data-clock]"));
    if (old && next && old.outerHTML !== next.outerHTML) old.replaceWith(next.cloneNode(true));
  }
}

function focusOn(added) {
  const card = cards(queue()).find(({ dataset }) => added.includes(dataset.id)) ?? cards(queue())[0];
  card?.querySelector(".card__words a").focus();
}

// Arrow keys walk from card to card while the focus is in the list; Enter opens, as with any link.
function walk(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const here = event.target.closest?.(".card");
  if (!here) return;
  const all = cards(queue());
  const next = all[all.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.querySelector(".card__words a").focus();
}
