import { h } from "./dom.js";

const MOST = 6;

/** Offers people while one types "@"; a handle that is complete needs no offer, so Enter sends. */
export class Suggestions {
  #found = [];
  #at = 0;

  constructor(box, people) {
    this.box = box;
    this.people = people;
    this.list = h("ul", { role: "listbox", class: "suggestions", id: `${box.id}-people`, "aria-label": "People", hidden: true });
    box.parentElement.append(this.list);
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", this.list.id);
    box.addEventListener("input", () => this.#look());
    box.addEventListener("blur", () => this.#offer([]));
    box.addEventListener("keydown", (event) => this.#key(event));
  }

  #word() {
    return /(?<![\w@])@([\w.-]*)$/.exec(this.box.value.slice(0, this.box.selectionStart))?.[1];
  }

  #look() {
    const word = this.#word()?.toLowerCase();
    if (word === undefined) return this.#offer([]);
    const fits = (person) => [person.handle, ...person.name.split(/\s+/)].some((part) => part.toLowerCase().startsWith(word));
    const found = this.people().filter(fits);
    this.#offer(found.some((person) => person.handle === word) ? [] : found.slice(0, MOST));
  }

  #offer(found) {
    this.#found = found;
    this.#at = 0;
    this.#show();
  }

  #show() {
    this.list.hidden = this.#found.length === 0;
    this.list.replaceChildren(...this.#found.map((person, index) => this.#option(person, index)));
    if (this.list.hidden) this.box.removeAttribute("aria-activedescendant");
    else this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.#at}`);
  }

  #option(person, index) {
    const choose = (event) => {
      event.preventDefault();
      this.#take(person);
    };
    const attributes = { role: "option", id: `${this.list.id}-${index}`, "aria-selected": String(index === this.#at), onmousedown: choose };
    return h("li", attributes, h("strong", {}, `@${person.handle}`), ` ${person.name}`);
  }

  #key(event) {
    if (!this.#found.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#at = (this.#at + step + this.#found.length) % this.#found.length;
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#found[this.#at]);
    else if (event.key === "Escape") this.#found = [];
    else return;
    event.preventDefault();
    this.#show();
  }

  #take(person) {
    const end = this.box.selectionStart;
    this.box.setRangeText(`@${person.handle} `, end - this.#word().length - 1, end, "end");
    this.#offer([]);
  }
}
