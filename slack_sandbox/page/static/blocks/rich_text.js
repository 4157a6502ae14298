import { fillDateTokens } from "./dates.js";
import { h } from "../dom.js";
import { emoji } from "./emoji.js";
import { channelLink, link, mention } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };

const INLINE = {
  text: (part) => part.text,
  link: (part) => link(part.url, part.text) ?? (part.text || part.url),
  user: (part, world) => mention(part.user_id, world),
  channel: (part, world) => channelLink(part.channel_id, world),
  emoji: (part) => emoji(part.name),
  date: (part, world) => h("time", {}, fillDateTokens(part.format, part.timestamp, world.now(), world.me.tz) ?? part.fallback ?? ""),
  broadcast: (part) => h("span", { class: "mention" }, `@${part.range}`),
};

const BLOCKS = {
  rich_text_section: (part, world) => h("p", {}, inlines(part.elements, world)),
  rich_text_quote: (part, world) => h("blockquote", {}, inlines(part.elements, world)),
  rich_text_preformatted: (part, world) => h("pre", {}, h("code", {}, inlines(part.elements, world))),
  rich_text_list: (part, world) =>
    h(
      part.style === "ordered" ? "ol" : "ul",
      { class: `rich-list indent-${part.indent ?? 0}`, start: part.offset ? part.offset + 1 : null },
      part.elements.map((item) => h("li", {}, inlines(item.elements, world))),
    ),
};

const inlines = (parts, world) =>
  parts.map((part) => {
    const node = INLINE[part.type]?.(part, world) ?? "";
    return Object.keys(part.style ?? {})
      .filter((style) => part.style[style] && STYLES[style])
      .reduce((inner, style) => h(STYLES[style], {}, inner), node);
  });

/** A rich_text block (or a table's rich_text cell) as nodes. */
export const richText = (block, world) => block.elements.map((part) => BLOCKS[part.type]?.(part, world) ?? "");
