"""A modal as its reader sees it, and how its inputs are found by their labels."""

from dataclasses import dataclass
from typing import Any

from slack_sandbox.block_kit.checks import elements_of
from slack_sandbox.block_kit.fields import options_of
from slack_sandbox.modals import View
from slack_sandbox.person.inputs import held, is_stateful
from slack_sandbox.person.reading import Reader


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
                fields[label_of(reader, block, element)] = shown(state)
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


def shown(state: dict[str, Any]) -> Any:
    """What an element displays: for options their text, otherwise the value itself."""
    value = held(state)
    return [_words(item) for item in value] if isinstance(value, list) else _words(value)


def _words(item: Any) -> Any:
    return item["text"]["text"] if isinstance(item, dict) else item


def question(confirm: dict[str, Any] | None) -> str | None:
    """What a confirm dialog says, with its two buttons; None where nothing is asked."""
    if confirm is None:
        return None
    title, text, yes, no = (confirm[name]["text"] for name in ("title", "text", "confirm", "deny"))
    return f"{title}\n{text}\n[{yes}] [{no}]"


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
