// What others say, as they say it: a stream of events, and a look by hand when there is no stream.

const LOOK_AGAIN_MS = 20_000;

export class Live {
  #source = null;
  #handlers;

  /** @param handlers `position()`; `news(news)`; `over(html or null)` when the chat is closed. */
  constructor(handlers) {
    this.#handlers = handlers;
    this.#open();
  }

  close() {
    this.#source?.close();
    this.#source = null;
  }

  #open() {
    const source = new EventSource(`/chat/stream?after=${this.#handlers.position()}`);
    this.#source = source;
    source.addEventListener("messages", (event) => this.#handlers.news(JSON.parse(event.data)));
    source.addEventListener("over", () => {
      this.close();
      this.#handlers.over(null);
    });
    source.addEventListener("error", () => {
      // While it is CONNECTING, the browser tries again by itself; CLOSED means that it was refused.
      if (source.readyState === EventSource.CLOSED && this.#source === source) this.#look();
    });
  }

  async #look() {
    try {
      const after = this.#handlers.position();
      const answer = await fetch(`/chat?after=${after}`, { headers: { Accept: "application/json" } });
      const news = await answer.json();
      if (news.over) return this.#handlers.over(news.html);
      if (answer.ok) this.#handlers.news(news);
    } catch {
      // Offline: look again later.
    }
    setTimeout(() => this.#source && this.#open(), LOOK_AGAIN_MS);
  }
}
