"""Selects that search, by keyboard alone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from slack_sandbox.workspace import Workspace

Window = Callable[..., Page]


@pytest.fixture
def form(window: Window, workspace: Workspace, channel: str) -> Iterator[Locator]:
    """The form with selects that search, open in Cora's window."""
    page = window("cora", channel)
    page.get_by_label("Message").fill("/cred search")
    page.get_by_label("Message").press("Enter")
    dialog = page.get_by_role("dialog", name="Whose?")
    expect(dialog).to_be_visible()
    yield dialog
    workspace.views.clear(workspace.person("cora").id)


def test_the_field_that_matters_has_the_focus(form: Locator) -> None:
    """The form opens at the field that asks for it, though another stands above."""
    expect(form.get_by_role("combobox", name="Supplier")).to_be_focused()


def test_somebody_is_found_and_sent_by_keyboard(form: Locator) -> None:
    """Type, go down, Enter; the form sends what was found, and what stood in it at first."""
    keyboard = form.page.keyboard
    keyboard.type("sm")
    expect(form.get_by_role("option")).to_have_text(["Smith & Co", "Smyth Ltd"])
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(form.get_by_role("combobox", name="Supplier")).to_have_value("Smyth Ltd")
    form.get_by_role("combobox", name="Others").focus()
    keyboard.type("smi")
    expect(form.get_by_role("option")).to_have_text(["Smith & Co"])
    keyboard.press("Enter")
    expect(form.get_by_role("listitem")).to_contain_text(["Jones", "Smith & Co"])
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    form.page.get_by_role("button", name="Credbot").click()
    expect(form.page.get_by_role("article").last).to_contain_text("Chosen: smyth ltd, jones, smith & co")


def test_somebody_chosen_is_taken_away_again(form: Locator) -> None:
    """Each one chosen has a button of its own, named after it."""
    form.get_by_role("button", name="Remove Jones").press("Enter")
    expect(form.get_by_role("listitem")).to_have_count(0)
    expect(form.get_by_role("combobox", name="Others")).to_be_focused()


def test_escape_closes_the_list_and_not_the_form(form: Locator) -> None:
    """What was typed and not taken is no choice: leaving the field shows so."""
    box = form.get_by_role("combobox", name="Supplier")
    form.page.keyboard.type("sm")
    expect(box).to_have_attribute("aria-expanded", "true")
    form.page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(form).to_be_visible()
    form.page.keyboard.press("Tab")
    expect(box).to_have_value("")


def test_nothing_found_is_said(form: Locator) -> None:
    """A screen reader hears how many were found, or that nobody was."""
    form.page.keyboard.type("zz")
    expect(form.get_by_role("status").first).to_have_text("Nothing found")
