// The inbox, kept up to date. Without this script everything still works through links and forms.
import { listen } from "./stream.js";
import { refreshList, wireList } from "./list.js";
import { refreshThread, wireThread } from "./thread.js";

const live = document.getElementById("live");
const stopped = document.getElementById("stopped");

function say(words) {
  stopped.textContent = words;
  stopped.hidden = !words;
}

async function refresh(what) {
  try {
    await what();
  } catch (problem) {
    say(problem.message);
  }
}

const list = () => refresh(() => refreshList(live.dataset.list));
const thread = () => live.dataset.thread && refresh(() => refreshThread(live.dataset.thread));

wireList(list);
wireThread(thread);
listen(live.dataset.stream, {
  inbox: list,
  thread,
  everything: () => { list(); thread(); },
  say,
});
