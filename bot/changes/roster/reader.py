"""A roster file as rows: each cell read, or named with what is wrong. Nothing is guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from bot.changes.roster.cells import CellLookups, read_row
from bot.changes.roster.columns import COLUMNS, NEEDED, CellProblem, RosterRejected, RosterRow
from bot.rules.policy import Policies

MOST_BYTES, MOST_ROWS = 20_000_000, 50_000
"""Of one file; a row has some 150 bytes."""
SPLIT = "Split it into several files, each with the first line, and import one after the other."
_KNOWN = ", ".join(COLUMNS)


def read_rows(path: Path, policies: Policies, today: date) -> list[RosterRow] | RosterRejected:
    """Every row of a CSV file, or everything that is wrong with it. ``today`` is the organization's.

    UTF-8, with or without a byte order mark; headers in any case and order; dates YYYY-MM-DD.
    """
    lines = _records(path)
    if isinstance(lines, RosterRejected):
        return lines
    if not lines:
        return _rejected(1, "file", f"The file is empty. Its first line names the columns: {_KNOWN}.")
    header = [cell.strip().lower().replace(" ", "_") for cell in lines[0][1]]
    problems = list(_header_problems(header))
    if problems:
        return RosterRejected(tuple(problems))
    known = CellLookups(policies)
    read = [read_row(number, header, cells, known=known, today=today) for number, cells in lines[1:]]
    problems = [problem for row in read if isinstance(row, RosterRejected) for problem in row.problems]
    return RosterRejected(tuple(problems)) if problems else [row for row in read if isinstance(row, RosterRow)]


def _records(path: Path) -> list[tuple[int, list[str]]] | RosterRejected:
    """The filled records by row, the header first; of a file beyond the limits no more than these is read."""
    with path.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return _rejected(1, "file", f"It has more than {MOST_BYTES // 1_000_000} MB. {SPLIT}")
    try:
        content.decode("utf-8-sig")
        lines = list(islice(_filled(content), MOST_ROWS + 2))
    except UnicodeDecodeError as error:
        return _rejected(1, "file", f"Byte {error.start + 1} is not UTF-8. Save the file as CSV UTF-8.")
    except csv.Error as error:
        return _rejected(1, "file", f"This is not a CSV file: {error}.")
    if len(lines) > MOST_ROWS + 1:
        return _rejected(lines[-1][0], "file", f"It has more than {MOST_ROWS:,} rows. {SPLIT}")
    return lines


def _filled(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each record that says something, with its row as a spreadsheet counts, whatever line breaks its cells hold."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    rows = enumerate(csv.reader(text, strict=True), 1)
    return ((number, cells) for number, cells in rows if any(cell.strip() for cell in cells) or number == 1)


def _rejected(row: int, column: str, what: str) -> RosterRejected:
    return RosterRejected((CellProblem(row, column, what),))


def _header_problems(header: Sequence[str]) -> Iterator[CellProblem]:
    for name in dict.fromkeys(header):
        if name not in COLUMNS:
            yield CellProblem(1, name or "(empty)", f"There is no such column. The columns are {_KNOWN}.")
        elif header.count(name) > 1:
            yield CellProblem(1, name, "This column is there twice.")
    for name in NEEDED:
        if name not in header:
            yield CellProblem(1, name, "This column is missing.")
