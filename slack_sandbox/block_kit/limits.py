"""Block Kit's limits as data, from Slack's reference pages and its published types.

Lengths are the larger of code points and UTF-16 units: Slack does not say which it counts.
"""

from dataclasses import dataclass
from typing import Literal

Surface = Literal["message", "modal"]
Kind = Literal[
    "plain",  # plain_text object
    "text",  # plain_text or mrkdwn object
    "string",
    "bool",
    "number",
    "pattern",  # string of the shape `pattern`
    "enum",  # one of `names`
    "element",  # an element whose type is one of `names`
    "elements",  # a list of those
    "texts",  # a list of text objects, each up to `most`; `least`..`count` of them
    "option",
    "options",
    "option_groups",
    "confirm",
    "users",  # a list of ids
    "filter",
    "dispatch",
    "rich",  # rich_text contents
    "rows",  # a table's rows
    "columns",
    "file",
]


@dataclass(frozen=True)
class Rule:
    """What one field may hold: `most`/`least` bound lengths, `count` bounds lists."""

    kind: Kind
    most: int = 0
    least: int = 0
    count: int = 0
    required: bool = False
    names: frozenset[str] = frozenset()
    pattern: str = ""


def one_of(*names: str) -> frozenset[str]:
    """The names as a set."""
    return frozenset(names)


BLOCKS_IN: dict[Surface, int] = {"message": 50, "modal": 100}
TEXT_LIMIT, UPDATE_TEXT_LIMIT, EPHEMERAL_TEXT_LIMIT = 40_000, 4_000, 4_000
MARKDOWN_TOTAL, TABLE_TOTAL, VIEW_BYTES = 12_000, 10_000, 250_000
TABLE_ROWS, TABLE_CELLS = 100, 20
OPTION_TEXT, OPTION_VALUE, OPTION_DESCRIPTION = 75, 150, 75
OPTIONS_IN_SELECT, OPTION_GROUPS, GROUP_LABEL = 100, 100, 75
ID_LENGTH, URL_LENGTH = 255, 3_000

DATE = r"\d{4}-\d{2}-\d{2}"
TIME = r"([01]\d|2[0-3]):[0-5]\d"
URL = r"https?://\S+"

SINGLE_SELECTS = one_of("static_select", "users_select", "conversations_select", "channels_select", "external_select")
MULTI_SELECTS = frozenset("multi_" + name for name in SINGLE_SELECTS)
SELECTS = SINGLE_SELECTS | MULTI_SELECTS
TEXT_INPUTS = one_of("plain_text_input", "email_text_input", "url_text_input", "number_input")
PICKERS = one_of("datepicker", "timepicker")
CHOICES = one_of("checkboxes", "radio_buttons")

ACCESSORIES = SELECTS | PICKERS | CHOICES | one_of("button", "image", "overflow")
IN_ACTIONS = SELECTS | PICKERS | CHOICES | one_of("button", "overflow", "datetimepicker")
IN_INPUT = SELECTS | PICKERS | CHOICES | TEXT_INPUTS | one_of("datetimepicker")

_ID = Rule("string", ID_LENGTH, 1)
_FLAG = Rule("bool")
_PLACEHOLDER = Rule("plain", 150)
_CONFIRM = Rule("confirm")
_MAX_SELECTED = Rule("number", least=1)

BLOCK_SURFACES: dict[str, frozenset[Surface]] = {
    "actions": frozenset({"message", "modal"}),
    "alert": frozenset({"modal"}),
    "context": frozenset({"message", "modal"}),
    "divider": frozenset({"message", "modal"}),
    "header": frozenset({"message", "modal"}),
    "image": frozenset({"message", "modal"}),
    "input": frozenset({"message", "modal"}),
    "markdown": frozenset({"message"}),
    "rich_text": frozenset({"message", "modal"}),
    "section": frozenset({"message", "modal"}),
    "table": frozenset({"message"}),
}

BLOCKS: dict[str, dict[str, Rule]] = {
    "actions": {"elements": Rule("elements", least=1, count=25, required=True, names=IN_ACTIONS)},
    "alert": {
        "text": Rule("text", 200, required=True),
        "level": Rule("enum", names=one_of("default", "info", "warning", "error", "success")),
    },
    "context": {
        "elements": Rule(
            "elements",
            least=1,
            count=10,
            required=True,
            names=one_of("image", "plain_text", "mrkdwn"),
        )
    },
    "divider": {},
    "header": {"text": Rule("plain", 150, required=True)},
    "image": {
        "image_url": Rule("pattern", URL_LENGTH, pattern=URL),
        "slack_file": Rule("file"),
        "alt_text": Rule("string", 2_000, 1, required=True),
        "title": Rule("plain", 2_000),
    },
    "input": {
        "label": Rule("plain", 2_000, required=True),
        "element": Rule("element", required=True, names=IN_INPUT),
        "hint": Rule("plain", 2_000),
        "optional": _FLAG,
        "dispatch_action": _FLAG,
    },
    "markdown": {"text": Rule("string", MARKDOWN_TOTAL, 1, required=True)},
    "rich_text": {"elements": Rule("rich", required=True)},
    "section": {
        "text": Rule("text", 3_000),
        "fields": Rule("texts", 2_000, 1, 10),
        "accessory": Rule("element", names=ACCESSORIES),
        "expand": _FLAG,
    },
    "table": {
        "rows": Rule("rows", least=1, count=TABLE_ROWS, required=True),
        "column_settings": Rule("columns", count=TABLE_CELLS),
    },
}

_STATIC = {
    "placeholder": _PLACEHOLDER,
    "options": Rule("options", count=OPTIONS_IN_SELECT),
    "option_groups": Rule("option_groups"),
    "confirm": _CONFIRM,
    "focus_on_load": _FLAG,
}
_PEOPLE = {"placeholder": _PLACEHOLDER, "confirm": _CONFIRM, "focus_on_load": _FLAG}
_TYPED = {
    "initial_value": Rule("string", 3_000),
    "placeholder": _PLACEHOLDER,
    "dispatch_action_config": Rule("dispatch"),
    "focus_on_load": _FLAG,
}

ELEMENTS: dict[str, dict[str, Rule]] = {
    "button": {
        "text": Rule("plain", 75, required=True),
        "value": Rule("string", 2_000),
        "url": Rule("pattern", URL_LENGTH, pattern=URL),
        "style": Rule("enum", names=one_of("primary", "danger")),
        "confirm": _CONFIRM,
        "accessibility_label": Rule("string", 75),
    },
    "checkboxes": {
        "options": Rule("options", count=10, required=True),
        "initial_options": Rule("options", count=10),
        "confirm": _CONFIRM,
        "focus_on_load": _FLAG,
    },
    "radio_buttons": {
        "options": Rule("options", count=10, required=True),
        "initial_option": Rule("option"),
        "confirm": _CONFIRM,
        "focus_on_load": _FLAG,
    },
    "overflow": {"options": Rule("options", count=5, required=True), "confirm": _CONFIRM},
    "static_select": _STATIC | {"initial_option": Rule("option")},
    "multi_static_select": _STATIC
    | {
        "initial_options": Rule("options", count=OPTIONS_IN_SELECT),
        "max_selected_items": _MAX_SELECTED,
    },
    "external_select": _PEOPLE | {"initial_option": Rule("option"), "min_query_length": Rule("number")},
    "multi_external_select": {
        "placeholder": _PLACEHOLDER,
        "confirm": _CONFIRM,
        "initial_options": Rule("options", count=OPTIONS_IN_SELECT),
        "min_query_length": Rule("number"),
        "max_selected_items": _MAX_SELECTED,
    },
    "users_select": _PEOPLE | {"initial_user": _ID},
    "multi_users_select": _PEOPLE | {"initial_users": Rule("users"), "max_selected_items": _MAX_SELECTED},
    "conversations_select": _PEOPLE
    | {
        "initial_conversation": _ID,
        "default_to_current_conversation": _FLAG,
        "response_url_enabled": _FLAG,
        "filter": Rule("filter"),
    },
    "multi_conversations_select": _PEOPLE
    | {
        "initial_conversations": Rule("users"),
        "default_to_current_conversation": _FLAG,
        "max_selected_items": _MAX_SELECTED,
        "filter": Rule("filter"),
    },
    "channels_select": _PEOPLE | {"initial_channel": _ID, "response_url_enabled": _FLAG},
    "multi_channels_select": _PEOPLE | {"initial_channels": Rule("users"), "max_selected_items": _MAX_SELECTED},
    "plain_text_input": _TYPED
    | {
        "multiline": _FLAG,
        "min_length": Rule("number", most=3_000),
        "max_length": Rule("number", most=3_000, least=1),
    },
    "email_text_input": _TYPED,
    "url_text_input": _TYPED,
    "number_input": _TYPED
    | {
        "is_decimal_allowed": Rule("bool", required=True),
        "min_value": Rule("string", 3_000),
        "max_value": Rule("string", 3_000),
    },
    "datepicker": _PEOPLE | {"initial_date": Rule("pattern", pattern=DATE)},
    "timepicker": _PEOPLE | {"initial_time": Rule("pattern", pattern=TIME), "timezone": Rule("string", 255, 1)},
    "datetimepicker": {
        "initial_date_time": Rule("number", least=10**9, most=10**10 - 1),
        "confirm": _CONFIRM,
        "focus_on_load": _FLAG,
    },
    "image": {
        "image_url": Rule("pattern", URL_LENGTH, pattern=URL),
        "slack_file": Rule("file"),
        "alt_text": Rule("string", 2_000, 1, required=True),
    },
}

VIEW: dict[str, Rule] = {
    "title": Rule("plain", 24, required=True),
    "submit": Rule("plain", 24),
    "close": Rule("plain", 24),
    "private_metadata": Rule("string", 3_000),
    "callback_id": Rule("string", 255),
    "external_id": Rule("string", 255),
    "clear_on_close": _FLAG,
    "notify_on_close": _FLAG,
    "submit_disabled": _FLAG,
}

CONFIRM: dict[str, Rule] = {
    "title": Rule("plain", 100, required=True),
    "text": Rule("text", 300, required=True),
    "confirm": Rule("plain", 30, required=True),
    "deny": Rule("plain", 30, required=True),
    "style": Rule("enum", names=one_of("primary", "danger")),
}

FILTER_KEYS = one_of("include", "exclude_external_shared_channels", "exclude_bot_users")
DISPATCH_TRIGGERS = one_of("on_enter_pressed", "on_character_entered")
