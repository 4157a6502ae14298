/** What a person sees now at a place, {as, in, thread, newest}; what is empty is chosen for them. */
export const fetchState = async (place) => answerOf(await fetch(`/page/state?${new URLSearchParams(place)}`));

/** What will come if nobody acts, {coming: [{at, who, title, about, all_day, held}]}, soonest first. */
export const fetchComing = async () => answerOf(await fetch("/page/coming"));

/** The commands to complete, {commands: [{usage, about}]}. */
export const fetchCommands = async () => answerOf(await fetch("/page/commands"));

/** Do what a person would do in Slack; an Error carries a sentence for that person. */
export const act = (userId, action) => post("/page/act", { as: userId, ...action });

/** What the bot offers for what is typed into a select that searches, {options}; `asked` names view, block and element. */
export const lookUp = (userId, asked) => post("/page/options", { as: userId, ...asked });

/** Move business time; answers when every crossed hour has been lived through. */
export const moveClock = (move) => post("/page/clock", move);

const post = async (path, body) =>
  answerOf(await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }));

async function answerOf(response) {
  if (response.status >= 500) throw new Error("The workspace stumbled over this. What is printed where it runs says why.");
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Hear of every change, {version, now, zone, jumping}; `onSilence` is called when the workspace is gone. */
export function listen(onChange, onSilence) {
  const news = new SharedWorker("/page/static/sidebar/news.js");
  news.port.onmessage = ({ data }) => (data ? onChange(data) : onSilence());
}
