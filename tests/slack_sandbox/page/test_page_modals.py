"""What a person does in the sandbox's modals."""

from collections.abc import Callable, Iterator
from threading import Event

import pytest
from playwright.sync_api import Locator, Page, expect

from slack_sandbox.person import actions
from slack_sandbox.workspace import Workspace

Window = Callable[..., Page]


@pytest.fixture
def form(window: Window, workspace: Workspace, channel: str) -> Iterator[Locator]:
    """The form for a new credential, open in Cora's window and closed after the test."""
    page = window("cora", channel)
    page.get_by_label("Message").fill("/cred add")
    page.get_by_role("button", name="Send").click()
    dialog = page.get_by_role("dialog", name="Add a credential")
    expect(dialog).to_be_visible()
    yield dialog
    workspace.views.clear(workspace.person("cora").id)


def fill(form: Locator, number: str) -> None:
    form.get_by_label("Number").fill(number)
    form.get_by_label("Expires").fill("2027-12-31")
    form.get_by_label("State").select_option("NJ")
    form.get_by_label("Owner").select_option("Lee Chen (@lee)")
    form.get_by_label("Letter").check()
    form.get_by_label("Phone").check()


def test_a_form_opens_at_its_first_field(form: Locator) -> None:
    """Somebody who opened a form can type at once."""
    expect(form.get_by_label("Number")).to_be_focused()


def test_a_refused_field_says_why_and_keeps_what_was_typed(form: Locator) -> None:
    """The bot's error stands at its field, which gets the focus; the other fields keep their values."""
    fill(form, "12-34")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("Number")).to_have_accessible_description("A license number has digits only.")
    expect(form.get_by_label("Number")).to_be_focused()
    expect(form.get_by_label("Expires")).to_have_value("2027-12-31")
    expect(form.get_by_label("Letter")).to_be_checked()


def test_a_submitted_form_reaches_the_bot_whole(form: Locator) -> None:
    """Every kind of field arrives as it was filled, and the form closes."""
    fill(form, "1234")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    form.page.get_by_role("button", name="Credbot").click()
    expect(form.page.get_by_role("article").last).to_contain_text("Saved: 1234 2027-12-31 nj @lee letter phone")


def test_a_required_field_left_empty_is_asked_for(form: Locator) -> None:
    """As in Slack, a required field left empty is asked for before the bot hears of the form."""
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("Number")).to_have_accessible_description("Please complete this required field.")
    expect(form.get_by_label("Owner")).to_have_accessible_description("")


def test_a_form_being_filled_survives_what_others_do(form: Locator, window: Window, channel: str) -> None:
    """A new message behind the form leaves what is typed, and where, as it is."""
    form.get_by_label("Number").press_sequentially("12")
    lee = window("lee", channel)
    lee.get_by_label("Message").fill("Something else")
    lee.get_by_label("Message").press("Enter")
    expect(form.page.locator("article")).to_contain_text("Something else")
    form.page.keyboard.type("34")
    expect(form.get_by_label("Number")).to_have_value("1234")


def test_escape_closes_a_form_for_good(form: Locator) -> None:
    """Escape closes the form as Cancel does: it is not there when the page is loaded again."""
    form.page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    form.page.reload()
    expect(form.page.get_by_role("heading", name="room")).to_be_visible()
    expect(form).to_be_hidden()


def test_a_form_says_that_it_is_being_sent(form: Locator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the bot has answered, the form is busy and cannot be sent twice; what was typed stays in sight."""
    go_on, sent = Event(), actions.submit_view
    monkeypatch.setattr(actions, "submit_view", lambda *args: (go_on.wait(20), sent(*args))[1])
    fill(form, "12-34")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("button", name="Sending")).to_be_disabled()
    expect(form).to_have_attribute("aria-busy", "true")
    go_on.set()
    expect(form.get_by_role("button", name="Save")).to_be_enabled()
    expect(form.get_by_label("Number")).to_have_value("12-34")


def test_the_focus_stays_in_a_form(form: Locator) -> None:
    """Tab goes round within the form: nothing behind it can be reached."""
    for _ in range(25):
        form.page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        assert form.page.evaluate(inside)


def test_a_closed_form_gives_the_focus_back(form: Locator) -> None:
    """After Escape one goes on where the form was asked for."""
    form.page.keyboard.press("Escape")
    expect(form.page.get_by_role("button", name="Send")).to_be_focused()


def test_a_form_laid_on_another_leads_back_to_it(window: Window, channel: str) -> None:
    """A pushed view lies on the one below; Back and Escape take one away at a time."""
    page = window("lee", channel)
    page.get_by_label("Message").fill("/cred kind")
    page.get_by_label("Message").press("Enter")
    below = page.get_by_role("dialog", name="Which kind?")
    below.get_by_role("button", name="Continue").click()
    above = page.get_by_role("dialog", name="Add a credential")
    expect(above.get_by_label("Number")).to_be_focused()
    above.get_by_role("button", name="Back").click()
    expect(below).to_be_visible()
    expect(below.get_by_role("button", name="Back")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
