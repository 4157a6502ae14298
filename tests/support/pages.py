"""What a page of docs/ tells its reader to write, taken from the page itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"(?:^ {4}\S.*\n)+", re.MULTILINE)
NAMED = re.compile(
    r"(?:#|<!--|\{#) (?P<file>[\w./-]*\.\w+)(?:, (?P<where>at the end|instead of its piece|(?:below|above): .+?))?"
    r"(?: -->| #\})?"
)
REWORDED = "instead of its piece"
"""In a copy of the shipped file, in a folder of one's own."""
PIECE = r"\{{% macro {name}\(.*?\) %\}}.*?\{{% endmacro %\}}"


@dataclass(frozen=True)
class Block:
    """One fenced block: the file that its first line names, where in it, and all that follows that line."""

    file: str
    where: str | None
    text: str

    def written(self, folder: Path, shipped: Path | None = None) -> None:
        """Does what the block says in a folder. ``shipped``: where a file is that it changes a copy of."""
        path = folder / self.file
        if self.where is None:
            assert not path.exists(), f"{self.file} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.text, "utf-8")
        else:
            old = ((shipped or folder) / self.file).read_text("utf-8")
            path.write_text(self._placed(old), "utf-8")

    def _placed(self, old: str) -> str:
        if self.where == "at the end":
            return old.rstrip("\n") + ("\n\n\n" if self.file.endswith(".py") else "\n") + self.text
        if self.where == REWORDED:
            name = re.search(r"macro (\w+)", self.text)
            assert name
            new, count = re.subn(PIECE.format(name=name[1]), lambda _: self.text.strip(), old, flags=re.DOTALL)
            assert count == 1, f"{self.file} has {count} pieces {name[1]}"
            return new
        side, _, anchor = (self.where or "").partition(": ")
        lines = old.splitlines(keepends=True)
        found = [n for n, line in enumerate(lines) if line.strip() == anchor]
        assert len(found) == 1, f"{self.file} has {len(found)} lines {anchor!r}"
        at = found[0] + (side == "below")
        return "".join([*lines[:at], self.text, *(["\n\n"] if side == "above" else []), *lines[at:]])


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of ``docs/PAGE`` that name a file, in their order."""
    for fenced in FENCED.finditer((ROOT / "docs" / page).read_text("utf-8")):
        first, _, text = fenced["text"].partition("\n")
        if named := NAMED.fullmatch(first):
            yield Block(named["file"], named["where"], text)


def commands(page: str, section: str = "") -> list[str]:
    """The lines that are typed in a terminal: those of indented blocks, under one heading where it is named."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    if section:
        text = next(part for part in re.split(r"^## ", text, flags=re.MULTILINE) if part.startswith(section))
    return [line.strip() for block in INDENTED.findall(text) for line in block.splitlines()]
