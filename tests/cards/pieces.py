"""Which pieces of wording the code names, read from the code: literally, or as a prefix and a known set of endings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

BOT = Path(__file__).parents[2] / "bot"
TREES = {file: ast.parse(file.read_text("utf-8")) for file in sorted(BOT.rglob("*.py"))}
SAID_BY = {"line", "plain", "has"}
"""The methods of ``Words`` that take a piece first."""
FIELDS = {"text", "email", "day", "person", "select", "radio", "several", "pick", "pick_several"}
"""The methods of ``Fields`` that take a field's name first."""


@cache
def named() -> set[str]:
    """The pieces that are named literally."""
    return {part.value for part in _parts() if isinstance(part, ast.Constant)}


@cache
def prefixes() -> set[str]:
    """What stands before the part that is computed, as in ``f"task_{kind}"``."""
    return {_prefix(part) for part in _parts() if isinstance(part, ast.JoinedStr)}


def unreadable() -> list[str]:
    """What is said and is none of these, nor a variable called ``piece``, whose values are."""
    said = (part for tree in TREES.values() for call in _calls(tree) for part in _said(call))
    return [
        ast.unparse(part)
        for part in said
        if not isinstance(part, ast.Constant | ast.JoinedStr) and ast.unparse(part) != "piece"
    ]


@cache
def fields() -> set[str]:
    """The fields of all forms: what an input is built by, or a function that takes ``fields`` first and a name next."""
    calls = [call for tree in TREES.values() for call in _calls(tree)]
    return {str(name.value) for call in calls for name in _field(call) if isinstance(name, ast.Constant)}


def _field(call: ast.Call) -> list[ast.expr]:
    function = call.func
    if isinstance(function, ast.Attribute):
        return call.args[:1] if function.attr in FIELDS and ast.unparse(function.value) == "fields" else []
    return call.args[1:2] if call.args and ast.unparse(call.args[0]) == "fields" else []


def choices() -> Iterator[tuple[str, ast.expr]]:
    """What ``forms.worded`` words: the pieces' prefix, and what makes the endings."""
    for tree in TREES.values():
        for call in _calls(tree):
            if isinstance(call.func, ast.Name) and call.func.id == "worded" and isinstance(call.args[0], ast.Constant):
                yield f"{call.args[0].value}_", call.args[1]


def _parts() -> Iterator[ast.expr]:
    takers = dict(_takers())
    for tree in TREES.values():
        for node in ast.walk(tree):
            yield from (part for expression in _expressions(node, takers) for part in _alternatives(expression))


def _expressions(node: ast.AST, takers: dict[str, int]) -> Iterator[ast.expr]:
    """Where a piece is named: said, given to a function, put into ``piece``, or returned by a function of that name."""
    if isinstance(node, ast.Call):
        yield from _said(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in takers and len(node.args) > takers[name]:
            yield node.args[takers[name]]
    elif isinstance(node, ast.Assign):
        yield from _assigned(node.targets[0], node.value)
    elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Tuple):
        yield from (found for each in node.iter.elts for found in _assigned(node.target, each))
    elif isinstance(node, ast.FunctionDef) and node.name.endswith("_piece"):
        yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value)


def _said(call: ast.Call) -> Iterator[ast.expr]:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in SAID_BY:
        yield from _alternatives(call.args[0]) if ast.unparse(function.value).endswith("words") else ()


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == "piece":
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from (found for pair in zip(target.elts, value.elts, strict=False) for found in _assigned(*pair))


def _takers() -> Iterator[tuple[str, int]]:
    """The functions that take a piece from their caller, and as which argument."""
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield from ((node.name, at) for at, taken in enumerate(node.args.args) if taken.arg == "piece")


def _alternatives(expression: ast.expr) -> Iterator[ast.expr]:
    if isinstance(expression, ast.IfExp):
        yield from _alternatives(expression.body)
        yield from _alternatives(expression.orelse)
    elif not (isinstance(expression, ast.Call) and ast.unparse(expression.func).endswith("_piece")):
        yield expression


def _prefix(part: ast.JoinedStr) -> str:
    first = part.values[0]
    return str(first.value) if isinstance(first, ast.Constant) else ast.unparse(part)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))
