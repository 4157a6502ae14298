import { byId } from "../dom.js";

/** On a small window the sidebar lies over the conversation while the menu is open. */
export function openMenu(open = true) {
  document.body.classList.toggle("menu-open", open);
  byId("menu").setAttribute("aria-expanded", String(open));
}

export const closeMenu = () => openMenu(false);

export const menuIsOpen = () => document.body.classList.contains("menu-open");

/** The button opens the menu and closes it; so does a touch beside it. */
export function menu() {
  byId("menu").addEventListener("click", () => {
    openMenu(!menuIsOpen());
    if (menuIsOpen()) byId("you-are").focus();
  });
  document.querySelector("main").addEventListener("pointerdown", (event) => event.target.closest("#menu") || closeMenu());
}
