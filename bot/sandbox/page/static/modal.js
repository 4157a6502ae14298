import { block } from "./blocks.js";
import { byId, keepList } from "./dom.js";
import { plainText } from "./mrkdwn.js";
import { Values } from "./values.js";

const MISSING = "Please complete this required field.";

/** The dialog that shows a person's topmost view. `act` does something as that person; true when it was done. */
export class Modal {
  #view = null;
  #values = new Map();
  #missing = {};
  #sending = false;

  constructor(act) {
    this.act = act;
    this.dialog = byId("modal");
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#close();
    });
    byId("modal-close").addEventListener("click", () => this.#close());
    byId("modal-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  show(view, world) {
    if (!view) return this.#gone();
    const arrived = view.id !== this.#view?.id;
    const hadErrors = this.#errors();
    this.#view = view;
    this.world = world;
    if (arrived) this.#missing = {};
    if (!this.#values.has(view.id)) this.#values.set(view.id, new Values());
    this.#render();
    if (!this.dialog.open) this.dialog.showModal();
    const refused = Object.keys(this.#errors()).some((blockId) => !hadErrors[blockId]);
    if (refused && !arrived) this.#focus("[aria-invalid=true]");
    else if (arrived || !this.dialog.querySelector(":focus")) this.#focus("[data-first], input, textarea, select");
  }

  #gone() {
    this.#view = null;
    this.#values.clear();
    if (this.dialog.open) this.dialog.close();
  }

  #errors() {
    return { ...this.#view?.errors, ...this.#missing };
  }

  #render() {
    const view = this.#view;
    const busy = Boolean(view.loading || this.#sending);
    byId("modal-title").textContent = plainText(view.title.text);
    byId("modal-close").textContent = plainText(view.close?.text ?? (view.submit ? "Cancel" : "Close"));
    const submit = byId("modal-submit");
    submit.hidden = !view.submit;
    submit.disabled = busy;
    submit.textContent = busy ? "Sending…" : plainText(view.submit?.text ?? "Submit");
    this.dialog.setAttribute("aria-busy", String(busy));
    this.#renderBlocks(view);
  }

  #renderBlocks(view) {
    const errors = this.#errors();
    const items = view.blocks.map((data) => ({ view: view.id, data, error: errors[data.block_id] }));
    const surface = { id: view.id, world: this.world, values: this.#values.get(view.id), errors, press: this.#press };
    keepList(byId("modal-blocks"), items, (item) => `${view.id} ${item.data.block_id}`, (item) => block(item.data, surface));
  }

  #focus(selector) {
    const target = byId("modal-blocks").querySelector(selector);
    (target ?? this.dialog).focus();
    if (target?.matches("[role=group], [role=radiogroup]")) target.querySelector("input")?.focus();
  }

  #press = (blockId, actionId, value) => {
    const { id, blocks } = this.#view;
    return this.act({ do: "press", view_id: id, block_id: blockId, action_id: actionId, value, state: this.#values.get(id).state(blocks) });
  };

  async #submit() {
    const { id, blocks, loading } = this.#view;
    if (loading || this.#sending) return;
    const values = this.#values.get(id);
    this.#missing = missing(blocks, values);
    this.#view.errors = {};
    this.#sending = Object.keys(this.#missing).length === 0;
    this.#render();
    if (!this.#sending) return this.#focus("[aria-invalid=true]");
    await this.act({ do: "submit", view_id: id, values: values.state(inputs(blocks)) });
    this.#sending = false;
    if (this.#view) this.#render();
  }

  #close() {
    if (this.#view) this.act({ do: "close", view_id: this.#view.id });
  }
}

const inputs = (blocks) => blocks.filter((data) => data.type === "input");

/** Slack itself asks for required fields before the bot hears of the form. */
function missing(blocks, values) {
  const empty = (data) => [null, ""].includes(values.of(data.block_id, data.element)) || values.of(data.block_id, data.element).length === 0;
  const required = inputs(blocks).filter((data) => !data.optional && empty(data));
  return Object.fromEntries(required.map((data) => [data.block_id, MISSING]));
}
