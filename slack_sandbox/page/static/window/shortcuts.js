import { byId } from "../dom.js";
import { openMenu } from "../compose/menu.js";

const REGIONS = [
  ["sidebar", "[aria-current]"],
  ["messages-scroll", "li:last-child > article"],
  ["composer", "textarea"],
  ["thread", "textarea"],
  ["timeline", "button"],
];
const isTyping = (node) => node.matches?.("input, textarea, select");

/**
 * What the keyboard does everywhere. `does` is {switcher, timeline, step(by, unreadOnly), leave}: leave closes what is
 * open beside the conversation and says whether there was anything.
 */
export function shortcuts(does) {
  const help = byId("help");
  byId("help-open").addEventListener("click", () => help.showModal());
  help.addEventListener("click", (event) => event.target === help && help.close());
  const keys = {
    "ctrl k": does.switcher,
    "ctrl /": () => help.showModal(),
    "alt t": does.timeline,
    "alt y": () => focusOn(byId("you-are")),
    "alt ArrowUp": () => does.step(-1, false),
    "alt ArrowDown": () => does.step(1, false),
    "alt shift ArrowUp": () => does.step(-1, true),
    "alt shift ArrowDown": () => does.step(1, true),
    F6: () => nextRegion(1),
    "shift F6": () => nextRegion(-1),
    "?": (event) => !isTyping(event.target) && (help.showModal(), true),
    Escape: does.leave,
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (keys[nameOf(event)]?.(event) !== false && keys[nameOf(event)]) event.preventDefault();
  });
  for (const list of ["messages-scroll", "thread-scroll"]) byId(list).addEventListener("keydown", amongMessages);
}

/** A key with its modifiers, such as "alt shift ArrowUp"; Command is Ctrl on a Mac, and "?" needs no Shift. */
function nameOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }) {
  const letter = altKey && /^Key[A-Z]$/.test(code) ? code.at(-1).toLowerCase() : key.length === 1 ? key.toLowerCase() : key;
  const held = [(ctrlKey || metaKey) && "ctrl", altKey && "alt", shiftKey && key.length > 1 && "shift"];
  return [...held.filter(Boolean), letter].join(" ");
}

function focusOn(node) {
  openMenu(Boolean(node.closest("#sidebar")));
  node.focus();
}

function nextRegion(by) {
  const open = REGIONS.map(([id, inside]) => [byId(id), inside]).filter(([region]) => !region.hidden);
  const at = open.findIndex(([region]) => region.contains(document.activeElement));
  const [region, inside] = open.at((at + by) % open.length);
  focusOn(region.querySelector(inside) ?? region.querySelector("button, select") ?? region);
}

/** Up and Down walk from message to message, and T opens the thread of the one that has the focus. */
function amongMessages(event) {
  const { key, currentTarget, target } = event;
  if (isTyping(target) || event.altKey || event.ctrlKey || event.metaKey) return;
  const articles = [...currentTarget.querySelectorAll("article")];
  const at = articles.indexOf(target.closest("article"));
  const to = { ArrowUp: at < 0 ? articles.length - 1 : Math.max(0, at - 1), ArrowDown: Math.min(articles.length - 1, at + 1), Home: 0, End: articles.length - 1 }[key];
  if (key === "t" && at >= 0) articles[at].querySelector(".thread-link")?.click();
  else if (to === undefined || !articles.length) return;
  else articles[to].focus();
  event.preventDefault();
}
