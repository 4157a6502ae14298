import { byId, h } from "./dom.js";
import { showMessages, spoken } from "./messages.js";
import { conversationName, conversationSign } from "./sidebar.js";

const NEAR_BOTTOM = 120;
const heard = new Map();

/** Show one conversation; `stage` is {world, channel, act, openThread, tryFirst, put}. */
export function showConversation(conversation, stage) {
  byId("conversation-sign").replaceChildren(conversationSign(conversation.kind));
  byId("conversation-name").textContent = conversationName(conversation, stage.world);
  byId("conversation-note").textContent = noteOn(conversation, stage.world);
  scrolling(byId("messages-scroll"), conversation.id, () => showMessages(byId("messages"), conversation.messages, stage));
  showEmpty(conversation, stage);
  announce(conversation, stage.world);
}

function noteOn(conversation, world) {
  if (conversation.archived) return "Archived";
  if (conversation.kind === "private") return "Private channel";
  if (conversation.kind === "channel") return "Channel";
  return world.people.get(conversation.with)?.bot ? "App" : `@${world.people.get(conversation.with)?.handle ?? ""}`;
}

/** Stay at the newest message for a reader who is there; otherwise leave the page where it is read. */
export function scrolling(scroller, placeId, update) {
  const arrived = scroller.dataset.place !== placeId;
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM;
  update();
  scroller.dataset.place = placeId;
  if (arrived || atEnd) scroller.scrollTop = scroller.scrollHeight;
}

function showEmpty(conversation, stage) {
  const empty = byId("empty");
  empty.hidden = conversation.messages.length > 0;
  if (empty.hidden) return;
  const offers = stage.tryFirst.map((words) => h("button", { type: "button", class: "button", onclick: () => stage.put(words) }, words));
  byId("empty-offers").replaceChildren(...offers);
}

function announce(conversation, world) {
  const place = `${world.me.id} ${conversation.id}`;
  const known = heard.get(place);
  const fresh = known ? conversation.messages.filter((message) => !known.has(message.ts) && message.user !== world.me.id) : [];
  heard.set(place, new Set(conversation.messages.map((message) => message.ts)));
  if (fresh.length) byId("announcer").textContent = fresh.map((message) => spoken(message, world)).join(" ");
}

/** Show the thread of `parentTs`, or close the panel when there is none; says whether it is open. */
export function showThread(conversation, parentTs, stage) {
  const parent = conversation.messages.find((message) => message.ts === parentTs);
  byId("thread").hidden = !parent;
  if (!parent) return false;
  const messages = [parent, ...(parent.replies ?? [])];
  scrolling(byId("thread-scroll"), `${conversation.id} ${parentTs}`, () => showMessages(byId("thread-messages"), messages, { ...stage, openThread: null }));
  return true;
}
