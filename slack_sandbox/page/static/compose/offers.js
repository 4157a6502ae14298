import { h } from "../dom.js";

/**
 * What is offered while one types in `box`: the arrows choose, Enter or Tab takes, Escape puts the list away.
 * An offer is {key, nodes}; `take(offer)` is called for the one taken.
 */
export class Offers {
  #found = [];
  #at = 0;

  constructor(box, label, take, place = box.parentElement) {
    this.box = box;
    this.take = take;
    this.list = h("ul", { role: "listbox", class: "offers", id: `${box.id}-offers`, "aria-label": label, hidden: true });
    place.append(this.list);
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", this.list.id);
    box.addEventListener("keydown", (event) => this.#key(event));
  }

  get open() {
    return this.#found.length > 0;
  }

  show(found) {
    this.#found = found;
    this.#at = 0;
    this.#draw();
  }

  #draw() {
    this.list.hidden = !this.open;
    this.list.replaceChildren(...this.#found.map((offer, index) => this.#option(offer, index)));
    if (!this.open) return this.box.removeAttribute("aria-activedescendant");
    this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.#at}`);
    this.list.children[this.#at].scrollIntoView({ block: "nearest" });
  }

  #option(offer, index) {
    const choose = (event) => {
      event.preventDefault();
      this.#choose(offer);
    };
    const attributes = { role: "option", id: `${this.list.id}-${index}`, "aria-selected": String(index === this.#at), onmousedown: choose };
    return h("li", attributes, offer.nodes);
  }

  #choose(offer) {
    this.show([]);
    this.take(offer);
  }

  #key(event) {
    if (!this.open || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.altKey) this.#at = (this.#at + step + this.#found.length) % this.#found.length;
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) this.#choose(this.#found[this.#at]);
    else if (event.key === "Escape") this.#found = [];
    else return;
    event.preventDefault();
    this.#draw();
  }
}
