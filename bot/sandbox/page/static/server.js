/** What `userId` (or, when empty, the first person) sees now. */
export async function fetchState(userId) {
  const response = await fetch(`/page/state?${new URLSearchParams(userId ? { as: userId } : {})}`);
  return answerOf(response);
}

/** Do what a person would do in Slack; an Error carries a sentence for that person. */
export const act = (userId, action) => post("/page/act", { as: userId, ...action });

/** Move business time; answers when every crossed hour has been lived through. */
export const moveClock = (move) => post("/page/clock", move);

const post = async (path, body) =>
  answerOf(await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }));

async function answerOf(response) {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/**
 * Hear of every change. A hidden tab lets go of its connection: browsers allow six to one address,
 * and one window a person is how the page is meant to be used.
 */
export function listen(onChange, onSilence) {
  let source = null;
  const open = () => {
    source = new EventSource("/page/events");
    source.onmessage = (event) => onChange(JSON.parse(event.data));
    source.onerror = onSilence;
  };
  const followVisibility = () => {
    if (document.hidden) source?.close();
    else open();
  };
  document.addEventListener("visibilitychange", followVisibility);
  followVisibility();
}
