"""The pictures of README and docs: each is made by `make pictures`, shown somewhere, and small."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from pictures.__main__ import FOLDER, PICTURES, main

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
SHOWN = {Path(name).name for page in PAGES for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", page.read_text("utf-8"))}


def test_every_picture_is_made_and_shown():
    """What lies in docs/pictures is what the command makes, and what the pages show, each with its description."""
    made = {f"{name}.png" for name in PICTURES}
    assert {path.name for path in FOLDER.iterdir()} == made == SHOWN


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_small(name):
    """A picture has at most 300 KB, and two pixels for each of the page's."""
    picture = (FOLDER / f"{name}.png").read_bytes()
    width, _height = struct.unpack(">II", picture[16:24])
    assert len(picture) <= 300 * 1024
    assert width >= 800


def test_without_a_browser_it_says_what_to_install(monkeypatch, capsys):
    """Where there is no Chromium the command names the package, and fails."""
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert main() == 1
    assert "apt install chromium" in capsys.readouterr().err
