// The messages on the page: adding what is new once, in order, without moving what is being read.

const NEAR_THE_END_PX = 160;

export class Thread {
  #log = document.getElementById("log");
  #newer = document.getElementById("newer");
  #words;

  /** @param words the page's own words for a message that is not kept yet. */
  constructor(words) {
    this.#words = words;
    this.position = Number(this.#log.dataset.position);
    this.#newer.addEventListener("click", () => this.toTheEnd());
    addEventListener("scroll", () => this.#isNearTheEnd() && (this.#newer.hidden = true), { passive: true });
  }

  /** Show what the person has just written, in their own words. */
  addUnsent(text) {
    const bubble = document.createElement("article");
    bubble.className = "hb-message hb-message--you hb-message--unsent";
    bubble.dataset.kind = "you";
    const who = Object.assign(document.createElement("h2"), { className: "hb-message__who" });
    who.textContent = this.#words.you;
    const body = Object.assign(document.createElement("div"), { className: "hb-message__text" });
    for (const paragraph of text.split(/\n{2,}/)) body.append(asParagraph(paragraph));
    const state = Object.assign(document.createElement("p"), { className: "hb-message__state" });
    bubble.append(who, body, state);
    this.#log.append(bubble);
    this.#setChoicesHidden(true);
    this.toTheEnd();
    return bubble;
  }

  /** Say under a message where it is; with a button to try again if it waits. */
  mark(bubble, state, tryAgain) {
    const line = bubble.querySelector(".hb-message__state");
    if (!line) return;
    line.textContent = state;
    if (!tryAgain) return;
    const button = Object.assign(document.createElement("button"), { className: "hb-quiet-button", type: "button" });
    button.textContent = this.#words.tryAgain;
    button.addEventListener("click", tryAgain);
    line.append(" ", button);
  }

  /** Take a message back that will not be sent. */
  takeBack(bubble) {
    bubble.remove();
    this.#setChoicesHidden(false);
  }

  /** Add the messages of an answer that are not on the page yet; `bubble` shows the one at `own`. */
  add({ html, position, own }, bubble = null) {
    const wasNearTheEnd = this.#isNearTheEnd();
    const fresh = [];
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const message of template.content.querySelectorAll(".hb-message")) {
      if (bubble && Number(message.dataset.position) === own) {
        this.#settle(bubble, message);
        bubble = null;
      } else if (Number(message.dataset.position) > this.position) {
        this.#log.insertBefore(message, this.#log.querySelector(".hb-message--unsent"));
        fresh.push(message);
      }
    }
    bubble?.remove(); // it came earlier by the stream, after an answer that was lost
    this.position = Math.max(this.position, position);
    this.#dropAnsweredChoices();
    if (fresh.length > 0) this.#show(fresh, wasNearTheEnd);
    return fresh;
  }

  /** Bring the newest message into sight. */
  toTheEnd() {
    this.#newer.hidden = true;
    scrollTo({ top: document.documentElement.scrollHeight });
  }

  #settle(bubble, message) {
    bubble.classList.remove("hb-message--unsent");
    bubble.querySelector(".hb-message__state")?.remove();
    bubble.id = message.id;
    bubble.dataset.position = message.dataset.position;
    const twin = [...this.#log.querySelectorAll(`[id="${message.id}"]`)].find((one) => one !== bubble);
    twin?.remove();
    const kept = message.querySelector(".hb-kept");
    if (kept) bubble.append(kept);
  }

  #show(fresh, wasNearTheEnd) {
    const urgent = fresh.find((message) => message.classList.contains("hb-message--urgent"));
    if (!urgent && !wasNearTheEnd) {
      this.#newer.hidden = false;
      return;
    }
    this.toTheEnd();
    const first = urgent ?? fresh[0];
    const top = document.querySelector(".hb-header").getBoundingClientRect().bottom;
    if (first.getBoundingClientRect().top < top) first.scrollIntoView({ block: "start" });
  }

  /** Choices belong to the newest turn; a button that is no longer offered must not stay. */
  #dropAnsweredChoices() {
    const own = [...this.#log.querySelectorAll('.hb-message[data-kind="you"][data-position]')];
    const last = Math.max(0, ...own.map((message) => Number(message.dataset.position)));
    for (const message of this.#log.querySelectorAll(".hb-message[data-position]")) {
      if (Number(message.dataset.position) < last) message.querySelector(".hb-choices")?.remove();
    }
  }

  #setChoicesHidden(hidden) {
    for (const choices of this.#log.querySelectorAll(".hb-choices")) choices.hidden = hidden;
  }

  #isNearTheEnd() {
    const root = document.documentElement;
    return root.scrollHeight - root.clientHeight - scrollY < NEAR_THE_END_PX;
  }
}

function asParagraph(text) {
  const paragraph = document.createElement("p");
  for (const [number, line] of text.split("\n").entries()) {
    if (number > 0) paragraph.append(document.createElement("br"));
    paragraph.append(line);
  }
  return paragraph;
}
