import { Suggestions } from "../blocks/suggestions.js";

/**
 * A message box: Enter sends, Shift+Enter starts a new line. What is typed belongs to its place
 * (person and conversation) and waits there while one looks elsewhere.
 */
export class Composer {
  #drafts = new Map();
  #place = null;

  constructor(form, send, known) {
    this.form = form;
    this.box = form.querySelector("textarea");
    this.suggestions = new Suggestions(this.box, known);
    this.box.addEventListener("input", () => this.#fit());
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(send);
    });
  }

  /** Move to a place; `closed` says why nothing can be written there, "" when it can. */
  at(place, placeholder, closed) {
    this.box.placeholder = closed || placeholder;
    this.form.querySelectorAll("textarea, button").forEach((control) => (control.disabled = Boolean(closed)));
    if (place === this.#place) return;
    if (this.#place) this.#drafts.set(this.#place, this.box.value);
    this.#place = place;
    this.put(this.#drafts.get(place) ?? "", false);
  }

  put(text, focus = true) {
    this.box.value = text;
    this.#fit();
    if (focus) this.box.focus();
    this.suggestions.look();
  }

  async #submit(send) {
    const text = this.box.value.trim();
    const place = this.#place;
    if (!text) return;
    this.put("", false);
    if (await send(text)) return;
    if (place !== this.#place) this.#drafts.set(place, text);
    else if (!this.box.value) this.put(text, false);
  }

  #fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 180)}px`;
  }
}
