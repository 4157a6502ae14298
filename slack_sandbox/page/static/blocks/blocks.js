import { newId } from "./control.js";
import { h } from "../dom.js";
import { interactive, isGroup } from "./elements.js";
import { mrkdwn, plainText, textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

/**
 * One block as a node. `surface` is the message or view around it: {id, world, values, errors, press},
 * where press(blockId, actionId, value) tells the bot that an element was used.
 */
export function block(data, surface) {
  const render = BLOCKS[data.type];
  const inside = render ? render(data, surface) : h("p", { class: "unsupported" }, `[A ${data.type} block: not shown here]`);
  return h("div", { class: `block block-${data.type}` }, inside);
}

export const blocks = (list, surface) => list.map((data) => block(data, surface));

const text = (object, world) => h("div", { class: "text" }, textObject(object, world));

const picture = (image) => h("div", { class: "picture", role: "img", "aria-label": image.alt_text }, `Image: ${image.alt_text}`);

function section(data, surface) {
  const fields = data.fields?.map((field) => h("div", { class: "text field" }, textObject(field, surface.world)));
  const body = [data.text && text(data.text, surface.world), fields && h("div", { class: "fields" }, fields)];
  const accessory = data.accessory && h("div", { class: "accessory" }, accessoryOf(data, surface));
  return [h("div", { class: "section-body" }, body), accessory];
}

const accessoryOf = (data, surface) =>
  data.accessory.type === "image" ? picture(data.accessory) : interactive(data.accessory, { blockId: data.block_id, surface });

const actions = (data, surface) => data.elements.map((element) => interactive(element, { blockId: data.block_id, surface }));

const context = (data, surface) =>
  data.elements.map((element) => (element.type === "image" ? picture(element) : h("span", { class: "text" }, textObject(element, surface.world))));

function input(data, surface) {
  const id = newId();
  const error = surface.errors[data.block_id];
  const described = [data.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || null;
  const control = interactive(data.element, { blockId: data.block_id, surface, input: data, id, describedBy: described });
  const optional = data.optional && h("span", { class: "optional" }, " (optional)");
  const label = isGroup(data.element)
    ? h("p", { class: "label", id: `${id}-label` }, plainText(data.label.text), optional)
    : h("label", { class: "label", for: id }, plainText(data.label.text), optional);
  return [
    label,
    control,
    data.hint && h("p", { class: "hint", id: `${id}-hint` }, plainText(data.hint.text)),
    error && h("p", { class: "error", id: `${id}-error` }, error),
  ];
}

function table(data, surface) {
  const cell = (content, index, head) => {
    const align = data.column_settings?.[index]?.align ?? "left";
    const inside = content.type === "rich_text" ? richText(content, surface.world) : plainText(String(content.text ?? content.value ?? ""));
    return h(head ? "th" : "td", { scope: head ? "col" : null, class: `align-${align}` }, inside);
  };
  const row = (cells, head) => h("tr", {}, cells.map((content, index) => cell(content, index, head)));
  const [head, ...rest] = data.rows;
  return h("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Table" }, h("table", {}, h("thead", {}, row(head, true)), h("tbody", {}, rest.map((cells) => row(cells, false)))));
}

const BLOCKS = {
  actions,
  alert: (data, surface) => h("div", { class: `alert ${data.level ?? "default"}`, role: "note" }, textObject(data.text, surface.world)),
  context,
  divider: () => h("hr"),
  header: (data) => h("h3", {}, plainText(data.text.text, data.text.emoji)),
  image: (data) => [data.title && h("p", { class: "label" }, plainText(data.title.text)), picture(data)],
  input,
  markdown: (data, surface) => h("div", { class: "text" }, mrkdwn(data.text, surface.world)),
  rich_text: (data, surface) => richText(data, surface.world),
  section,
  table,
};
