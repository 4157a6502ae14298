import { askFirst } from "./confirm.js";

let made = 0;

/** An id no other node has: one message can stand in a channel and in its thread at once. */
export const newId = () => `control-${++made}`;

/** One element where it stands: its value, its name, and what happens when it is used. */
export class Control {
  constructor(element, { blockId, surface, input = null, id = newId(), describedBy = null }) {
    Object.assign(this, { element, blockId, surface, input, id, describedBy });
    this.focusKey = `${surface.id} ${blockId} ${element.action_id}`;
  }

  get value() {
    return this.surface.values.of(this.blockId, this.element);
  }

  get acts() {
    return !this.input || Boolean(this.input.dispatch_action);
  }

  attributes(extra = {}) {
    const { placeholder, focus_on_load: focusOnLoad } = this.element;
    return {
      id: this.id,
      "data-focus": this.focusKey,
      "data-first": focusOnLoad,
      "aria-label": this.input ? null : (placeholder?.text ?? "Choose"),
      "aria-required": this.input && !this.input.optional ? "true" : null,
      "aria-describedby": this.describedBy,
      "aria-invalid": this.input && this.surface.errors[this.blockId] ? "true" : null,
      ...extra,
    };
  }

  keep(value) {
    this.surface.values.set(this.blockId, this.element.action_id, value);
  }

  async choose(value) {
    if (!(await askFirst(this.element.confirm))) return false;
    this.keep(value);
    if (this.acts) await this.press(value);
    return true;
  }

  /** The options that the bot offers for what is typed. */
  lookUp(query) {
    return this.surface.lookUp(this.blockId, this.element.action_id, query);
  }

  /** Keeps how an option reads, that was offered and is none of the element's own. */
  name(option) {
    this.surface.values.name(this.blockId, option);
  }

  nameOf(value) {
    return this.surface.values.nameOf(this.blockId, this.element, value);
  }

  press(value) {
    return this.surface.press(this.blockId, this.element.action_id, value);
  }
}
