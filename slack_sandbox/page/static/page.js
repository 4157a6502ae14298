import { appearance } from "./sidebar/appearance.js";
import { Clock } from "./sidebar/clock.js";
import { Composer } from "./compose/composer.js";
import { showConversation, showThread, watchScrolling } from "./window/conversation.js";
import { byId } from "./dom.js";
import { Latest } from "./window/latest.js";
import { closeMenu, menu, menuIsOpen } from "./compose/menu.js";
import { Modal } from "./window/modal.js";
import { fail, tell } from "./window/notice.js";
import { readPlace, writePlace } from "./sidebar/place.js";
import { act, fetchCommands, listen, lookUp } from "./server.js";
import { shortcuts } from "./window/shortcuts.js";
import { conversationName, showSidebar } from "./sidebar/sidebar.js";
import { Switcher } from "./sidebar/switcher.js";
import { Timeline } from "./sidebar/timeline.js";

/** Wide enough for a thread and the timeline side by side. */
const ROOMY = matchMedia("(min-width: 1700px)");

let place = readPlace();
let world = null;
let commands = [];
let newAfter = { place: "", ts: "" };
let begun = false;
const readUpTo = new Map();
const latest = new Latest(() => ({ as: place.as, in: place.in, thread: place.thread }), show, (error) => fail(error.message));

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
    await latest.refresh();
  }
}

const doAs = (action) => report(() => act(place.as, action));
const home = () => byId("message-text");

async function say(text, threadTs) {
  const command = text.startsWith("/");
  if (command && threadTs) return fail("A command cannot be used in a thread. Use it in the channel, or in a message to the app."), false;
  return doAs({ do: command ? "command" : "message", channel: place.in, text, ...(threadTs ? { thread_ts: threadTs } : {}) });
}

const clock = new Clock(report);
const ask = (asked) => lookUp(place.as, asked).catch((error) => (fail(error.message), { options: [] }));
const modal = new Modal(doAs, ask, home);
const timeline = new Timeline(clock, () => go({ time: "" }, "timeline-open"));
const people = () => (latest.state?.people ?? []).filter((person) => !person.deactivated);
const composer = new Composer(byId("composer"), (text) => say(text), { people, commands: () => commands });
const replies = new Composer(byId("reply"), (text) => say(text, place.thread), { people, commands: () => [] });
const become = (id) => go({ as: id, thread: "" }, "message-text");
const open = (id) => go({ in: id, thread: "" }, "message-text");
const switcher = new Switcher(() => ({ state: latest.state, world }), { become, go: open });

function worldOf({ me, people, conversations }) {
  return {
    me,
    people: new Map(people.map((person) => [person.id, person])),
    channels: new Map(conversations.filter((one) => one.kind !== "dm").map((one) => [one.id, one])),
    now: () => clock.now(),
  };
}

function show() {
  const { state } = latest;
  clock.set(state);
  world = worldOf(state);
  const conversation = state.conversations.find((one) => one.id === place.in) ?? state.conversations.find((one) => one.id === state.here);
  place = { ...place, as: state.me.id, in: conversation?.id ?? "", thread: conversation?.id === place.in ? place.thread : "" };
  showSidebar(state, world, place.in, { become, go: open });
  if (conversation) showPlace(conversation);
  else composer.at("", "", "There is nobody to write to yet.");
  byId("timeline").hidden = !place.time;
  byId("timeline-open").setAttribute("aria-expanded", String(Boolean(place.time)));
  timeline.show(state.me);
  modal.show(state.view, world);
  tell(state.notice);
  writePlace(place, false);
  const unread = state.conversations.reduce((sum, one) => sum + one.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${state.me.name} · ${state.workspace}`;
  if (conversation) markRead(conversation);
  if (!begun && matchMedia("(pointer: fine)").matches) home().focus();
  begun = true;
}

function showPlace(conversation) {
  const { state } = latest;
  const here = `${place.as} ${place.in}`;
  if (newAfter.place !== here) newAfter = { place: here, ts: conversation.unread ? conversation.read_up_to : "" };
  const stage = {
    world,
    channel: conversation.id,
    newAfter: newAfter.ts,
    act: doAs,
    openThread: (ts) => go({ thread: ts }, "reply-text"),
    tryFirst: state.try_first,
    put: (text) => composer.put(text),
  };
  showConversation(conversation, latest.opened(conversation.id), stage);
  const thread = latest.thread(conversation.id, place.thread);
  showThread(conversation, thread, stage);
  if (!thread.length) place.thread = "";
  const sign = conversation.kind === "dm" ? "" : "#";
  const hint = state.try_first.length ? `, or try ${state.try_first[0]}` : "";
  const closed = conversation.archived ? "This channel is archived." : conversation.member ? "" : "You are not a member of this channel.";
  composer.at(here, `Message ${sign}${conversationName(conversation, world)}${hint}`, closed);
  replies.at(`${here} ${place.thread}`, "Reply…", closed);
}

/** Reading is told once for each newest message, so that an unread mark that stays cannot loop. */
function markRead(conversation) {
  const { messages, loading } = latest.opened(conversation.id);
  const newest = `${place.as} ${messages.at(-1)?.ts} ${conversation.unread}`;
  if (!conversation.unread || loading || document.hidden || readUpTo.get(conversation.id) === newest) return;
  readUpTo.set(conversation.id, newest);
  act(place.as, { do: "read", channel: conversation.id }).catch((error) => fail(error.message));
}

/** What is typed before another person's view is here would be lost, so the boxes wait for it. */
async function arrive(next) {
  const same = latest.state?.me.id === next.as;
  place = next;
  if (same) show();
  else for (const box of [composer, replies]) box.at("", "", "One moment…");
  await latest.refresh();
}

async function go(change, focusId) {
  const next = { ...place, ...change };
  if (!ROOMY.matches && change.thread) next.time = "";
  if (!ROOMY.matches && change.time) next.thread = "";
  writePlace(next, true);
  closeMenu();
  const arrived = arrive(next);
  byId(focusId)?.focus();
  if (byId(focusId)?.disabled) await arrived.then(() => byId(focusId).focus());
}

/** Escape closes the nearest thing that is open, and leads back to the message box. */
function leave() {
  const { activeElement } = document;
  if (menuIsOpen()) return closeMenu(), byId("menu").focus();
  const panel = activeElement?.closest(".panel") ?? document.querySelector(".panel:not([hidden])");
  if (panel) return void go(panel.id === "thread" ? { thread: "" } : { time: "" }, "message-text");
  home().focus();
}

/** The conversation `by` places further down the sidebar; with unreadOnly the nearest that has something new. */
function step(by, unreadOnly) {
  const ids = [...document.querySelectorAll(unreadOnly ? ".place.unread, .place[aria-current]" : ".place")].map((node) => node.dataset.focus);
  if (ids.length) open(ids.at((ids.indexOf(place.in) + by) % ids.length));
}

const toggleTimeline = () => (place.time ? go({ time: "" }, "message-text") : go({ time: "1" }, "timeline-close"));

appearance();
menu();
watchScrolling(byId("messages-scroll"), byId("newest"));
shortcuts({ switcher: () => switcher.open(), timeline: toggleTimeline, step, leave });
byId("switcher-open").addEventListener("click", () => switcher.open());
byId("timeline-open").addEventListener("click", toggleTimeline);
byId("you-are").addEventListener("change", (event) => go({ as: event.target.value, thread: "" }));
byId("thread-close").addEventListener("click", () => go({ thread: "" }, "message-text"));
byId("earlier").addEventListener("click", () => latest.earlier(place.in));
addEventListener("popstate", () => arrive(readPlace()));
document.addEventListener("visibilitychange", () => document.hidden || latest.refresh());

fetchCommands().then(
  (found) => (commands = found.commands),
  () => undefined,
);
listen(
  (change) => {
    byId("offline").hidden = true;
    timeline.refreshSoon();
    if (!latest.state) return latest.refresh();
    clock.set(change);
    timeline.show();
    if (change.version !== latest.state.version) latest.refresh();
  },
  () => (byId("offline").hidden = false),
);
