// What was written and is not kept yet. Each letter is sent in turn, with one delivery id however often it is
// tried, so that it is kept once. It lives in this page's memory only: never in the browser's storage.

const ANSWER_WITHIN_MS = 30_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;

/** A random id for one sending of one message. */
export function newDeliveryId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  #letters = [];
  #busy = false;
  #wakeUp = () => {};
  #handlers;

  /**
   * @param handlers `fields()` to send with each letter; `sending(letter)`; `kept(letter, answer)`;
   *   `refused(letter, answer)`; `waiting(letter, answer or null)` when it will be tried again.
   */
  constructor(handlers) {
    this.#handlers = handlers;
    addEventListener("online", () => this.tryNow());
  }

  get isEmpty() {
    return this.#letters.length === 0;
  }

  /** Send this after whatever is still on its way. */
  add(letter) {
    this.#letters.push({ ...letter, delivery: newDeliveryId() });
    if (!this.#busy) this.#empty();
  }

  /** Do not wait any longer before the next try. */
  tryNow() {
    this.#wakeUp();
  }

  async #empty() {
    this.#busy = true;
    let wait = FIRST_WAIT_MS;
    while (this.#letters.length > 0) {
      const [letter] = this.#letters;
      if (await this.#try(letter)) {
        this.#letters.shift();
        wait = FIRST_WAIT_MS;
      } else {
        await this.#pause(wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      }
    }
    this.#busy = false;
  }

  /** Whether the letter is dealt with: kept, or refused for good. */
  async #try(letter) {
    this.#handlers.sending(letter);
    let status = 0;
    let answer = null;
    try {
      const response = await fetch("/chat", {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ ...letter.fields, ...this.#handlers.fields(), delivery: letter.delivery }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      status = response.status;
      answer = await response.json();
    } catch {
      // No network, no answer in time, or not an answer of ours: the same letter is tried again.
      status = 0;
    }
    if (status === 0 || status >= 500) {
      this.#handlers.waiting(letter, answer);
      return false;
    }
    if (status === 200) this.#handlers.kept(letter, answer);
    else this.#handlers.refused(letter, answer);
    return true;
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      this.#wakeUp = resolve;
      setTimeout(resolve, milliseconds);
    });
  }
}
