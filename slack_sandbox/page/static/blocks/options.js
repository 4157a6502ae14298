import { plainText, textObject } from "./mrkdwn.js";

const asOption = (option, world) => ({
  value: option.value,
  label: plainText(option.text.text, option.text.emoji),
  nodes: textObject(option.text, world),
  description: option.description && plainText(option.description.text),
});

/** An element's own options, in groups {label, options}. */
export const ownOptions = (element, world) =>
  (element.option_groups ?? [{ options: element.options }]).map((group) => ({
    label: group.label && plainText(group.label.text),
    options: group.options.map((option) => asOption(option, world)),
  }));

/** Everybody, for a users_select. */
export const people = (_element, world) => [
  { options: [...world.people.values()].map((person) => ({ value: person.id, label: `${person.name} (@${person.handle})` })) },
];

/** Every channel the person sees. */
export const conversations = (_element, world) => [
  { options: [...world.channels.values()].map((channel) => ({ value: channel.id, label: `#${channel.name}` })) },
];
