"""Exports to a file of its owner's alone: JSON or CSV, by the file's name."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from bot.bot import Bot
from bot.changes.reports.exports import export_audit, export_person
from bot.rules.people.models import CLI
from bot.rules.providers.models import Provider
from bot.rules.refusals import Refused
from bot.store.audit import CONTENT
from bot.store.audit.export import exported_events
from bot.store.file_permissions import written_privately
from bot.store.providers.profiles import providers_named
from bot.store.reports.provider_export import Found
from bot.store.reports.restricted import MEANING

ENDINGS = (".json", ".csv")
EVENT_COLUMNS = (*CONTENT, "at", "hash")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run, if a cell began with it."""


def is_writable_kind(file: Path) -> bool:
    return file.suffix.lower() in ENDINGS


def providers_meant(bot: Bot, words: str) -> list[Provider]:
    """By name, NPI, e-mail address or Slack id."""
    with bot.reading() as session:
        return providers_named(session, words) or providers_named(session, f"<@{words}>")


def write_person(bot: Bot, file: Path, about: Provider) -> int | Refused:
    """How many records it wrote. Raises OSError."""
    with written_privately(file) as out:
        found = bot.transact(lambda session: export_person(session, CLI, about.id))
        if isinstance(found, Refused):
            return found
        if file.suffix.lower() == ".json":
            head = {"about": about.name, "read_by": CLI.name, "as_of": bot.clock.now().isoformat(), "note": MEANING}
            json.dump({**head, **found}, out, indent=1, ensure_ascii=False)
            out.write("\n")
        else:
            _write_records(out, found)
    return sum(map(len, found.values()))


def write_audit(bot: Bot, file: Path) -> int:
    """How many events it wrote, one after the other. Raises OSError."""
    with written_privately(file) as out:
        bot.transact(lambda session: export_audit(session, CLI))
        with bot.reading() as session:
            events = exported_events(session)
            return _events_as_json(out, events) if file.suffix.lower() == ".json" else _events_as_csv(out, events)


def _write_records(out: TextIO, found: Found) -> None:
    """A line for each fact: records of different kinds have different columns."""
    lines = csv.writer(out)
    lines.writerow(("record", "id", "field", "value"))
    lines.writerow(("note", "", "", MEANING))
    for name, records in found.items():
        for record in records:
            number = record.get("id", record.get("seq"))
            lines.writerows((name, number, field, _cell(value)) for field, value in record.items() if value is not None)


def _events_as_json(out: TextIO, events: Iterable[Mapping[str, Any]]) -> int:
    """A list with an event a line, so that it can be read piece by piece, too."""
    count = 0
    out.write("[")
    for event in events:
        out.write(",\n" if count else "\n")
        json.dump(event, out, ensure_ascii=False)
        count += 1
    out.write("\n]\n")
    return count


def _events_as_csv(out: TextIO, events: Iterable[Mapping[str, Any]]) -> int:
    lines, count = csv.writer(out), 0
    lines.writerow(EVENT_COLUMNS)
    for event in events:
        lines.writerow([_cell(event[name]) for name in EVENT_COLUMNS])
        count += 1
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
