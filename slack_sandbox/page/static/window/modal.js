import { block } from "../blocks/blocks.js";
import { byId, keepList } from "../dom.js";
import { plainText } from "../blocks/mrkdwn.js";
import { Values } from "../blocks/values.js";

const FIELDS = "input:not([type=hidden]), textarea, select";

/** The dialog that shows a person's topmost view. `act` does something as that person; true when it was done. */
export class Modal {
  #view = null;
  #values = new Map();
  #sending = false;
  #openedFrom = null;

  /**
   * `act` does something as the person, `lookUp` asks what a select that searches offers; `home` is focused where
   * what had the focus before is gone.
   */
  constructor(act, lookUp, home) {
    this.act = act;
    this.lookUp = lookUp;
    this.home = home;
    this.dialog = byId("modal");
    this.dialog.addEventListener("close", () => this.#focusBack());
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#close();
    });
    for (const id of ["modal-close", "modal-back", "modal-x"]) byId(id).addEventListener("click", () => this.#close());
    byId("modal-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  show(view, world) {
    if (!view) return this.#gone();
    const arrived = view.id !== this.#view?.id;
    const hadErrors = this.#view?.errors ?? {};
    this.#view = view;
    this.world = world;
    if (!this.#values.has(view.id)) this.#values.set(view.id, new Values(view.entered, view.state.values));
    this.#render();
    if (!this.dialog.open) {
      this.#openedFrom = document.activeElement?.dataset.focus;
      this.dialog.showModal();
    }
    const refused = Object.keys(view.errors).some((blockId) => !hadErrors[blockId]);
    if (refused && !arrived) this.#focus("[aria-invalid=true]");
    else if (arrived || this.#nowhere()) this.#focus("[data-first]", FIELDS);
  }

  /** Nothing to type into has the focus: a form that follows its loading state takes it then. */
  #nowhere() {
    const focused = this.dialog.querySelector(":focus");
    return !focused || focused === byId("modal-blocks");
  }

  #gone() {
    this.#view = null;
    this.#values.clear();
    if (this.dialog.open) this.dialog.close();
  }

  /** The browser goes back to what opened the window, unless an update has replaced it meanwhile. */
  #focusBack() {
    if (document.activeElement && document.activeElement !== document.body) return;
    const again = this.#openedFrom && document.querySelector(`[data-focus="${CSS.escape(this.#openedFrom)}"]`);
    (again ?? this.home()).focus();
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
    submit.classList.toggle("busy", busy);
    this.dialog.setAttribute("aria-busy", String(busy));
    this.dialog.dataset.depth = view.depth;
    byId("modal-back").hidden = view.depth < 2;
    const problems = Object.keys(view.errors).length;
    byId("modal-problems").textContent = problems > 1 ? `${problems} fields need another look.` : "";
    this.#renderBlocks(view);
  }

  #renderBlocks(view) {
    const { errors } = view;
    const items = view.blocks.map((data) => ({ view: view.id, data, error: errors[data.block_id] }));
    const surface = { id: view.id, world: this.world, values: this.#values.get(view.id), errors, press: this.#press, lookUp: this.#lookUp };
    keepList(byId("modal-blocks"), items, (item) => `${view.id} ${item.data.block_id}`, (item) => block(item.data, surface));
  }

  /** The first thing that there is of the first selector that finds any. */
  #focus(...selectors) {
    const blocks = byId("modal-blocks");
    const target = selectors.map((selector) => blocks.querySelector(selector)).find(Boolean);
    (target ?? blocks).focus();
    if (target?.matches("[role=group], [role=radiogroup]")) target.querySelector("input")?.focus();
  }

  #press = (blockId, actionId, value) => {
    const { id, blocks } = this.#view;
    return this.act({ do: "press", view_id: id, block_id: blockId, action_id: actionId, value, state: this.#values.get(id).state(blocks) });
  };

  #lookUp = (blockId, actionId, query) => this.lookUp({ view_id: this.#view.id, block_id: blockId, action_id: actionId, query });

  async #submit() {
    const { id, blocks, loading } = this.#view;
    if (loading || this.#sending) return;
    const inputs = blocks.filter((data) => data.type === "input");
    this.#sending = true;
    this.#view.errors = {};
    this.#render();
    await this.act({ do: "submit", view_id: id, values: this.#values.get(id).state(inputs) });
    this.#sending = false;
    if (this.#view) this.#render();
  }

  #close() {
    if (this.#view) this.act({ do: "close", view_id: this.#view.id });
  }
}
