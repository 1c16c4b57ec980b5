// Nudges from the server, and a slow look of our own in case one is lost.
const LOOK_EVERY_MS = 30_000;
const SIGNED_OUT = "You have been signed out, so new messages do not show here. Reload the page to sign in.";
const STOPPED = "New messages may be late: the connection was lost. Trying again.";

/** Calls `on.inbox`, `on.thread` and `on.everything` when there may be news; `on.say` shows a warning, or "" for none. */
export function listen(address, on) {
  const source = new EventSource(address);
  let over = false;
  const end = () => {
    over = true;
    source.close();
    on.say(SIGNED_OUT);
  };
  source.addEventListener("inbox", on.inbox);
  source.addEventListener("thread", on.thread);
  source.addEventListener("signed-out", end);
  source.addEventListener("open", () => { on.say(""); on.everything(); });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) end();
    else if (!over) on.say(STOPPED);
  });
  setInterval(() => { if (!over) on.everything(); }, LOOK_EVERY_MS);
}

/** The element `id` of a fragment. Throws an Error with a sentence when it cannot be had. */
export async function fetchPart(address, id) {
  const answer = await fetch(address, { headers: { "X-Harbour-Background": "1" } });
  if (answer.status === 401) throw new Error(SIGNED_OUT);
  if (!answer.ok) throw new Error(STOPPED);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById(id);
}
