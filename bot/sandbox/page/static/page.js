import { Clock } from "./clock.js";
import { Composer } from "./composer.js";
import { showConversation, showThread } from "./conversation.js";
import { byId } from "./dom.js";
import { Modal } from "./modal.js";
import { fail, tell } from "./notice.js";
import { readPlace, writePlace } from "./place.js";
import { act, fetchState, listen } from "./server.js";
import { conversationName, showSidebar } from "./sidebar.js";

let place = readPlace();
let state = null;
let fetching = null;
let stale = false;
const readUpTo = new Map();

/** Run a request; its error becomes a notice, and the answer says whether it was done. */
async function report(request) {
  try {
    await request();
    fail("");
    return true;
  } catch (error) {
    fail(error.message);
    return false;
  } finally {
    await refresh();
  }
}

const doAs = (action) => report(() => act(place.as, action));

const clock = new Clock(report);
const modal = new Modal(doAs);
const words = (text, threadTs) =>
  doAs({ do: text.startsWith("/") && !threadTs ? "command" : "message", channel: place.in, text, ...(threadTs ? { thread_ts: threadTs } : {}) });
const mentionable = () => (state?.people ?? []).filter((person) => !person.deactivated);
const composer = new Composer(byId("composer"), (text) => words(text), mentionable);
const replies = new Composer(byId("reply"), (text) => words(text, place.thread), mentionable);

/** Fetch and show what the person sees now; calls during a fetch are answered by one more. */
async function refresh() {
  stale = true;
  fetching ??= (async () => {
    try {
      while (stale) {
        stale = false;
        const asked = place.as;
        const answer = await fetchState(asked);
        if (asked === place.as) state = answer;
        else stale = true;
      }
      clock.set(state);
      show();
    } catch (error) {
      fail(error.message);
    } finally {
      fetching = null;
    }
  })();
  await fetching;
}

function worldOf({ me, people, conversations }) {
  return {
    me,
    people: new Map(people.map((person) => [person.id, person])),
    channels: new Map(conversations.filter((one) => one.kind !== "dm").map((one) => [one.id, one])),
    now: () => clock.now(),
  };
}

function show() {
  const world = worldOf(state);
  const conversation = state.conversations.find((one) => one.id === place.in) ?? homeOf(state.conversations, world);
  place = { as: state.me.id, in: conversation?.id ?? "", thread: conversation?.id === place.in ? place.thread : "" };
  showSidebar(state, world, place.in, (id) => go({ in: id, thread: "" }));
  if (conversation) showPlace(conversation, world);
  else composer.at("", "", "There is nobody to write to yet.");
  modal.show(state.view, world);
  tell(state.notice);
  writePlace(place, false);
  const unread = state.conversations.reduce((sum, one) => sum + (one.unread || 0), 0);
  document.title = `${unread ? `(${unread}) ` : ""}${state.me.name} · ${state.workspace}`;
  if (conversation) markRead(conversation);
}

/** A newcomer starts in the conversation with the app. */
const homeOf = (conversations, world) =>
  conversations.find((one) => one.kind === "dm" && world.people.get(one.with)?.bot) ?? conversations[0];

function showPlace(conversation, world) {
  const stage = {
    world,
    channel: conversation.id,
    act: doAs,
    openThread: (ts) => go({ thread: ts }, "reply-text"),
    tryFirst: state.try_first,
    put: (text) => composer.put(text),
  };
  showConversation(conversation, stage);
  const open = showThread(conversation, place.thread, stage);
  if (!open) place.thread = "";
  const sign = conversation.kind === "dm" ? "" : "#";
  const hint = state.try_first.length ? `, or try ${state.try_first[0]}` : "";
  const closed = conversation.archived ? "This channel is archived." : conversation.member ? "" : "You are not a member of this channel.";
  composer.at(`${place.as} ${place.in}`, `Message ${sign}${conversationName(conversation, world)}${hint}`, closed);
  replies.at(`${place.as} ${place.in} ${place.thread}`, "Reply…", closed);
}

/** Reading is told once for each newest message, so that an unread mark that stays cannot loop. */
function markRead(conversation) {
  const newest = `${place.as} ${conversation.messages.at(-1)?.ts} ${conversation.unread}`;
  if (!conversation.unread || document.hidden || readUpTo.get(conversation.id) === newest) return;
  readUpTo.set(conversation.id, newest);
  act(place.as, { do: "read", channel: conversation.id }).catch((error) => fail(error.message));
}

/** What is typed before another person's view is here would be lost, so the boxes wait for it. */
function arrive(next) {
  const same = state?.me.id === next.as;
  place = next;
  if (same) return show();
  for (const box of [composer, replies]) box.at("", "", "One moment…");
  refresh();
}

function go(change, focusId) {
  const next = { ...place, ...change };
  writePlace(next, true);
  arrive(next);
  document.body.classList.remove("menu-open");
  if (focusId) byId(focusId).focus();
}

byId("you-are").addEventListener("change", (event) => go({ as: event.target.value, thread: "" }));
byId("thread-close").addEventListener("click", () => go({ thread: "" }, "message-text"));
byId("menu").addEventListener("click", () => {
  const open = document.body.classList.toggle("menu-open");
  byId("menu").setAttribute("aria-expanded", String(open));
});
addEventListener("popstate", () => arrive(readPlace()));

listen(
  (change) => {
    byId("offline").hidden = true;
    if (state) clock.set(change);
    if (change.version !== state?.version) refresh();
  },
  () => (byId("offline").hidden = false),
);
