import { blocks } from "./blocks.js";
import { dayHeading, dayOf, timeOf } from "./dates.js";
import { h, keepList } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { Values } from "./values.js";

const SAME_BREATH = 5 * 60 * 1000;
const entered = new Map();

/**
 * Fill `list` with messages under the headings of their days. `stage` is {world, channel, act, openThread};
 * without openThread the messages stand in a thread and offer none.
 */
export function showMessages(list, messages, stage) {
  const { world } = stage;
  const context = `${world.me.id} ${stage.channel} ${dayOf(world.now(), world.me.tz)}`;
  const items = [];
  let previous = null;
  for (const message of messages) {
    const at = new Date(message.shown_at);
    const day = dayOf(at, world.me.tz);
    if (!previous || dayOf(new Date(previous.shown_at), world.me.tz) !== day) {
      items.push({ key: `day ${day}`, heading: dayHeading(at, world.now(), world.me.tz) });
      previous = null;
    }
    const { replies, ...own } = message;
    items.push({ key: message.ts, message: own, follows: inSameBreath(previous, message), context });
    previous = message;
  }
  keepList(list, items, (item) => item.key, (item) => (item.heading ? dayItem(item) : messageItem(item, stage)));
}

const inSameBreath = (previous, message) =>
  Boolean(previous) &&
  previous.user === message.user &&
  !previous.ephemeral === !message.ephemeral &&
  new Date(message.shown_at) - new Date(previous.shown_at) < SAME_BREATH;

const dayItem = ({ heading }) => h("li", { class: "day" }, h("h2", {}, heading));

function messageItem({ message, follows }, stage) {
  const time = timeOf(new Date(message.shown_at), stage.world.me.tz);
  const author = [
    h("span", { class: "author" }, message.user_name),
    message.bot && h("span", { class: "app" }, "APP"),
    h("time", { class: "at" }, time),
  ];
  const parts = [
    message.ephemeral && h("p", { class: "only-you" }, "Only visible to you"),
    h("div", { class: "byline" }, author),
    h("div", { class: "body" }, message.deleted ? h("p", { class: "hint" }, "This message was deleted.") : content(message, stage)),
    stage.openThread && !message.ephemeral && threadButton(message, stage),
  ];
  const kind = `${follows ? "follows" : ""} ${message.ephemeral ? "ephemeral" : ""}`;
  const label = `${message.user_name}, ${time}`;
  return h("li", { class: `message ${kind}` }, h("article", { "aria-label": label }, avatar(message), h("div", { class: "said" }, parts)));
}

const initials = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();

const colour = (id) => [...id].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 8, 0);

const avatar = (message) =>
  h("span", { class: `avatar colour-${colour(message.user)}${message.bot ? " bot" : ""}`, "aria-hidden": "true" }, initials(message.user_name));

function content(message, { world, channel, act }) {
  const edited = message.edited && !message.bot ? h("span", { class: "hint" }, " (edited)") : null;
  if (!message.blocks?.length) return [h("div", { class: "text" }, mrkdwn(message.text, world), edited)];
  const id = `${channel}-${message.ts}`;
  if (!entered.has(id)) entered.set(id, new Values());
  const values = entered.get(id);
  const press = (blockId, actionId, value) =>
    act({ do: "press", channel, ts: message.ts, block_id: blockId, action_id: actionId, value, state: values.state(message.blocks) });
  return blocks(message.blocks, { id, world, values, errors: {}, press });
}

function threadButton(message, stage) {
  const count = message.reply_count;
  const text = count ? `${count} ${count === 1 ? "reply" : "replies"}` : "Reply in thread";
  const attributes = { class: `thread-link${count ? "" : " quiet"}`, "data-focus": `thread-${message.ts}`, onclick: () => stage.openThread(message.ts) };
  return h("button", { type: "button", ...attributes }, text);
}

/** A message read out as one line of text. */
export const spoken = (message, world) => `${message.user_name}: ${h("p", {}, mrkdwn(message.text ?? "", world)).textContent}`;
