import { h } from "../dom.js";
import { Offers } from "../compose/offers.js";

const MOST = 8;

/**
 * Helps while one types in a message box: people after "@", commands after "/", and the usage of a command that
 * is being filled in. What is complete needs no offer, so Enter sends it. `known` is {people(), commands()}.
 */
export class Suggestions {
  constructor(box, known) {
    this.box = box;
    this.known = known;
    this.offers = new Offers(box, "Suggestions", (offer) => this.#take(offer));
    this.usage = h("p", { class: "usage", id: `${box.id}-usage`, hidden: true });
    box.parentElement.append(this.usage);
    box.setAttribute("aria-describedby", this.usage.id);
    box.addEventListener("input", () => this.look());
    box.addEventListener("blur", () => this.offers.show([]));
  }

  look() {
    this.offers.show(document.activeElement === this.box ? (this.#people() ?? this.#commands()) : []);
    const command = this.#begun();
    this.usage.hidden = this.offers.open || !command;
    this.usage.replaceChildren(...(command ? [h("code", {}, command.usage), ` ${command.about}`] : []));
  }

  #before() {
    return this.box.value.slice(0, this.box.selectionStart);
  }

  #people() {
    const word = /(?<![\w@])@([\w.-]*)$/.exec(this.#before())?.[1].toLowerCase();
    if (word === undefined) return null;
    const fits = (person) => [person.handle, ...person.name.split(/\s+/)].some((part) => part.toLowerCase().startsWith(word));
    const found = this.known.people().filter(fits);
    if (found.some((person) => person.handle === word)) return [];
    return found.slice(0, MOST).map((person) => ({
      text: `@${person.handle} `,
      from: this.box.selectionStart - word.length - 1,
      nodes: [h("strong", {}, `@${person.handle}`), ` ${person.name}`],
    }));
  }

  #commands() {
    const typed = this.#before().toLowerCase();
    if (!/^\/\S*( \S*)?$/.test(typed)) return [];
    const found = this.known.commands().filter(({ usage }) => bare(usage).startsWith(typed));
    if (found.some(({ usage }) => bare(usage) === typed)) return [];
    return found.map(({ usage, about }) => ({
      text: bare(usage) + (usage === bare(usage) ? "" : " "),
      from: 0,
      nodes: [h("code", {}, h("strong", {}, bare(usage)), usage.slice(bare(usage).length)), h("span", { class: "about" }, about)],
    }));
  }

  #begun() {
    const typed = `${this.box.value.toLowerCase()} `;
    return this.known.commands().find(({ usage }) => typed.startsWith(`${bare(usage)} `));
  }

  #take({ text, from }) {
    this.box.setRangeText(text, from, this.box.selectionStart, "end");
    this.box.dispatchEvent(new Event("input"));
  }
}

/** A usage without what follows the words that are always the same: "/cred status" of "/cred status [@user]". */
const bare = (usage) => /^\/\S+(?: [a-z]+)?(?=$| )/.exec(usage)?.[0] ?? usage;
