import { h } from "../dom.js";

const initials = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();

const colour = (id) => [...id].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 8, 0);

/** The picture of a person, or of the app: decoration beside a name that is written there. */
export const face = ({ id, name, bot = false }) =>
  h("span", { class: `face colour-${colour(id)}${bot ? " bot" : ""}`, "aria-hidden": "true" }, bot ? "" : initials(name));
