"""Riverbend Behavioral Health: who is there (people.yaml), and what is on file (clinic.csv)."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from slack_sandbox.workspace import Workspace

HERE = Path(__file__).parent
POLICIES = HERE / "policies"
DOMAIN = "riverbend"
_OFFSET = re.compile(r"[+-]\d+d")


@dataclass(frozen=True, slots=True)
class Staff:
    """The people file. ``roles`` by handle, as the command line takes them; ``channels`` are ids by their use."""

    time_zone: str
    roles: dict[str, list[str]]
    channels: dict[str, str] = field(default_factory=dict)


def settle_in(workspace: Workspace) -> Staff:
    """Gives the people accounts, and the channels their members; the bot is in every private one."""
    staff = yaml.safe_load((HERE / "people.yaml").read_text("utf-8"))
    zone = staff["time_zone"]
    for person in staff["people"]:
        workspace.add_person(
            person["handle"],
            person["name"],
            email_of(person["name"]),
            person.get("time_zone", zone),
            admin=person.get("slack_admin", False),
            guest=person.get("guest", False),
        )
    everyone = [person["handle"] for person in staff["people"] if not person.get("guest")]
    return Staff(
        time_zone=zone,
        roles={person["handle"]: person.get("roles", []) for person in staff["people"]},
        channels={place.get("use", place["name"]): _open(workspace, place, everyone) for place in staff["channels"]},
    )


def write_roster(workspace: Workspace, today: date, path: Path) -> Path:
    """The clinic's CSV as the roster import takes it: `+23d` becomes that day, `@lee` the account's id."""
    with (HERE / "clinic.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([[_cell(cell, workspace, today) for cell in row] for row in rows])
    return path


def email_of(name: str) -> str:
    """Everybody's address follows from the name, under a domain that can never exist (RFC 6761)."""
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}.test"


def _open(workspace: Workspace, channel: dict[str, Any], everyone: list[str]) -> str:
    members = everyone if channel["members"] == "everyone" else ["credbot", *channel["members"]]
    return workspace.add_channel(channel["name"], private=not channel.get("public", False), members=members)


def _cell(cell: str, workspace: Workspace, today: date) -> str:
    if _OFFSET.fullmatch(cell):
        return (today + timedelta(days=int(cell[:-1]))).isoformat()
    return workspace.person(cell).id if cell.startswith("@") else cell
