import { h } from "../dom.js";
import { plainText } from "../blocks/mrkdwn.js";
import { Offers } from "../compose/offers.js";

const PAUSE = 150;

/** A select whose options the bot looks up: one types, and takes from what is offered. */
export const searched = (element, control) => new Search(element, control, new One(element, control)).node;

/** The same for several: each one chosen stands below, with a button that takes it away. */
export const searchedMany = (element, control) => new Search(element, control, new Many(element, control)).node;

class Search {
  #asked = 0;

  constructor(element, control, chosen) {
    Object.assign(this, { element, control, chosen });
    const attributes = control.attributes({ type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", placeholder: element.placeholder?.text });
    this.box = h("input", attributes);
    this.said = h("p", { class: "hint", role: "status" });
    this.node = h("div", { class: "search" }, this.box, this.said);
    this.offers = new Offers(this.box, element.placeholder?.text ?? "Options", (offer) => this.#take(offer), this.node);
    chosen.show(this.box, this.node);
    this.box.addEventListener("keydown", () => this.#expanded());
    this.box.addEventListener("input", () => this.#look());
    this.box.addEventListener("blur", () => this.#leave());
  }

  /** Asks once the typing rests; an answer that a later question has overtaken is not shown. */
  #look() {
    const query = this.box.value.trim();
    const turn = ++this.#asked;
    if (!query) this.chosen.emptied();
    if (query.length < (this.element.min_query_length ?? 3)) return this.#offer([], "");
    setTimeout(async () => {
      if (turn !== this.#asked) return;
      const { options } = await this.control.lookUp(query);
      if (turn === this.#asked) this.#offer(options, options.length ? `${options.length} found` : "Nothing found");
    }, PAUSE);
  }

  #offer(options, said) {
    this.said.textContent = said;
    this.offers.show(options.map((option) => ({ option, nodes: [h("span", {}, plainText(option.text.text)), about(option)].filter(Boolean) })));
    this.#expanded();
  }

  #expanded() {
    this.box.setAttribute("aria-expanded", String(this.offers.open));
  }

  async #take({ option }) {
    this.#asked++;
    this.#offer([], "");
    this.control.name(option);
    await this.chosen.take(option);
    this.chosen.show(this.box, this.node);
  }

  #leave() {
    this.#asked++;
    this.#offer([], "");
    this.chosen.show(this.box, this.node);
  }
}

const about = (option) => option.description && h("span", { class: "about" }, plainText(option.description.text));

class One {
  constructor(element, control) {
    Object.assign(this, { element, control });
  }

  take(option) {
    return this.control.choose(option.value);
  }

  emptied() {
    this.control.choose(null);
  }

  show(box) {
    box.value = this.control.value ? this.control.nameOf(this.control.value) : "";
  }
}

class Many {
  constructor(element, control) {
    Object.assign(this, { element, control });
    this.list = h("ul", { class: "chosen", "aria-label": "Chosen" });
  }

  get values() {
    return this.control.value ?? [];
  }

  take(option) {
    return this.values.includes(option.value) || this.control.choose([...this.values, option.value]);
  }

  emptied() {}

  show(box, node) {
    box.value = "";
    this.list.replaceChildren(...this.values.map((value) => this.#item(value, box, node)));
    if (!this.list.isConnected) node.append(this.list);
  }

  #item(value, box, node) {
    const name = this.control.nameOf(value);
    const remove = async () => {
      await this.control.choose(this.values.filter((other) => other !== value));
      this.show(box, node);
      box.focus();
    };
    return h("li", {}, name, h("button", { type: "button", class: "remove", "aria-label": `Remove ${name}`, onclick: remove }, "×"));
  }
}
