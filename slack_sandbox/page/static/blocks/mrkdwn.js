import { fillDateTokens } from "./dates.js";
import { h } from "../dom.js";
import { emoji } from "./emoji.js";

const INLINE =
  /`(?<code>[^`\n]+)`|<(?<angle>[^<>\n]+)>|:(?<emoji>[a-z0-9_+-]+):|(?<![\p{L}\p{N}])(?<mark>[*_~])(?=\S)(?<marked>(?:<[^<>\n]+>|[^<\n])+?)(?<=\S)\k<mark>(?![\p{L}\p{N}])/u;
const TAGS = { "*": "strong", _: "em", "~": "s" };

/** Slack escapes only these three. */
const unescape = (text) =>
  text.replace(/&(amp|lt|gt);/g, (_all, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);

/** A text object (mrkdwn or plain_text) as nodes. */
export const textObject = (object, world) =>
  object.type === "mrkdwn" ? mrkdwn(object.text, world) : [plainText(object.text)];

/** Plain text shows emoji, where it may, and nothing else. */
export const plainText = (text, pictures = true) => !pictures ? text : text.replace(/:([a-z0-9_+-]+):/g, (_all, name) => emoji(name));

/** Slack's markup as nodes; whatever is not markup stays text. */
export function mrkdwn(text, world) {
  return text.split("```").flatMap((part, index) => (index % 2 ? [fence(part)] : paragraphs(part, world)));
}

const fence = (text) => h("pre", {}, h("code", {}, unescape(text.replace(/^\n|\n$/g, ""))));

function paragraphs(text, world) {
  const nodes = [];
  let quoted = [];
  const endQuote = () => {
    if (quoted.length) nodes.push(h("blockquote", {}, inline(quoted.join("\n"), world)));
    quoted = [];
  };
  text.split("\n").forEach((line, index) => {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quote) return quoted.push(quote[1]);
    const afterQuote = quoted.length > 0;
    endQuote();
    nodes.push(...(index && !afterQuote ? ["\n"] : []), ...inline(line, world));
  });
  endQuote();
  return nodes;
}

function inline(text, world) {
  const match = INLINE.exec(text);
  if (!match) return text ? [unescape(text)] : [];
  const { code, angle, emoji: name, mark, marked } = match.groups;
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length);
  const node = code
    ? h("code", {}, unescape(code))
    : angle
      ? reference(angle, world)
      : name
        ? emoji(name)
        : h(TAGS[mark], {}, inline(marked, world));
  return [unescape(before), node, ...inline(after, world)];
}

function reference(inside, world) {
  const [target, label] = splitOnce(inside, "|");
  const kind = target[0];
  if (kind === "@") return mention(target.slice(1), world, label);
  if (kind === "#") return channelLink(target.slice(1), world, label);
  if (target.startsWith("!date^")) return dateText(target, label, world);
  if (kind === "!") return h("span", { class: "mention" }, label ? unescape(label) : `@${target.slice(1).split("^")[0]}`);
  return link(unescape(target), label && unescape(label)) ?? `<${unescape(inside)}>`;
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

export function mention(id, world, label) {
  const person = world.people.get(id);
  const mine = id === world.me.id ? " mention-me" : "";
  return h("span", { class: `mention${mine}`, title: person?.name }, `@${person?.handle ?? (label || "someone")}`);
}

export const channelLink = (id, world, label) =>
  h("span", { class: "mention" }, `#${world.channels.get(id)?.name ?? (label || "private-channel")}`);

/** A link, or null for an address that a browser should not follow from a message. */
export const link = (url, label) =>
  /^(https?:\/\/|mailto:)/i.test(url)
    ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label || url.replace(/^mailto:/i, ""))
    : null;

function dateText(target, fallback, world) {
  const [, seconds, pattern, url] = target.split("^");
  const text = fillDateTokens(pattern ?? "", Number(seconds), world.now(), world.me.tz) ?? unescape(fallback);
  return (url && link(unescape(url), text)) || h("time", {}, text);
}
