import { byId, h } from "../dom.js";
import { face } from "./faces.js";
import { Offers } from "../compose/offers.js";
import { conversationName, conversationSign, playable } from "./sidebar.js";

const MOST = 9;

/** "Go to": become anybody, or open any conversation, by a few letters of the name. `see` answers {state, world}. */
export class Switcher {
  constructor(see, { become, go }) {
    Object.assign(this, { see, become, go });
    this.dialog = byId("switcher");
    this.box = byId("switcher-text");
    this.offers = new Offers(this.box, "Places and people", (offer) => this.#take(offer), byId("switcher-offers"));
    this.box.addEventListener("input", () => this.#look());
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.dialog.close();
    });
    byId("switcher-form").addEventListener("submit", (event) => event.preventDefault());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  open() {
    this.box.value = "";
    this.dialog.showModal();
    this.#look();
  }

  #look() {
    const typed = this.box.value.trim().toLowerCase();
    const begins = (word) => word.toLowerCase().startsWith(typed);
    const found = [...this.#places(), ...this.#people()].filter(({ words }) => words.some(begins));
    const rank = ({ words, unread }) => (typed && begins(words[0]) ? 2 : 0) + (unread ? 1 : 0);
    found.sort((one, other) => rank(other) - rank(one));
    this.offers.show(found.slice(0, MOST));
    byId("switcher-none").hidden = found.length > 0;
  }

  #places() {
    const { state, world } = this.see();
    return state.conversations.map((one) => {
      const name = conversationName(one, world);
      const nodes = [conversationSign(one.kind), h("strong", {}, name), ...note(one.unread)];
      return { words: [name, `#${name}`, ...name.split(/[\s-]+/)], unread: one.unread, nodes, go: () => this.go(one.id) };
    });
  }

  #people() {
    const { state } = this.see();
    return playable(state.people)
      .filter((person) => person.id !== state.me.id)
      .map((person) => ({
        words: [person.name, person.handle, `@${person.handle}`, ...person.name.split(/\s+/)],
        unread: person.unread,
        nodes: [face(person), h("span", {}, "Be ", h("strong", {}, person.name)), ...note(person.unread)],
        go: () => this.become(person.id),
      }));
  }

  #take(offer) {
    this.dialog.close();
    offer.go();
  }
}

const note = (unread) => (unread ? [h("span", { class: "badge" }, `${unread} new`)] : []);
