"""The how-tos for rules and wording hold to the letter: their blocks, in folders of one's own, do what they promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import policies
from bot.settings import shipped
from tests.stories.conftest import Clinic
from tests.stories.scenes import CORE, TEAM, row, rows
from tests.support.pages import REWORDED, blocks

RULES = ("how-to/credential-type.md", "how-to/privilege.md")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """``CREDBOT_POLICIES`` with the files of both pages, written as they stand there."""
    folder = tmp_path / "rules"
    for page in RULES:
        for block in blocks(page):
            block.written(folder)
    return folder


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    """``CREDBOT_MESSAGES`` with the one file that the page changes."""
    folder = tmp_path / "words"
    folder.mkdir()
    (block,) = (block for block in blocks("how-to/message.md") if block.where == REWORDED)
    block.written(folder, shipped("messages"))
    return folder


def test_the_new_type_is_recorded_and_reminded_of(clinic: Clinic) -> None:
    """The line of the page records it; the ladder that its file names asks its holder in time."""
    clinic.cora.types("/cred add @lee cpi 31 May 2027")
    clinic.cora.sees("Recorded: CPI for Lee Chen, expires May 31, 2027")
    clinic.cora.types("/cred add @lee crisis prevention 31 May 2027")
    clinic.cora.sees("on file")


def test_who_is_expected_to_hold_it_and_has_none_is_shown(clinic: Clinic) -> None:
    """A status names it among what is not on file."""
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("CPI · not on file")


def test_the_new_privilege_is_asked_for_once_its_training_is_there(clinic: Clinic) -> None:
    """Its criteria are those of its file, and it is offered when they are met."""
    clinic.roster(*rows(CORE))
    clinic.lee.types("/cred eligible tms")
    clinic.lee.sees("TMS training")
    clinic.roster({**row("residency"), "credential": "tms_training", "source": "Course certificate"})
    clinic.lee.types("/cred request")
    clinic.lee.fills({"Privileges": ["TMS"]})
    clinic.lee.submits()
    clinic.dana.sees("TMS", in_="#privilege-requests")


def test_the_changed_wording_is_what_the_team_reads(clinic: Clinic) -> None:
    """The piece of the page stands instead of the shipped one, and all others are as before."""
    clinic.on("2026-11-30")
    assert "What the week of Nov 30, 2026 brings" in clinic.cora.sees("Audit head", in_=TEAM)


@pytest.mark.parametrize("page", RULES)
def test_a_mistake_in_it_is_named_by_file_and_line(page: str, rules: Path) -> None:
    """What a page has `credbot doctor` find is found: a word that no policy knows, in the file just written."""
    written = rules / next(iter(blocks(page))).file
    lines = [*written.read_text("utf-8").splitlines(), "color: green"]
    written.write_text("\n".join(lines), "utf-8")
    with pytest.raises(policies.PolicyError) as refused:
        policies.load(rules)
    assert f"{written.name}:{len(lines)}" in str(refused.value)
