"""A roster file as rows: each cell read, or named with what is wrong. Nothing is guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from bot.changes.roster_cells import Known, read_row
from bot.changes.roster_values import COLUMNS, NEEDED, CellProblem, Rejected, RosterRow
from bot.rules.policy import Policies

_KNOWN = ", ".join(COLUMNS)


def read_rows(path: Path, policies: Policies, today: date) -> list[RosterRow] | Rejected:
    """Every row of a CSV file, or everything that is wrong with it. ``today`` is the organization's.

    UTF-8, with or without a byte order mark; headers in any case and order; dates YYYY-MM-DD.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _rejected(1, "file", f"Byte {error.start + 1} is not UTF-8. Save the file as CSV UTF-8.")
    try:
        lines = list(_lines(text))
    except csv.Error as error:
        return _rejected(1, "file", f"This is not a CSV file: {error}.")
    if not lines:
        return _rejected(1, "file", f"The file is empty. Its first line names the columns: {_KNOWN}.")
    header = [cell.strip().lower().replace(" ", "_") for cell in lines[0][1]]
    problems = list(_header_problems(header))
    if problems:
        return Rejected(tuple(problems))
    filled = (line for line in lines[1:] if any(cell.strip() for cell in line[1]))
    known = Known(policies)
    read = [read_row(number, header, cells, known=known, today=today) for number, cells in filled]
    problems = [problem for row in read if isinstance(row, Rejected) for problem in row.problems]
    return Rejected(tuple(problems)) if problems else [row for row in read if isinstance(row, RosterRow)]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with its row as a spreadsheet counts, whatever line breaks its cells hold."""
    yield from enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1)


def _rejected(row: int, column: str, what: str) -> Rejected:
    return Rejected((CellProblem(row, column, what),))


def _header_problems(header: Sequence[str]) -> Iterator[CellProblem]:
    for name in dict.fromkeys(header):
        if name not in COLUMNS:
            yield CellProblem(1, name or "(empty)", f"There is no such column. The columns are {_KNOWN}.")
        elif header.count(name) > 1:
            yield CellProblem(1, name, "This column is there twice.")
    for name in NEEDED:
        if name not in header:
            yield CellProblem(1, name, "This column is missing.")
