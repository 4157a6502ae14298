"""The templates of ``messages/``: one file a conversation, one macro a piece, wording only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, meta, nodes
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.cards.block_kit.markup import Mrkdwn, escape, one_line, when
from bot.cards.dates import day, in_days, in_days_on, in_utc

UNSAYABLE = (TemplateError, TypeError, ValueError, AttributeError, ArithmeticError, LookupError)
"""What a template that somebody wrote can raise."""


class WordsError(Exception):
    """A template lacks a piece, or the piece a fact. The message names both."""


class Words:
    """Pieces of text by conversation and name. A file in ``overrides`` replaces its shipped namesake whole."""

    def __init__(self, folder: Path, overrides: Path | None = None) -> None:
        self._shipped = folder
        folders = [overrides, folder] if overrides else [folder]
        self._marked_up = _environment(folders, _as_markup)
        self._plain = _environment(folders, _as_plain)

    def line(self, conversation: str, piece: str, /, **facts: object) -> Mrkdwn:
        """A piece as mrkdwn: every fact shown as typed unless it is a ``Mrkdwn``. Raises WordsError."""
        return Mrkdwn(_render(self._marked_up, conversation, piece, facts))

    def plain(self, conversation: str, piece: str, /, **facts: object) -> str:
        """A piece for a plain_text field, where Slack reads no markup. Raises WordsError."""
        return _render(self._plain, conversation, piece, facts)

    def has(self, conversation: str, piece: str) -> bool:
        """Whether there is such a piece."""
        return piece in _macros(self._plain, conversation)

    def check(self) -> list[str]:
        """What is wrong with the templates in use, one sentence each; compiles every piece."""
        return [problem for file in sorted(self._shipped.glob("*.j2")) for problem in self._problems(file)]

    def _problems(self, shipped: Path) -> Iterable[str]:
        original = _macros(_environment([self._shipped], _as_plain), shipped.stem)
        try:
            used = _macros(self._marked_up, shipped.stem)
        except WordsError as error:
            yield str(error)
            return
        unknown = _undeclared(self._marked_up, shipped.stem)
        for piece in original.keys() - used.keys():
            yield f"{shipped.name} has no piece {piece}: copy it from the shipped file."
        for piece in original.keys() & used.keys():
            given = original[piece].arguments
            for fact in sorted(set(used[piece].arguments).difference(given)):
                yield f"{shipped.name}: {piece} asks for {fact}, which it is never given.{_near(fact, given)}"
            for fact in sorted(unknown.get(piece, ())):
                yield f"{shipped.name}: {piece} uses {fact}, which it is never given.{_near(fact, given)}"


def _environment(folders: list[Path], finalize: Callable[[object], str]) -> Environment:
    # Whoever may change a wording runs no code by it: a template reaches the facts it is given, nothing behind them.
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        autoescape=False,  # finalize escapes for Slack; HTML's way would show "it&#39;s"
    )
    environment.filters |= {
        "day": day,
        "in_days": in_days,
        "in_days_on": in_days_on,
        "count": _count,
        "listed": _listed,
        "spoken": _spoken,
    }
    return environment


def _macros(environment: Environment, conversation: str) -> dict[str, Macro]:
    try:
        module = environment.get_template(f"{conversation}.j2").module
    except UNSAYABLE as error:
        line = getattr(error, "lineno", None)
        raise WordsError(f"{conversation}.j2{f':{line}' if line else ''}: {error}") from error
    return {name: value for name, value in vars(module).items() if isinstance(value, Macro)}


def _undeclared(environment: Environment, conversation: str) -> dict[str, set[str]]:
    """By piece, the names it uses that are neither its arguments nor defined in its file."""
    source, _, _ = environment.loader.get_source(environment, f"{conversation}.j2")  # type: ignore[union-attr]
    tree = environment.parse(source)
    free = meta.find_undeclared_variables(tree)
    pieces = {macro.name: nodes.Template([macro], lineno=macro.lineno) for macro in tree.find_all(nodes.Macro)}
    for piece in pieces.values():
        piece.set_environment(environment)
    return {name: free & meta.find_undeclared_variables(piece) for name, piece in pieces.items()}


def _near(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _render(environment: Environment, conversation: str, piece: str, facts: dict[str, Any]) -> str:
    macro = _macros(environment, conversation).get(piece)
    if macro is None:
        raise WordsError(f"{conversation}.j2 has no piece {piece}")
    wanted = {name: facts[name] for name in macro.arguments if name in facts}
    try:
        return str(macro(**wanted)).strip()
    except UNSAYABLE as error:
        raise WordsError(f"{conversation}.j2, {piece}: {error}") from error


def _as_markup(value: object) -> str:
    if isinstance(value, Mrkdwn):
        return value
    return when(value) if isinstance(value, datetime) else escape(_as_plain(value))


def _as_plain(value: object) -> str:
    if isinstance(value, datetime):
        return in_utc(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be said")


def _count(number: int, one: str, many: str | None = None) -> str:
    """ "1 day", "3 days"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _listed(names: Iterable[str]) -> str:
    """ "a, b and c"."""
    *first, last = [*names] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _spoken(key: str) -> str:
    """A policy's key as words: "credentials committee"."""
    return key.replace("_", " ")
