import { byId, h, keepList } from "../dom.js";
import { face } from "./faces.js";

const SIGN = { channel: "#", private: "", dm: "" };

/** The name of a conversation, as its heading and its place in the sidebar show it. */
export const conversationName = (conversation, world) =>
  conversation.kind === "dm" ? (world.people.get(conversation.with)?.name ?? conversation.name) : conversation.name;

/** The small sign before the name; the style sheet draws the lock of a private channel and the bubble of a DM. */
export const conversationSign = (kind) => h("span", { class: `sign sign-${kind}`, "aria-hidden": "true" }, SIGN[kind]);

/** Everybody who can be played. */
export const playable = (people) => people.filter((person) => !person.bot && !person.deactivated);

/** Show who one can be and where one can go; `become(personId)` and `go(conversationId)` are called for a choice. */
export function showSidebar(state, world, here, { become, go }) {
  byId("workspace").textContent = state.workspace;
  showPeople(state, become);
  const isDm = (conversation) => conversation.kind === "dm";
  showPlaces("channels", state.conversations.filter((one) => !isDm(one)), world, here, go);
  showPlaces("dms", state.conversations.filter(isDm), world, here, go);
  const unread = state.conversations.reduce((sum, one) => sum + one.unread, 0);
  byId("menu").replaceChildren("Menu", ...badge(unread));
}

function showPeople(state, become) {
  const select = byId("you-are");
  const named = playable(state.people).map(({ id, name, handle }) => ({ id, name, handle }));
  keepList(select, named, (person) => person.id, (person) => h("option", { value: person.id }, `${person.name} (@${person.handle})`));
  select.value = state.me.id;
  const waiting = playable(state.people).filter((person) => person.unread && person.id !== state.me.id);
  byId("news").hidden = !waiting.length;
  const shown = waiting.map(({ id, name, unread }) => ({ id, name, unread }));
  keepList(byId("news-list"), shown, (person) => person.id, (person) => newsItem(person, become));
}

function newsItem(person, become) {
  const attributes = {
    type: "button",
    class: "somebody",
    title: person.name,
    "aria-label": `${person.name}, ${person.unread} new`,
    "data-focus": `be-${person.id}`,
    onclick: () => become(person.id),
  };
  const picture = h("span", { class: "picture-of" }, face(person), ...badge(person.unread));
  return h("li", {}, h("button", attributes, picture, h("span", { class: "name" }, person.name.split(" ")[0])));
}

const badge = (count) => (count ? [h("span", { class: "badge", "aria-hidden": "true" }, count > 99 ? "99+" : count)] : []);

function showPlaces(listId, conversations, world, here, go) {
  const places = conversations.map((one) => ({
    id: one.id,
    kind: one.kind,
    name: conversationName(one, world),
    unread: one.unread,
    archived: one.archived,
    current: one.id === here,
  }));
  byId(`${listId}-empty`).hidden = places.length > 0;
  keepList(byId(listId), places, (place) => place.id, (place) => placeItem(place, go));
}

function placeItem(place, go) {
  const unread = place.unread ? h("span", { class: "badge", "aria-label": `${place.unread} unread`, role: "img" }, place.unread) : null;
  const attributes = {
    type: "button",
    class: `place${place.unread ? " unread" : ""}${place.archived ? " archived" : ""}`,
    "aria-current": place.current ? "page" : null,
    "data-focus": place.id,
    onclick: () => go(place.id),
  };
  return h("li", {}, h("button", attributes, conversationSign(place.kind), h("span", { class: "name" }, place.name), unread));
}
