import { blocks } from "../blocks/blocks.js";
import { dayHeading, dayOf, timeOf } from "../blocks/dates.js";
import { h, keepList } from "../dom.js";
import { face } from "../sidebar/faces.js";
import { mrkdwn } from "../blocks/mrkdwn.js";
import { Values } from "../blocks/values.js";

const SAME_BREATH = 5 * 60 * 1000;
const entered = new Map();

/**
 * Fill `list` with messages under the headings of their days. `stage` is {world, channel, act, openThread, newAfter};
 * without openThread the messages stand in a thread and offer none; what came after newAfter is marked as new.
 */
export function showMessages(list, messages, stage) {
  const { world } = stage;
  const context = `${world.me.id} ${stage.channel} ${dayOf(world.now(), world.me.tz)}`;
  const firstNew = stage.newAfter && messages.find((message) => message.ts > stage.newAfter && message.user !== world.me.id);
  const items = [];
  let previous = null;
  for (const message of messages) {
    const at = new Date(message.shown_at);
    const day = dayOf(at, world.me.tz);
    if (!previous || dayOf(new Date(previous.shown_at), world.me.tz) !== day) {
      items.push({ key: `day ${day}`, heading: dayHeading(at, world.now(), world.me.tz) });
      previous = null;
    }
    if (message === firstNew) {
      items.push({ key: "new", line: "New" });
      previous = null;
    }
    items.push({ key: message.ts, message, follows: inSameBreath(previous, message), context });
    previous = message;
  }
  keepList(list, items, (item) => item.key, (item) => itemOf(item, stage));
}

const inSameBreath = (previous, message) =>
  Boolean(previous) &&
  previous.user === message.user &&
  !previous.ephemeral === !message.ephemeral &&
  new Date(message.shown_at) - new Date(previous.shown_at) < SAME_BREATH;

function itemOf(item, stage) {
  if (item.heading) return h("li", { class: "day" }, h("h2", {}, item.heading));
  if (item.line) return h("li", { class: "new-line" }, h("span", {}, item.line));
  return messageItem(item, stage);
}

function messageItem({ message, follows }, stage) {
  const time = timeOf(new Date(message.shown_at), stage.world.me.tz);
  const author = [
    h("span", { class: "author" }, message.user_name),
    message.bot && h("span", { class: "app" }, "APP"),
    h("time", { class: "at" }, time),
  ];
  const card = message.blocks.length > 1 ? " card" : "";
  const parts = [
    message.ephemeral && h("p", { class: "only-you" }, "Only visible to you"),
    h("div", { class: "byline" }, author),
    h("div", { class: `body${card}` }, content(message, stage)),
    stage.openThread && !message.ephemeral && threadButton(message, stage),
  ];
  const kind = `${follows ? "follows" : ""} ${message.ephemeral ? "ephemeral" : ""}`;
  const attributes = { "aria-label": `${message.user_name}, ${time}`, tabindex: -1, "data-focus": `message-${message.ts}`, "data-ts": message.ts };
  const picture = face({ id: message.user, name: message.user_name, bot: message.bot });
  return h("li", { class: `message ${kind}` }, h("article", attributes, picture, h("div", { class: "said" }, parts)));
}

function content(message, { world, channel, act }) {
  const edited = message.edited && !message.bot ? h("span", { class: "hint" }, " (edited)") : null;
  if (!message.blocks.length) return [h("div", { class: "text" }, mrkdwn(message.text, world), edited)];
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
  return h("button", { type: "button", ...attributes }, message.repliers.map(face), text);
}

/** A message read out as one line of text. */
export const spoken = (message, world) => `${message.user_name}: ${h("p", {}, mrkdwn(message.text ?? "", world)).textContent}`;
