"""A form's inputs. A ``block_id`` begins with the field's name; the words are ``label_FIELD`` and ``hint_FIELD``.

What a policy lists can be seen whole. What grows with the data is chosen from a list while that is short, and searched
beyond: a list of 500 people weighs as much as Slack takes of an acknowledgement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import groupby, islice
from typing import Any
from unicodedata import combining, normalize

from slackblocks import (
    Block,
    CheckboxGroup,
    DatePicker,
    Element,
    EmailInput,
    ExternalMultiSelectMenu,
    ExternalSelectMenu,
    InputBlock,
    Option,
    OptionGroup,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
    StaticMultiSelectMenu,
    StaticSelectMenu,
    UserSelectMenu,
)

from bot.cards.actions import VALUE
from bot.cards.block_kit.blocks import section
from bot.cards.block_kit.limits import as_typed, clip
from bot.cards.words import Words

Values = Mapping[str, str | Sequence[str] | None]
"""What was typed or chosen, by field: text, an option's value, a date as YYYY-MM-DD, or several options' values.

None: left empty."""

LABEL, HINT, OPTION, OPTION_VALUE = 2_000, 2_000, 75, 150
BOXES, OPTIONS, GROUPS = 10, 100, 100
PICKED = 100
"""So many a picker shows, or has chosen at first."""
LONG, SHORT = 3_000, 200

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Choosable:
    """One thing to choose; ``note`` is small print below it, and ``number`` finds it too, as an NPI does."""

    value: str
    label: str
    note: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Builds inputs that show again what was typed, and say what was wrong with it."""

    words: Words
    values: Values = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def problems(self) -> list[Block]:
        """What was wrong, above the inputs: ``views.update`` cannot mark them."""
        return [section(self.words.line("form_problem", label=self._known(f), text=t)) for f, t in self.errors.items()]

    def text(self, name: str, *, optional: bool = False, long: bool = False, **facts: object) -> Block:
        most = LONG if long else SHORT
        typed = self._one(name)
        element = PlainTextInput(
            action_id=VALUE, initial_value=clip(typed, most) if typed else None, multiline=long, max_length=most
        )
        return self._input(name, element, optional, facts)

    def email(self, name: str, *, optional: bool = False) -> Block:
        typed = self._one(name)
        return self._input(
            name, EmailInput(action_id=VALUE, initial_value=clip(typed, SHORT) if typed else None), optional
        )

    def day(self, name: str, *, optional: bool = False, **facts: object) -> Block:
        typed = self._one(name)
        element = DatePicker(action_id=VALUE, initial_date=typed if _is_day(typed) else None)
        return self._input(name, element, optional, facts)

    def person(self, name: str, *, optional: bool = False) -> Block:
        return self._input(name, UserSelectMenu(action_id=VALUE, initial_user=self._one(name) or None), optional)

    def select(self, name: str, choices: Iterable[Choosable], *, optional: bool = False) -> Block:
        """One of what a policy lists: above 100 they are grouped by their first letters."""
        several, chosen = self._among(name, choices)
        at_first = chosen[0] if chosen else None
        element = (
            StaticSelectMenu(action_id=VALUE, options=several, initial_option=at_first)
            if len(several) <= OPTIONS
            else StaticSelectMenu(action_id=VALUE, option_groups=_grouped(several), initial_option=at_first)
        )
        return self._input(name, element, optional)

    def radio(self, name: str, choices: Iterable[Choosable]) -> Block:
        """One of at most ten."""
        found, chosen = self._among(name, choices)
        element = RadioButtonGroup(VALUE, found, initial_option=chosen[0] if chosen else None)
        return self._input(name, element, optional=False)

    def several(self, name: str, choices: Iterable[Choosable], *, optional: bool = False) -> Block:
        """Any of what a policy lists: boxes to tick, above ten a menu, above 100 grouped by their first letters."""
        several, chosen = self._among(name, choices)
        if len(several) > OPTIONS:
            return self._input(name, _shelved(several, chosen), optional)
        boxes = CheckboxGroup if len(several) <= BOXES else StaticMultiSelectMenu
        return self._input(name, boxes(VALUE, several, initial_options=chosen), optional)

    def pick(self, name: str, choices: Iterable[Choosable], *, optional: bool = False) -> Block:
        """One of what grows with the data: above 100 it is searched."""
        listed = list(choices)
        if len(listed) <= PICKED:
            return self.select(name, listed, optional=optional)
        at_first = next(self._chosen(name, listed), None)
        return self._input(name, ExternalSelectMenu(VALUE, initial_option=at_first, **self._search(name)), optional)

    def pick_several(self, name: str, choices: Iterable[Choosable], *, optional: bool = False) -> Block:
        """Any of what grows with the data: boxes to tick, above ten a menu, above 100 it is searched."""
        listed = list(choices)
        if len(listed) <= PICKED:
            return self.several(name, listed, optional=optional)
        at_first = list(self._chosen(name, listed)) or None
        most = {"max_selected_items": PICKED, **self._search(name)}
        return self._input(name, ExternalMultiSelectMenu(VALUE, initial_options=at_first, **most), optional)

    def _chosen(self, name: str, choices: Iterable[Choosable]) -> Iterator[Option]:
        wanted = set(self._many(name))
        return (option(choice) for choice in choices if choice.value in wanted)

    def _search(self, name: str) -> dict[str, Any]:
        piece = f"search_{name}" if self.words.has(f"search_{name}") else "search"
        return {"min_query_length": 1, "placeholder": self.words.plain(piece)}

    def _among(self, name: str, choices: Iterable[Choosable]) -> tuple[list[Option], list[Option] | None]:
        """All options, and those that are chosen; slackblocks wants None for none."""
        known = {choice.value: option(choice) for choice in choices}
        chosen = [known[value] for value in self._many(name) if value in known]
        return list(known.values()), chosen or None

    def _input(self, name: str, element: Element, optional: bool, facts: Mapping[str, object] | None = None) -> Block:
        if name in self.errors:
            element.focus_on_load = True  # type: ignore[attr-defined]
        hinted = self.words.has(f"hint_{name}")
        hint = self.words.plain(f"hint_{name}", **(facts or {})) if hinted else ""
        return InputBlock(
            PlainText(clip(self._label(name), LABEL)),
            element,
            block_id=name,
            hint=PlainText(clip(hint, HINT)) if hint else None,
            optional=optional,
        )

    def _label(self, name: str) -> str:
        return self.words.plain(f"label_{name}")

    def _known(self, name: str) -> str:
        return self._label(name) if self.words.has(f"label_{name}") else ""

    def _one(self, name: str) -> str:
        value = self.values.get(name) or ""
        return value if isinstance(value, str) else next(iter(value), "")

    def _many(self, name: str) -> Sequence[str]:
        value = self.values.get(name) or ()
        return (value,) if isinstance(value, str) else value


def suggested(choices: Iterable[Choosable], query: str) -> list[dict[str, Any]]:
    """Those of the choices that fit what was typed, as a list that is searched offers them: at most 100.

    Each word typed begins a word of a label, in any case and without accents, or a number.
    """
    typed = _words_of(query)
    found = [option(choice)._resolve() for choice in islice(filter(partial(_fits, typed), choices), OPTIONS)]
    as_typed(found)
    return found


def _fits(typed: Sequence[str], choice: Choosable) -> bool:
    known = [*_words_of(choice.label), *_words_of(choice.number)]
    return all(any(word.startswith(part) for word in known) for part in typed)


def _words_of(text: str) -> list[str]:
    plain = "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))
    return re.findall(r"\w+", plain)


def option(choice: Choosable) -> Option:
    note = PlainText(clip(choice.note, OPTION)) if choice.note else None
    return Option(PlainText(clip(choice.label, OPTION)), clip(choice.value, OPTION_VALUE), description=note)


def _shelved(options: Sequence[Option], chosen: list[Option] | None) -> Element:
    """A menu of more than 100; what is chosen in it are options, where slackblocks would have groups."""
    menu = StaticMultiSelectMenu(VALUE, options=None, option_groups=_grouped(options))  # type: ignore[arg-type]
    menu.initial_options = [*chosen] if chosen else None
    return menu


def _grouped(options: Sequence[Option]) -> list[OptionGroup]:
    """By first letter, at most 100 to a group; a letter with more has several groups."""
    by_letter = sorted(options, key=lambda option: (_initial(option), option.text.text.casefold()))
    groups = []
    for letter, found in groupby(by_letter, key=_initial):
        shelf = list(found)
        groups += [(letter, shelf[at : at + OPTIONS]) for at in range(0, len(shelf), OPTIONS)]
    return [OptionGroup(PlainText(letter), shelf) for letter, shelf in groups[:GROUPS]]


def _initial(option: Option) -> str:
    return option.text.text.strip()[:1].upper()


def _is_day(typed: str) -> bool:
    try:
        return bool(_ISO.fullmatch(typed)) and bool(date.fromisoformat(typed))
    except ValueError:
        return False
