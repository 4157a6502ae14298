import { byId, h } from "../dom.js";
import { showMessages, spoken } from "./messages.js";
import { conversationName, conversationSign } from "../sidebar/sidebar.js";

const NEAR_BOTTOM = 120;
const heard = new Map();

/**
 * Show one conversation; `opened` is {messages, earlier, loading}, `stage` is {world, channel, act, openThread, newAfter,
 * tryFirst, put}.
 */
export function showConversation(conversation, opened, stage) {
  byId("conversation-sign").replaceChildren(conversationSign(conversation.kind));
  byId("conversation-name").textContent = conversationName(conversation, stage.world);
  byId("conversation-note").textContent = noteOn(conversation, stage.world);
  const scroller = byId("messages-scroll");
  scrolling(scroller, `${stage.world.me.id} ${conversation.id}`, () => {
    byId("earlier").hidden = !opened.earlier;
    byId("earlier").textContent = `Show earlier (${opened.earlier})`;
    showMessages(byId("messages"), opened.messages, stage);
    showEmpty(conversation, opened, stage);
  });
  if (!opened.loading) announce(conversation, opened.messages, stage.world);
}

function noteOn(conversation, world) {
  if (conversation.archived) return "Archived";
  const members = `${conversation.members} members`;
  if (conversation.kind === "private") return `Private channel · ${members}`;
  if (conversation.kind === "channel") return `Channel · ${members}`;
  return world.people.get(conversation.with)?.bot ? "App" : `@${world.people.get(conversation.with)?.handle ?? ""}`;
}

/**
 * Stay at the newest message for a reader who is there; otherwise what they read stays where it is,
 * whatever is added above or below.
 */
function scrolling(scroller, placeId, update) {
  const arrived = scroller.dataset.place !== placeId;
  const atEnd = belowOf(scroller) < NEAR_BOTTOM;
  const before = { height: scroller.scrollHeight, last: scroller.querySelector(".message:last-child")?.dataset.key };
  update();
  scroller.dataset.place = placeId;
  const grewAbove = before.last && scroller.querySelector(".message:last-child")?.dataset.key === before.last;
  if (arrived || atEnd) scroller.scrollTop = scroller.scrollHeight;
  else if (grewAbove && scroller.scrollTop < 1) scroller.scrollTop += scroller.scrollHeight - before.height;
  scroller.dispatchEvent(new Event("scroll"));
}

const belowOf = (scroller) => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;

/** A way back to the newest message, while one reads far above it. */
export function watchScrolling(scroller, button) {
  scroller.addEventListener("scroll", () => (button.hidden = belowOf(scroller) < 3 * NEAR_BOTTOM), { passive: true });
  button.addEventListener("click", () => {
    scroller.scrollTop = scroller.scrollHeight;
    scroller.focus();
  });
}

function showEmpty(conversation, opened, stage) {
  const empty = byId("empty");
  empty.hidden = opened.loading || opened.messages.length > 0;
  if (empty.hidden) return;
  byId("empty-lead").textContent = conversation.kind === "dm" ? `This is between you and ${conversationName(conversation, stage.world)}` : `Nothing was said in #${conversation.name} yet`;
  const offers = stage.tryFirst.map((words) => h("button", { type: "button", class: "button", onclick: () => stage.put(words) }, words));
  byId("empty-offers").replaceChildren(...offers);
}

function announce(conversation, messages, world) {
  const place = `${world.me.id} ${conversation.id}`;
  const known = heard.get(place);
  const fresh = known ? messages.filter((message) => message.ts > known && message.user !== world.me.id) : [];
  heard.set(place, messages.at(-1)?.ts ?? "");
  if (known !== undefined && fresh.length) byId("announcer").textContent = fresh.map((message) => spoken(message, world)).join(" ");
}

/** Show a thread beside its channel, or close the panel when there is none. */
export function showThread(conversation, messages, stage) {
  byId("thread").hidden = !messages.length;
  if (!messages.length) return;
  byId("thread-place").textContent = `${conversation.kind === "dm" ? "" : "#"}${conversationName(conversation, stage.world)}`;
  const own = { ...stage, openThread: null, newAfter: null };
  scrolling(byId("thread-scroll"), `${conversation.id} ${messages[0].ts}`, () => showMessages(byId("thread-messages"), messages, own));
}
