"""What the keyboard does on the sandbox's page, and what is completed as one types."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from slack_sandbox.workspace import Workspace

Window = Callable[..., Page]


@pytest.fixture
def page(window: Window, channel: str) -> Page:
    """Cora's window on a new channel."""
    return window("cora", channel)


def test_one_can_write_at_once(page: Page) -> None:
    """The message box has the focus as soon as the page is there."""
    expect(page.get_by_label("Message")).to_be_focused()


def test_a_slash_offers_every_command_with_its_use(page: Page) -> None:
    """Typing a slash lists the commands, each with its usage and what it does; letters narrow the list."""
    page.keyboard.type("/")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_text([re.compile("^/cred help.*this list"), re.compile("^/cred add .@user.*record")])
    page.keyboard.type("cred a")
    expect(options).to_have_count(1)


def test_a_taken_command_shows_its_use_while_it_is_filled_in(page: Page) -> None:
    """Enter takes the offer, the usage stays in sight, and a person is offered where one is typed."""
    page.keyboard.type("/cred a")
    page.keyboard.press("Enter")
    box = page.get_by_label("Message")
    expect(box).to_have_value("/cred add ")
    expect(box).to_have_accessible_description("/cred add [@user] record a credential")
    page.keyboard.type("@le")
    expect(page.get_by_role("option", name="@lee Lee Chen")).to_be_visible()


def test_escape_puts_the_offers_away_and_keeps_the_words(page: Page) -> None:
    """Somebody who wants no offer presses Escape, and Enter then sends what was typed."""
    page.keyboard.type("/cred a")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="Suggestions")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("Hello @cora")


def test_a_command_in_a_thread_is_refused_and_kept(page: Page) -> None:
    """As in Slack a command cannot be used in a thread; what was typed is still there."""
    page.keyboard.type("Look")
    page.keyboard.press("Enter")
    page.get_by_role("article").hover()
    page.get_by_role("button", name="Reply in thread").click()
    reply = page.get_by_label("Reply", exact=True)
    reply.fill("/cred help")
    reply.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("cannot be used in a thread")
    expect(reply).to_have_value("/cred help")


def test_the_arrows_walk_through_messages(page: Page, workspace: Workspace, channel: str) -> None:
    """F6 leads to the newest message, Up to the one before, and Escape back to the message box."""
    for words in ("First", "Second"):
        workspace.post(workspace.app_message(channel, words, []))
    expect(page.get_by_role("article")).to_have_count(2)
    page.keyboard.press("Shift+F6")
    expect(page.get_by_role("article").last).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("article").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Message")).to_be_focused()


def test_alt_and_arrows_walk_through_conversations(page: Page, workspace: Workspace, channel: str) -> None:
    """Alt and Down opens the next conversation, with the message box ready."""
    page.keyboard.press("Alt+ArrowUp")
    room = workspace.conversations.get(channel)
    assert room is not None
    expect(page.get_by_role("heading", level=1)).not_to_have_text(room.name)
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{room.name}")
    expect(page.get_by_label("Message")).to_be_focused()


def test_somebody_is_become_by_a_few_letters(page: Page, workspace: Workspace, channel: str) -> None:
    """Ctrl+K, two letters and Enter make one somebody else in the same conversation."""
    page.keyboard.press("Control+k")
    page.keyboard.type("le")
    expect(page.get_by_role("option", name="Be Lee Chen")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("You are")).to_have_value(workspace.person("lee").id)
    expect(page.get_by_label("Message")).to_be_focused()


def test_the_keys_are_shown_on_a_question_mark(page: Page) -> None:
    """A question mark outside of a text box lists the keys; Escape closes the list."""
    page.get_by_role("button", name="Keys").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Keys")).to_be_focused()
