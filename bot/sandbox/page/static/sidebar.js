import { byId, h, keepList } from "./dom.js";

const SIGN = { channel: "#", private: "", dm: "●" };

/** The name of a conversation, as its heading and its place in the sidebar show it. */
export const conversationName = (conversation, world) =>
  conversation.kind === "dm" ? (world.people.get(conversation.with)?.name ?? conversation.name) : conversation.name;

/** The small sign before the name; the style sheet draws the lock of a private channel. */
export const conversationSign = (kind) => h("span", { class: `sign sign-${kind}`, "aria-hidden": "true" }, SIGN[kind]);

/** Show who one can be and where one can go; `go(conversationId)` is called for a chosen place. */
export function showSidebar(state, world, here, go) {
  byId("workspace").textContent = state.workspace;
  showPeople(state);
  const isDm = (conversation) => conversation.kind === "dm";
  showPlaces("channels", state.conversations.filter((one) => !isDm(one)), world, here, go);
  showPlaces("dms", state.conversations.filter(isDm), world, here, go);
}

function showPeople(state) {
  const select = byId("you-are");
  const options = state.people.filter((person) => !person.bot && !person.deactivated);
  keepList(select, options, (person) => person.id, (person) => h("option", { value: person.id }, `${person.name} (@${person.handle})`));
  select.value = state.me.id;
}

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
  const unread = place.unread ? h("span", { class: "badge", "aria-label": `${place.unread} unread` }, place.unread) : null;
  const attributes = {
    type: "button",
    class: `place${place.unread ? " unread" : ""}${place.archived ? " archived" : ""}`,
    "aria-current": place.current ? "page" : null,
    "data-focus": place.id,
    onclick: () => go(place.id),
  };
  return h("li", {}, h("button", attributes, conversationSign(place.kind), h("span", { class: "name" }, place.name), unread));
}
