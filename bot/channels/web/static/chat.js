// The chat, made livelier. Without this script the page still works: its forms are plain forms.

import { leaveQuickly, openHelpInPlace, startWithoutHistory } from "./leaving.js";
import { Live } from "./live.js";
import { Outbox } from "./outbox.js";
import { Thread } from "./thread.js";

const SHOW_WRITING_AFTER_MS = 700;
const byId = (id) => document.getElementById(id);

class Chat {
  #form = byId("write");
  #text = byId("text");
  #problem = byId("problem");
  #status = byId("status");
  #words = this.#form.dataset;
  #thread = new Thread(this.#words);
  #held = [];
  #writingSoon = 0;
  #wasOffline = false;
  #ending = false;

  #outbox = new Outbox({
    fields: () => ({ after: this.#thread.position }),
    sending: (letter) => this.#sending(letter),
    kept: (letter, answer) => this.#kept(letter, answer),
    refused: (letter, answer) => this.#refused(letter, answer),
    waiting: (letter, answer) => this.#waiting(letter, answer),
  });

  #live = new Live({
    position: () => this.#thread.position,
    news: (news) => this.#news(news),
    over: (html) => this.#overElsewhere(html),
  });

  begin() {
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#text.addEventListener("keydown", (event) => this.#sendOnEnter(event));
    this.#text.addEventListener("input", () => this.#fit());
    byId("log").addEventListener("submit", (event) => this.#choose(event));
    document.querySelector("[data-end]").addEventListener("submit", (event) => this.#end(event));
    addEventListener("offline", () => this.#sayOffline());
    addEventListener("online", () => this.#sayOnline());
    addEventListener("leaving", () => {
      this.#ending = true;
      this.#live.close();
    });
    // A page that the browser kept while we were away may belong to a chat that is closed by now.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    new ResizeObserver(() => this.#keepClearOfEdges()).observe(byId("composer"));
    this.#fit();
    if (!location.hash) this.#thread.toTheEnd();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (text) {
      this.#text.value = "";
      this.#fit();
      this.#send({ text }, text);
    }
    this.#text.focus();
  }

  #choose(event) {
    if (!event.target.matches("[data-choices]") || !event.submitter) return;
    event.preventDefault();
    this.#send({ choice: event.submitter.value }, event.submitter.textContent.trim());
    this.#text.focus({ preventScroll: true });
  }

  #send(fields, text) {
    this.#problem.replaceChildren();
    this.#outbox.add({ fields, text, bubble: this.#thread.addUnsent(text) });
  }

  #sendOnEnter(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#form.requestSubmit(byId("send"));
  }

  #sending(letter) {
    this.#thread.mark(letter.bubble, this.#words.sending);
    if (byId("here").hidden) this.#writingSoon = setTimeout(() => (byId("writing").hidden = false), SHOW_WRITING_AFTER_MS);
  }

  #kept(letter, answer) {
    this.#settled();
    if (answer.over) return this.#over(answer.html);
    this.#problem.replaceChildren();
    this.#status.textContent = this.#wasOffline ? this.#words.back : "";
    this.#wasOffline = false;
    this.#thread.add(answer, letter.bubble);
    this.#here(answer.clinician);
    this.#released();
  }

  /** The words go back to where they were written, unless something new is there already. */
  #refused(letter, answer) {
    this.#settled();
    if (answer.over) return this.#over(answer.html);
    this.#thread.takeBack(letter.bubble);
    if (letter.fields.text && !this.#text.value) {
      this.#text.value = letter.fields.text;
      this.#fit();
    }
    this.#say(answer);
    this.#released();
  }

  #waiting(letter, answer) {
    this.#settled();
    if (answer?.notice) this.#say(answer);
    else this.#sayOffline();
    this.#thread.mark(letter.bubble, this.#words.notSent, () => this.#outbox.tryNow());
  }

  /** While a message of ours is on its way, the stream's news wait: its answer says which message is which. */
  #news(news) {
    if (!this.#outbox.isEmpty) {
      this.#held.push(news);
      return;
    }
    this.#thread.add(news);
    this.#here(news.clinician);
  }

  #released() {
    // Called before the outbox lets go of the letter, so the news are added directly.
    for (const news of this.#held.splice(0)) this.#thread.add(news);
  }

  #here(clinician) {
    byId("here").hidden = !clinician;
    if (byId("here").textContent !== (clinician ?? "")) byId("here").textContent = clinician ?? "";
  }

  #settled() {
    clearTimeout(this.#writingSoon);
    byId("writing").hidden = true;
  }

  #say({ notice, html }) {
    const line = document.createElement("p");
    line.textContent = notice;
    const card = document.createElement("template");
    card.innerHTML = html ?? "";
    this.#problem.replaceChildren(line, card.content);
  }

  #sayOffline() {
    this.#wasOffline = true;
    this.#status.textContent = this.#words.offline;
  }

  #sayOnline() {
    if (this.#outbox.isEmpty) this.#wasOffline = false;
    this.#status.textContent = this.#words.back;
  }

  async #end(event) {
    event.preventDefault();
    this.#ending = true;
    try {
      const answer = await fetch("/end", { method: "POST", headers: { Accept: "application/json" } });
      const { html } = await answer.json();
      this.#over(html);
    } catch {
      this.#ending = false;
      this.#sayOffline();
    }
  }

  /** The stream says that the chat is closed. An answer of ours on its way says more, and comes first. */
  #overElsewhere(html) {
    if (!this.#ending && this.#outbox.isEmpty) this.#over(html);
  }

  /** The chat is closed: nothing of it stays on the screen. */
  #over(html) {
    this.#live.close();
    if (html === null || html === undefined) return location.replace("/chat");
    byId("composer").remove();
    document.querySelector(".nhsuk-skip-link")?.remove();
    byId("main").innerHTML = html;
    byId("main").querySelector("h1").focus();
    scrollTo({ top: 0 });
  }

  #fit() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 4}px`;
  }

  #keepClearOfEdges() {
    const top = document.querySelector(".hb-header").offsetHeight;
    const bottom = byId("composer")?.offsetHeight ?? 0;
    document.documentElement.style.scrollPadding = `${top + 8}px 0 ${bottom + 8}px`;
  }
}

leaveQuickly();
openHelpInPlace();
startWithoutHistory();
if (byId("write")) new Chat().begin();
