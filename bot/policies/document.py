"""A YAML file as plain data that remembers the line of every word, so that an error can point at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import yaml

Place = tuple[str | int, ...]
"""The way to a value: keys and list positions from the top of a file."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with a policy file, and what to write instead. ``line`` counts from 1."""

    file: str
    line: int
    what: str
    write: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.write}"


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says; ``lines`` gives the line of each place in it."""

    file: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    readable: bool = True
    """False where it is no YAML at all, so that what is missing in it means nothing."""

    def line(self, place: Place) -> int:
        """The line of ``place``, or of the nearest thing around it that is written down."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, place: Place, what: str, write: str) -> Problem:
        return Problem(self.file, self.line(place), what, write)


class _Mark(Protocol):
    """A position in a file; PyYAML has two classes for it. ``line`` counts from 0."""

    @property
    def line(self) -> int: ...


class _Loader(yaml.SafeLoader):
    """Only ``true``, ``false``, whole numbers, dates and nothing are special; ``yes`` and ``1:30`` stay text."""


STANDARD = "tag:yaml.org,2002:"
"""How the tags of YAML itself begin."""
_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789"),
    ("null", r"^(?:~|null|)$", "~n\0"),
):
    _Loader.add_implicit_resolver(f"{STANDARD}{_tag}", re.compile(_pattern), [*_first, ""])


MOST_BYTES, DEEPEST = 1_000_000, 30
"""A policy file is some kilobytes, and four levels deep."""


def read(path: Path) -> Document:
    """The file's data and lines, or what keeps it from being read; never raises for what a person wrote."""
    file = str(path)
    with path.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return _unreadable(file, 1, f"longer than {MOST_BYTES:,} bytes, as no policy is", "split it, or take it out")
    try:
        return _parsed(file, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _unreadable(file, 1, "not UTF-8 text", "save the file as UTF-8")
    except yaml.reader.ReaderError as error:
        return _unreadable(file, 1, f"not YAML ({error.reason})", "find that character and retype it")
    except yaml.MarkedYAMLError as error:
        return _unreadable(
            file,
            _line(error.problem_mark),
            f"not YAML ({error.problem})",
            "check indentation, quotes and brackets here",
        )


def _parsed(file: str, text: str) -> Document:
    refused = next(_refused(file, text), None)
    return Document(file, problems=(refused,), readable=False) if refused else _Walk(file).document(text)


def _unreadable(file: str, line: int, what: str, write: str) -> Document:
    return Document(file, problems=(Problem(file, line, what, write),), readable=False)


def _refused(file: str, text: str) -> Iterator[Problem]:
    """Anchors, aliases, tags and depth, found before anything is built: a rule must be readable where it stands."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            what = f"lists and groups stand more than {DEEPEST} deep inside each other"
            yield Problem(file, _line(event.start_mark), what, "write it flatter")
        if tag := getattr(event, "tag", None):
            what = f"`{tag.removeprefix(STANDARD)}` is a tag, which policy files do not use"
            yield Problem(file, _line(event.start_mark), what, "write the value alone, in quotes where it is text")
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            what = f"`{event.anchor}` is an anchor or an alias, which policy files do not use"
            yield Problem(file, _line(event.start_mark), what, "write the value out")


def _line(mark: _Mark | None) -> int:
    return mark.line + 1 if mark else 1


class _Walk:
    """One pass over a file's nodes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []

    def document(self, text: str) -> Document:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            data = None if node is None else self.value(loader, node, ())
        finally:
            loader.dispose()
        return Document(self.file, data, self.lines, tuple(self.problems))

    def value(self, loader: _Loader, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, _line(node.start_mark))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(loader, node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(loader, item, (*place, at)) for at, item in enumerate(node.value)]
        try:
            return loader.construct_object(node)
        except ValueError:  # a date that no calendar has; the model says so where a date belongs
            return node.value

    def mapping(self, loader: _Loader, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.problem(key, "a list or a group stands where a name belongs", "write `name: value`")
            elif key.value == "<<":
                self.problem(key, "`<<` merges another group, which policy files do not use", "write the values out")
            elif key.value in data:
                self.problem(key, f"`{key.value}` is written twice", "keep one of them")
            else:
                self.lines[*place, key.value] = _line(key.start_mark)
                data[key.value] = self.value(loader, value, (*place, key.value))
        return data

    def problem(self, node: yaml.Node, what: str, write: str) -> None:
        self.problems.append(Problem(self.file, _line(node.start_mark), what, write))
