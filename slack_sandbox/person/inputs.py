"""What a person enters into Block Kit elements, in the shape of Slack's view state."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from slack_sandbox.block_kit.fields import length, options_of

Element = dict[str, Any]
State = dict[str, dict[str, dict[str, Any]]]

_PLAIN_FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
_OPTION_FIELDS = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
}
_FIELDS = _PLAIN_FIELDS | _OPTION_FIELDS
_MULTIPLE = {name for name, (field, _) in _FIELDS.items() if field.endswith("s")}


def is_stateful(element: Element) -> bool:
    """Whether the element holds a value; buttons, overflows and images do not."""
    return element.get("type") in _FIELDS and element.get("type") != "overflow"


def initial(element: Element) -> dict[str, Any]:
    """An element's state before anybody touched it."""
    kind = element["type"]
    field, start = _FIELDS[kind]
    empty: Any = [] if kind in _MULTIPLE else None
    return {"type": kind, field: element.get(start, empty)}


def entered(element: Element, raw: Any, offered: Iterable[Element] = ()) -> dict[str, Any]:
    """The state after a person entered `raw`: text, a date, an option's value, an id, or a list.

    `offered` are options that the app found while the person typed.
    """
    kind = element["type"]
    field, _ = _FIELDS[kind]
    if kind in _MULTIPLE:
        chosen = raw if isinstance(raw, list) else [raw] if raw else []
        return {"type": kind, field: _chosen(element, chosen, offered) if kind in _OPTION_FIELDS else chosen}
    if kind in _OPTION_FIELDS:
        return {"type": kind, field: next(iter(_chosen(element, [raw], offered)), None)}
    return {"type": kind, field: raw or None}


def _chosen(element: Element, values: list[Any], offered: Iterable[Element]) -> list[Element]:
    at_first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    known = {option["value"]: option for option in (*at_first, *options_of(element), *offered)}
    return [option for value, option in known.items() if value in values]


def raw_value(state: dict[str, Any]) -> Any:
    """The other way round: what was entered, as `entered` takes it."""
    value = held(state)
    if isinstance(value, dict):
        return value["value"]
    if isinstance(value, list):
        return [item["value"] if isinstance(item, dict) else item for item in value]
    return value


def held(state: dict[str, Any]) -> Any:
    """What a state holds: text, a day, an id, a whole option, or a list of those."""
    return state.get(_FIELDS[state["type"]][0])


def complaint(block: dict[str, Any], state: dict[str, Any]) -> str | None:
    """Why Slack itself would not let this input be submitted; None = it would."""
    value, element = raw_value(state), block["element"]
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    check = _CLIENT_CHECKS.get(element["type"])
    return check(element, value) if check else None


def _text_complaint(element: Element, value: str) -> str | None:
    if length(value) > element.get("max_length", 3_000):
        return f"Please use {element.get('max_length', 3_000)} characters or fewer."
    if length(value) < element.get("min_length", 0):
        return f"Please use at least {element['min_length']} characters."
    return None


def _email_complaint(_element: Element, value: str) -> str | None:
    return None if re.fullmatch(r"[^@\s]+@[^@\s]+", value) else "Please enter a valid email address."


def _url_complaint(_element: Element, value: str) -> str | None:
    return None if re.fullmatch(r"https?://\S+", value) else "Please enter a valid URL."


def _number_complaint(element: Element, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a number."
    low, high = element.get("min_value"), element.get("max_value")
    if (low and float(value) < float(low)) or (high and float(value) > float(high)):
        return "Please enter a number within the limits."
    return None


_CLIENT_CHECKS: dict[str, Callable[[Element, str], str | None]] = {
    "plain_text_input": _text_complaint,
    "email_text_input": _email_complaint,
    "url_text_input": _url_complaint,
    "number_input": _number_complaint,
}
