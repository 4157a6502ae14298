"""A template of the organization's own that fails when it is used: nothing is lost, and an admin hears."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import shipped
from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, requests, rows


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    """The shipped words about requests, but for an evidence line that divides by nothing."""
    folder = tmp_path / "messages"
    folder.mkdir()
    words = (shipped("messages") / "privileges.j2").read_text("utf-8")
    broken = words.replace("*What the file shows*", "{{ 1 / 0 }}")
    assert broken != words
    (folder / "privileges.j2").write_text(broken, "utf-8")
    return folder


def test_a_failing_template_sends_plain_words(clinic: Clinic) -> None:
    """The thread gets a plain sentence instead of nothing."""
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("The criteria cannot be shown right now. /cred eligible shows them.", in_=APPROVALS)


def test_an_admin_hears_of_a_failing_template(clinic: Clinic) -> None:
    """Which message, why, and where to look."""
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    told = clinic.ada.sees("A message template failed", in_="dm")
    assert "credbot doctor shows where" in told
