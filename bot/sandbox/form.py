"""A modal as its reader sees it, and how its inputs are found by their labels."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.block_kit import elements_of
from bot.sandbox.block_kit_fields import options_of
from bot.sandbox.inputs import is_stateful, raw_value
from bot.sandbox.reading import Reader
from bot.sandbox.views import View


@dataclass(frozen=True)
class Modal:
    """What is on the screen; `fields` and `errors` go by the inputs' labels."""

    title: str
    text: str
    fields: dict[str, Any]
    errors: dict[str, str]
    buttons: list[str]
    submit: str | None

    @property
    def words(self) -> str:
        """All of it as text, for searching and for messages about what is missing."""
        fields = [f"{label}: {value}" for label, value in self.fields.items()]
        errors = [f"! {label}: {error}" for label, error in self.errors.items()]
        return "\n".join([self.title, self.text, *fields, *errors])


def read_modal(reader: Reader, view: View) -> Modal:
    """The modal in words."""
    shape = view.shape
    fields, errors, buttons = {}, {}, []
    for block in shape["blocks"]:
        for element in elements_of(block):
            if element["type"] == "button":
                buttons.append(reader.label(element))
            elif is_stateful(element):
                state = view.state[block["block_id"]][element["action_id"]]
                fields[label_of(reader, block, element)] = shown(element, state)
        if block["block_id"] in view.errors:
            errors[label_of(reader, block, block.get("element", {}))] = view.errors[block["block_id"]]
    submit = shape.get("submit")
    return Modal(
        title=reader.text_object(shape["title"]),
        text="\n".join(reader.blocks(shape["blocks"])),
        fields=fields,
        errors=errors,
        buttons=buttons,
        submit=reader.text_object(submit) if submit else None,
    )


def label_of(reader: Reader, block: dict[str, Any], element: dict[str, Any]) -> str:
    """The words beside an element."""
    if block["type"] == "input":
        return reader.text_object(block["label"])
    return reader.label(element) or reader.text_object(block.get("text"))


def shown(element: dict[str, Any], state: dict[str, Any]) -> Any:
    """What an element displays: for options their text, otherwise the value itself."""
    value = raw_value(state)
    names = {option["value"]: option["text"]["text"] for option in options_of(element)}
    if isinstance(value, list):
        return [names.get(item, item) for item in value]
    return names.get(value, value)


def chosen(element: dict[str, Any], wanted: Any) -> Any:
    """The raw value of options named by their text; anything else is entered as it is."""
    values = {option["text"]["text"]: option["value"] for option in options_of(element)}
    if not values:
        return wanted
    names = wanted if isinstance(wanted, list) else [wanted]
    unknown = [name for name in names if name is not None and name not in values]
    if unknown:
        raise AssertionError(f"There is no option {unknown[0]!r} among {sorted(values)}.")
    found = [values[name] for name in names if name is not None]
    return found if isinstance(wanted, list) else next(iter(found), None)
