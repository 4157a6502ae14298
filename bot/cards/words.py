"""The templates of ``messages/``: one file an area, one macro a piece, wording only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, meta, nodes
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.cards.block_kit.markup import Mrkdwn, escape, one_line, when
from bot.cards.dates import day, in_days, in_days_on, in_utc

UNSAYABLE = (TemplateError, TypeError, ValueError, AttributeError, ArithmeticError, LookupError)
"""What a template that somebody wrote can raise."""

_MACRO = re.compile(r"{%-?\s*macro\s+(\w+)")


class WordsError(Exception):
    """A template lacks a piece, or the piece a fact. The message names both."""


class Words:
    """Pieces of text by name, each in one file. A file in ``overrides`` replaces its shipped namesake whole."""

    def __init__(self, folder: Path, overrides: Path | None = None) -> None:
        self._shipped, self._overrides = folder, overrides
        self._files = {piece: file.name for file in _templates(folder) for piece in _names(file)}
        folders = [overrides, folder] if overrides else [folder]
        self._marked_up = _Pieces(_environment(folders, _as_markup), self._files)
        self._plain = _Pieces(_environment(folders, _as_plain), self._files)

    def line(self, piece: str, /, **facts: object) -> Mrkdwn:
        """A piece as mrkdwn: every fact shown as typed unless it is a ``Mrkdwn``. Raises WordsError."""
        return Mrkdwn(self._marked_up.render(piece, facts))

    def plain(self, piece: str, /, **facts: object) -> str:
        """A piece for a plain_text field, where Slack reads no markup. Raises WordsError."""
        return self._plain.render(piece, facts)

    def has(self, piece: str) -> bool:
        """Whether the templates in use have such a piece."""
        return self._plain.has(piece)

    def check(self) -> list[str]:
        """What is wrong with the templates in use, one sentence each; compiles every piece."""
        return [*self._misnamed(), *(problem for file in _templates(self._shipped) for problem in self._wrong_in(file))]

    def _misnamed(self) -> Iterable[str]:
        if self._overrides is None:
            return
        if not self._overrides.is_dir():
            yield f"{self._overrides} is not a folder: name the folder with your templates."
            return
        known = [file.name for file in _templates(self._shipped)]
        for file in sorted(self._overrides.iterdir()):
            if file.name not in known and not file.name.startswith(".") and file.suffix != ".md":
                yield f"{file.name} replaces no shipped file: there are {_listed(known)}."

    def _wrong_in(self, shipped: Path) -> Iterable[str]:
        name = shipped.name
        original = _macros(_environment([self._shipped], _as_plain), name)
        try:
            used = _macros(self._marked_up.environment, name)
        except WordsError as error:
            yield str(error)
            return
        unknown = _undeclared(self._marked_up.environment, name)
        for piece in original.keys() - used.keys():
            yield f"{name} has no piece {piece}: copy it from the shipped file."
        for piece in sorted(used.keys() - original.keys()):
            yield f"{name}: no message uses a piece {piece}.{_meant(piece, original)}"
        for piece in original.keys() & used.keys():
            given = original[piece].arguments
            for fact in sorted(set(used[piece].arguments).difference(given)):
                yield f"{name}: {piece} asks for {fact}, which it is never given.{_meant(fact, given)}"
            for fact in sorted(unknown.get(piece, ())):
                yield f"{name}: {piece} uses {fact}, which it is never given.{_meant(fact, given)}"
        own = self._overrides / name if self._overrides else shipped
        for piece, times in Counter(_names(own if own.exists() else shipped)).items():
            if times > 1:
                yield f"{name} has {times} pieces {piece}: only the last one counts."


class _Pieces:
    """The macros of the templates in use, each looked up once: that took longer than rendering it."""

    def __init__(self, environment: Environment, files: Mapping[str, str]) -> None:
        self.environment = environment
        self._files = files
        self._found: dict[str, Macro] = {}

    def render(self, piece: str, facts: Mapping[str, object]) -> str:
        macro = self._found.get(piece) or self._look_up(piece)
        wanted = {name: facts[name] for name in macro.arguments if name in facts}
        try:
            return str(macro(**wanted)).strip()
        except UNSAYABLE as error:
            raise WordsError(f"{self._files[piece]}, {piece}: {error}") from error

    def has(self, piece: str) -> bool:
        try:
            return bool(self._found.get(piece) or self._look_up(piece))
        except WordsError:
            return False

    def _look_up(self, piece: str) -> Macro:
        file = self._files.get(piece)
        if file is None:
            raise WordsError(f"no template has a piece {piece}")
        found = _macros(self.environment, file)
        if piece not in found:
            raise WordsError(f"{file} has no piece {piece}")
        return self._found.setdefault(piece, found[piece])


def _templates(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.j2"))


def _names(file: Path) -> list[str]:
    """Read, not compiled, so that a command compiles only the files whose words it says."""
    return _MACRO.findall(file.read_text("utf-8"))


def _meant(piece: str, known: Iterable[str]) -> str:
    near = get_close_matches(piece, [*known], n=1)
    return f" Did you mean {near[0]}?" if near else ""


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
        "either": _either,
        "spoken": _spoken,
    }
    return environment


def _macros(environment: Environment, file: str) -> dict[str, Macro]:
    try:
        module = environment.get_template(file).module
    except UNSAYABLE as error:
        line = getattr(error, "lineno", None)
        raise WordsError(f"{file}{f':{line}' if line else ''}: {error}") from error
    return {name: value for name, value in vars(module).items() if isinstance(value, Macro)}


def _undeclared(environment: Environment, file: str) -> dict[str, set[str]]:
    """By piece, the names it uses that are neither its arguments nor defined in its file."""
    source, _, _ = environment.loader.get_source(environment, file)  # type: ignore[union-attr]
    tree = environment.parse(source)
    free = meta.find_undeclared_variables(tree)
    pieces = {macro.name: nodes.Template([macro], lineno=macro.lineno) for macro in tree.find_all(nodes.Macro)}
    for piece in pieces.values():
        piece.set_environment(environment)
    return {name: free & meta.find_undeclared_variables(piece) for name, piece in pieces.items()}


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


def _either(names: Iterable[str]) -> str:
    """ "a, b or c"."""
    *first, last = [*names] or [""]
    return f"{', '.join(first)} or {last}" if first else last


def _spoken(key: str) -> str:
    """A policy's key as words: "credentials committee"."""
    return key.replace("_", " ")
