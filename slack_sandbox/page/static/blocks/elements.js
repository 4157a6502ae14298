import { askFirst } from "./confirm.js";
import { Control } from "./control.js";
import { h } from "../dom.js";
import { plainText } from "./mrkdwn.js";
import { conversations, ownOptions, people } from "./options.js";
import { searched, searchedMany } from "../sidebar/search.js";

/**
 * An interactive element. `field` says where it stands: {blockId, surface}, and inside an input block
 * also {input, id, describedBy}: the block that labels it, the id its label points at, its hint and error.
 */
export function interactive(element, field) {
  const build = KINDS[element.type];
  return build ? build(element, new Control(element, field)) : h("span", { class: "unsupported" }, `[${element.type}: not shown here]`);
}

function button(element, control) {
  const { style, url, text, value, accessibility_label: label } = element;
  const press = async (event) => {
    const pressed = event.currentTarget;
    if (pressed.ariaDisabled === "true" || !(await askFirst(element.confirm))) return;
    pressed.ariaDisabled = "true";
    if (url && /^https?:/i.test(url)) window.open(url, "_blank", "noopener");
    await control.press(value);
    pressed.ariaDisabled = null;
  };
  const attributes = { id: control.id, "data-focus": control.focusKey, class: `button ${style ?? ""}`, "aria-label": label, onclick: press };
  return h("button", { type: "button", ...attributes }, plainText(text.text, text.emoji));
}

const textField = (type, inputmode = null) => (element, control) => {
  const onEnter = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const attributes = control.attributes({
    "aria-label": null,
    placeholder: element.placeholder?.text,
    oninput: (event) => {
      control.keep(event.target.value);
      if (control.acts && onEnter.includes("on_character_entered")) control.press(event.target.value);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter" || element.multiline || !control.acts || !onEnter.includes("on_enter_pressed")) return;
      event.preventDefault();
      control.press(event.target.value);
    },
  });
  const node = element.multiline ? h("textarea", { rows: 4, ...attributes }) : h("input", { type, inputmode, autocomplete: "off", ...attributes });
  node.value = control.value ?? "";
  return node;
};

const picker = (type) => (_element, control) => {
  const node = h("input", control.attributes({ type, onchange: (event) => control.choose(event.target.value || null) }));
  node.value = control.value ?? "";
  return node;
};

const select = (groupsOf) => (element, control) => {
  const groups = groupsOf(element, control.surface.world);
  const values = groups.flatMap((group) => group.options.map((option) => option.value));
  const nodes = groups.map(({ label, options }) => {
    const items = options.map((option) => h("option", { value: option.value }, option.label));
    return label ? h("optgroup", { label }, items) : items;
  });
  const attributes = control.attributes({
    onchange: async (event) => {
      if (!(await control.choose(event.target.value || null))) event.target.value = control.value ?? "";
    },
  });
  const node = h("select", attributes, h("option", { value: "" }, element.placeholder?.text ?? "Choose…"), nodes.flat());
  node.value = values.includes(control.value) ? control.value : "";
  return node;
};

const many = (groupsOf) => (element, control) => {
  const groups = groupsOf(element, control.surface.world);
  const boxes = groups.flatMap(({ label, options }) => [label && h("p", { class: "group" }, label), ...options.map((option) => checkbox(option, control))]);
  return h("div", control.attributes({ role: "group", class: "choices", "aria-labelledby": control.input && `${control.id}-label` }), boxes);
};

function checkbox(option, control) {
  const onchange = async (event) => {
    const others = (control.value ?? []).filter((value) => value !== option.value);
    const checked = event.target.checked;
    if (!(await control.choose(checked ? [...others, option.value] : others))) event.target.checked = !checked;
  };
  const checked = (control.value ?? []).includes(option.value);
  return choice("checkbox", option, control, checked, onchange);
}

function radios(element, control) {
  const [{ options }] = ownOptions(element, control.surface.world);
  const radio = (option) => choice("radio", option, control, control.value === option.value, () => control.choose(option.value));
  return h("div", control.attributes({ role: "radiogroup", class: "choices", "aria-labelledby": control.input && `${control.id}-label` }), options.map(radio));
}

function choice(type, option, control, checked, onchange) {
  const focus = `${control.focusKey} ${option.value}`;
  const box = h("input", { type, name: control.id, value: option.value, "data-focus": focus, onchange });
  box.checked = checked;
  const description = option.description && h("span", { class: "hint" }, option.description);
  return h("label", { class: "choice" }, box, h("span", {}, option.nodes ?? option.label, description));
}

function overflow(element, control) {
  const choose = async (event) => {
    const chosen = event.target.value;
    event.target.value = "";
    if (chosen && (await askFirst(element.confirm))) await control.press(chosen);
  };
  const items = element.options.map((option) => h("option", { value: option.value }, plainText(option.text.text, option.text.emoji)));
  return h("select", control.attributes({ class: "overflow", "aria-label": "More actions", onchange: choose }), h("option", { value: "" }, "More…"), items);
}

const KINDS = {
  button,
  plain_text_input: textField("text"),
  number_input: textField("text", "decimal"),
  email_text_input: textField("email"),
  url_text_input: textField("url"),
  datepicker: picker("date"),
  timepicker: picker("time"),
  static_select: select(ownOptions),
  external_select: searched,
  users_select: select(people),
  channels_select: select(conversations),
  conversations_select: select(conversations),
  multi_static_select: many(ownOptions),
  multi_external_select: searchedMany,
  multi_users_select: many(people),
  checkboxes: many(ownOptions),
  radio_buttons: radios,
  overflow,
};

/** A group of choices is labelled by its heading; a single control by a real label. */
export const isGroup = (element) => ["multi_static_select", "multi_users_select", "checkboxes", "radio_buttons"].includes(element.type);
