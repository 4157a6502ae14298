const INITIAL = {
  plain_text_input: (element) => element.initial_value,
  number_input: (element) => element.initial_value,
  email_text_input: (element) => element.initial_value,
  url_text_input: (element) => element.initial_value,
  datepicker: (element) => element.initial_date,
  timepicker: (element) => element.initial_time,
  static_select: (element) => element.initial_option?.value,
  radio_buttons: (element) => element.initial_option?.value,
  checkboxes: (element) => element.initial_options?.map((option) => option.value),
  external_select: (element) => element.initial_option?.value,
  multi_external_select: (element) => element.initial_options?.map((option) => option.value),
  multi_static_select: (element) => element.initial_options?.map((option) => option.value),
  users_select: (element) => element.initial_user,
  multi_users_select: (element) => element.initial_users,
  channels_select: (element) => element.initial_channel,
  conversations_select: (element) => element.initial_conversation,
};

const elementsOf = (block) => [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])].filter(Boolean);

/**
 * What a person has entered in one message or view, by block_id and action_id. As in Slack, an
 * entry survives an update that keeps both ids.
 */
export class Values {
  #entered = new Map();
  #names = new Map();

  /**
   * What the workspace already knows: `entered` by block_id and action_id, and the view's `state`, whose options
   * say how they read. A reloaded page goes on from it.
   */
  constructor(entered = {}, state = {}) {
    for (const [blockId, actions] of Object.entries(state))
      for (const held of Object.values(actions))
        for (const option of [held.selected_option, ...(held.selected_options ?? [])].filter(Boolean)) this.name(blockId, option);
    for (const [blockId, actions] of Object.entries(entered))
      for (const [actionId, value] of Object.entries(actions)) this.set(blockId, actionId, value);
  }

  set(blockId, actionId, value) {
    this.#entered.set(`${blockId}\n${actionId}`, value);
  }

  of(blockId, element) {
    const entered = this.#entered.get(`${blockId}\n${element.action_id}`);
    return entered === undefined ? (INITIAL[element.type]?.(element) ?? null) : entered;
  }

  name(blockId, option) {
    this.#names.set(`${blockId}\n${option.value}`, option.text.text);
  }

  /** How an option reads that an element holds. */
  nameOf(blockId, element, value) {
    const first = [element.initial_option, ...(element.initial_options ?? [])].find((option) => option?.value === value);
    return this.#names.get(`${blockId}\n${value}`) ?? first?.text.text ?? value;
  }

  /** {block_id: {action_id: value}} of every element that holds a value. */
  state(blocks) {
    const state = {};
    for (const block of blocks)
      for (const element of elementsOf(block))
        if (element.type in INITIAL) (state[block.block_id] ??= {})[element.action_id] = this.of(block.block_id, element);
    return state;
  }
}
