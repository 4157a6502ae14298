"""Checks the fields of blocks, elements and composition objects against their rules."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from slack_sandbox.block_kit.limits import (
    CONFIRM,
    DATE,
    DISPATCH_TRIGGERS,
    ELEMENTS,
    FILTER_KEYS,
    GROUP_LABEL,
    ID_LENGTH,
    OPTION_DESCRIPTION,
    OPTION_GROUPS,
    OPTION_TEXT,
    OPTION_VALUE,
    OPTIONS_IN_SELECT,
    TABLE_CELLS,
    URL,
    URL_LENGTH,
    Rule,
)

Fields = dict[str, Rule]
_OPTION: Fields = {
    "text": Rule("text", OPTION_TEXT, required=True),
    "value": Rule("string", OPTION_VALUE, 1, required=True),
    "description": Rule("text", OPTION_DESCRIPTION),
    "url": Rule("pattern", URL_LENGTH, pattern=URL),
}
_GROUP: Fields = {
    "label": Rule("plain", GROUP_LABEL, required=True),
    "options": Rule("options", count=OPTIONS_IN_SELECT, required=True),
}
_ACTION_ID: Fields = {"action_id": Rule("string", ID_LENGTH, 1)}
_RICH_PARTS = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}


def length(text: str) -> int:
    """The length Slack might count: the larger of code points and UTF-16 units."""
    return max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def problem(what: str, at: str) -> str:
    """One problem in the form of Slack's `response_metadata.messages`."""
    return f"[ERROR] {what} [json-pointer:{at}]"


def check_fields(shape: Any, fields: Fields, at: str) -> Iterator[str]:
    """Problems of one object: unknown and missing fields, and what each field holds."""
    if not isinstance(shape, dict):
        yield problem("must be an object", at)
        return
    for name in shape.keys() - fields.keys():
        yield problem(f"invalid additional property: {name}", at)
    for name, rule in fields.items():
        value = shape.get(name)
        if value is None:
            if rule.required:
                yield problem(f"missing required field: {name}", at)
        else:
            yield from _CHECKS[rule.kind](value, rule, f"{at}/{name}")


def _text(value: Any, rule: Rule, at: str) -> Iterator[str]:
    allowed = {"plain_text"} if rule.kind == "plain" else {"plain_text", "mrkdwn"}
    if not isinstance(value, dict) or value.get("type") not in allowed:
        yield problem(f"must be a text object of type {' or '.join(sorted(allowed))}", at)
        return
    flag = "emoji" if value["type"] == "plain_text" else "verbatim"
    shape = {"text": Rule("string", rule.most, 1, required=True), flag: Rule("bool")}
    yield from check_fields({k: v for k, v in value.items() if k != "type"}, shape, at)


def _texts(value: Any, rule: Rule, at: str) -> Iterator[str]:
    yield from _counted(value, rule, at)
    for position, item in enumerate(_items(value)):
        yield from _text(item, Rule("text", rule.most), f"{at}/{position}")


def _string(value: Any, rule: Rule, at: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield problem("must be a string", at)
    elif length(value) > rule.most:
        yield problem(f"must be less than {rule.most + 1} characters", at)
    elif len(value) < rule.least:
        yield problem(f"must be more than {rule.least - 1} characters", at)


def _bool(value: Any, _rule: Rule, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield problem("must be true or false", at)


def _number(value: Any, rule: Rule, at: str) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield problem("must be a number", at)
    elif value < rule.least or (rule.most and value > rule.most):
        yield problem(f"must be from {rule.least} to {rule.most or 'any'}", at)


def _pattern(value: Any, rule: Rule, at: str) -> Iterator[str]:
    if not isinstance(value, str) or not re.fullmatch(rule.pattern, value):
        yield problem("has the wrong format", at)
    elif rule.most and length(value) > rule.most:
        yield problem(f"must be less than {rule.most + 1} characters", at)
    elif rule.pattern == DATE and not _is_date(value):
        yield problem("is no date", at)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _enum(value: Any, rule: Rule, at: str) -> Iterator[str]:
    if value not in rule.names:
        yield problem(f"must be one of {', '.join(sorted(rule.names))}", at)


def suggestion_problems(body: Any) -> Iterator[str]:
    """Problems of an answer to `block_suggestion`; no options at all means that nothing fits."""
    options = body.get("options") if isinstance(body, dict) else None
    yield from _counted(options, Rule("options", count=OPTIONS_IN_SELECT), "/options")
    for position, item in enumerate(_items(options)):
        yield from check_fields(item, _OPTION, f"/options/{position}")


def _element(value: Any, rule: Rule, at: str) -> Iterator[str]:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in rule.names:
        yield problem("unsupported type", f"{at}/type")
    elif kind in {"plain_text", "mrkdwn"}:
        yield from _text(value, Rule("text", 3_000), at)
    else:
        known = ELEMENTS[kind] if kind == "image" else ELEMENTS[kind] | _ACTION_ID
        yield from check_fields({k: v for k, v in value.items() if k != "type"}, known, at)
        yield from _choices(value, at)


def _elements(value: Any, rule: Rule, at: str) -> Iterator[str]:
    yield from _counted(value, rule, at)
    for position, item in enumerate(_items(value)):
        yield from _element(item, rule, f"{at}/{position}")


def _choices(element: dict[str, Any], at: str) -> Iterator[str]:
    """Rules between an element's options and what is chosen at first."""
    kind = element["type"]
    if kind.endswith("static_select") and bool(element.get("options")) == bool(element.get("option_groups")):
        yield problem("needs either `options` or `option_groups`", at)
    if kind.endswith("external_select"):
        return
    options = options_of(element)
    if "initial_option" in element and element["initial_option"] not in options:
        yield problem("must equal one of the options", f"{at}/initial_option")
    if any(chosen not in options for chosen in _items(element.get("initial_options", []))):
        yield problem("must each equal one of the options", f"{at}/initial_options")
    if element.get("initial_options") == []:
        yield problem("must not be empty", f"{at}/initial_options")


def options_of(element: dict[str, Any]) -> list[dict[str, Any]]:
    """All options of an element, those in groups included."""
    grouped = [o for g in _items(element.get("option_groups", [])) for o in _items(g.get("options", []))]
    return [o for o in [*_items(element.get("options", [])), *grouped] if isinstance(o, dict)]


def _option(value: Any, _rule: Rule, at: str) -> Iterator[str]:
    yield from check_fields(value, _OPTION, at)


def _options(value: Any, rule: Rule, at: str) -> Iterator[str]:
    yield from _counted(value, Rule("options", least=1, count=rule.count), at)
    for position, item in enumerate(_items(value)):
        yield from check_fields(item, _OPTION, f"{at}/{position}")


def _option_groups(value: Any, _rule: Rule, at: str) -> Iterator[str]:
    yield from _counted(value, Rule("option_groups", least=1, count=OPTION_GROUPS), at)
    for position, item in enumerate(_items(value)):
        yield from check_fields(item, _GROUP, f"{at}/{position}")


def _confirm(value: Any, _rule: Rule, at: str) -> Iterator[str]:
    yield from check_fields(value, CONFIRM, at)


def _strings(value: Any, _rule: Rule, at: str) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        yield problem("must be a list of ids", at)


def _filter(value: Any, _rule: Rule, at: str) -> Iterator[str]:
    if not isinstance(value, dict) or not value or value.keys() - FILTER_KEYS:
        yield problem("is no conversation filter", at)
    elif value.get("include") == []:
        yield problem("must not be empty", f"{at}/include")


def _dispatch(value: Any, _rule: Rule, at: str) -> Iterator[str]:
    triggers = value.get("trigger_actions_on") if isinstance(value, dict) else None
    if not triggers or not set(_items(triggers)) <= DISPATCH_TRIGGERS:
        yield problem("needs one or two of the dispatch triggers", at)


def _rich(value: Any, _rule: Rule, at: str) -> Iterator[str]:
    for position, part in enumerate(_items(value)):
        if not isinstance(part, dict) or part.get("type") not in _RICH_PARTS:
            yield problem("unsupported type", f"{at}/{position}/type")
            continue
        for piece in _items(part.get("elements", [])):
            if isinstance(piece, dict) and piece.get("type") in {"broadcast", "usergroup"}:
                yield problem(f"{piece['type']} pings everybody", f"{at}/{position}")


def _rows(value: Any, rule: Rule, at: str) -> Iterator[str]:
    yield from _counted(value, rule, at)
    for position, row in enumerate(_items(value)):
        yield from _counted(row, Rule("rows", least=1, count=TABLE_CELLS), f"{at}/{position}")
        for cell in _items(row):
            if not isinstance(cell, dict) or cell.get("type") not in {"raw_text", "rich_text"}:
                yield problem("unsupported cell", f"{at}/{position}")
            elif cell["type"] == "raw_text" and not cell.get("text"):
                yield problem("must be more than 0 characters", f"{at}/{position}")


def _columns(value: Any, rule: Rule, at: str) -> Iterator[str]:
    yield from _counted(value, rule, at)


def _file(value: Any, _rule: Rule, at: str) -> Iterator[str]:
    if not isinstance(value, dict) or bool(value.get("url")) == bool(value.get("id")):
        yield problem("needs either `url` or `id`", at)


def _counted(value: Any, rule: Rule, at: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield problem("must be a list", at)
    elif len(value) > rule.count:
        yield problem(f"no more than {rule.count} items allowed", at)
    elif len(value) < rule.least:
        yield problem(f"must hold at least {rule.least} item", at)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_CHECKS: dict[str, Callable[[Any, Rule, str], Iterator[str]]] = {
    "plain": _text,
    "text": _text,
    "texts": _texts,
    "string": _string,
    "bool": _bool,
    "number": _number,
    "pattern": _pattern,
    "enum": _enum,
    "element": _element,
    "elements": _elements,
    "option": _option,
    "options": _options,
    "option_groups": _option_groups,
    "confirm": _confirm,
    "users": _strings,
    "filter": _filter,
    "dispatch": _dispatch,
    "rich": _rich,
    "rows": _rows,
    "columns": _columns,
    "file": _file,
}
