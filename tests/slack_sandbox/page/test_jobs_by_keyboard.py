"""The three jobs on the demo's page, played with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

Person = Callable[..., Page]
FAR = 60
"""Steps of Tab after which something counts as out of reach."""


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def walk_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Tab on until the target has the focus."""
    expect(target).to_be_visible()
    for _ in range(FAR):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{target} is out of the keyboard's reach.")


def types(page: Page, words: str) -> None:
    """Types into the message box, which has the focus, and sends."""
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    page.keyboard.type(words)
    keys(page, "Enter")


def go_to(page: Page, words: str) -> None:
    """Become somebody or open a conversation by its first letters; the message box has the focus then."""
    keys(page, "Control+k")
    expect(page.get_by_label("Go to a conversation, or be somebody else")).to_be_focused()
    page.keyboard.type(words)
    expect(page.get_by_role("listbox", name="Places and people").get_by_role("option")).to_have_count(1)
    keys(page, "Enter")
    expect(page.get_by_label("Message", exact=True)).to_be_focused()


def card(page: Page, words: str) -> Locator:
    return page.get_by_role("main").get_by_role("article").filter(has_text=words).last


def form(page: Page, title: str) -> Locator:
    window = page.get_by_role("dialog", name=title)
    expect(window).to_be_visible()
    return window


def test_a_license_is_recorded_and_verified_by_keyboard(person: Person) -> None:
    """Cora completes the command as she types, walks to Verify on its answer, fills in the form and closes it."""
    cora = person("cora")
    box = cora.get_by_label("Message", exact=True)
    expect(box).to_be_focused()
    cora.keyboard.type("/cred a")
    expect(cora.get_by_role("option", name="/cred add")).to_be_visible()
    keys(cora, "Enter")
    cora.keyboard.type("@le")
    expect(cora.get_by_role("option", name="@lee Lee Chen")).to_be_visible()
    keys(cora, "Enter")
    types(cora, "license NY 245871 Dec 31, 2028")

    walk_to(cora, card(cora, "Recorded").get_by_role("button", name="Verify"), "Shift+Tab")
    keys(cora, "Enter")
    look = form(cora, "Verify at the source")
    expect(look.get_by_label("Number shown", exact=True)).to_be_focused()
    for label, words in {
        "Number shown": "245871",
        "Expiration shown": "12312028",
        "Status shown": "Active",
        "No": " ",
        "Reference (optional)": "https://op.nysed.gov/verification/245871",
    }.items():
        walk_to(cora, look.get_by_label(label, exact=True))
        cora.keyboard.type(words)
    keys(cora, "Enter")
    expect(look).to_contain_text("Verified: State license (NY) for Lee Chen")
    keys(cora, "Escape")
    expect(look).to_be_hidden()

    walk_to(cora, box)
    types(cora, "/cred status @lee")
    expect(card(cora, "State license (NY)")).to_contain_text("Current – expires")


def test_a_reminder_is_answered_by_keyboard(person: Person) -> None:
    """Elena goes to the next point of the timeline, and reports a renewal from the reminder that came."""
    elena = person("cora")
    go_to(elena, "elena")

    keys(elena, "Alt+t")
    timeline = elena.get_by_role("complementary", name="Timeline")
    walk_to(elena, timeline.get_by_role("button", name="Go to").first)
    keys(elena, "Enter")
    reminder = card(elena, "Renewed")
    expect(reminder).to_be_visible()
    keys(elena, "Escape")
    expect(timeline).to_be_hidden()

    walk_to(elena, reminder.get_by_role("button", name="Renewed").first, "Shift+Tab")
    keys(elena, "Enter")
    renewal = form(elena, "Report a renewal")
    walk_to(elena, renewal.get_by_label("Expires on"))
    elena.keyboard.type(f"{date.today() + timedelta(days=120):%m%d%Y}")  # noqa: DTZ011
    walk_to(elena, renewal.get_by_role("button", name="Report"))
    keys(elena, "Enter")
    expect(renewal).to_contain_text("Thanks.")


def test_a_request_is_decided_by_keyboard(person: Person) -> None:
    """Mo recommends and Vera grants; Vera reads the thread beside the channel, and closes it."""
    page = person("cora")
    go_to(page, "#privilege")
    request = card(page, "Priya Raman · Electroconvulsive therapy")
    for handle, after in (("mo", "medical director"), ("vera", "Granted")):
        go_to(page, f"@{handle}")
        walk_to(page, request.get_by_role("button", name="Approve"), "Shift+Tab")
        keys(page, "Enter")
        if after == "Granted":
            walk_to(page, page.get_by_role("alertdialog").get_by_role("button", name="Approve"))
            keys(page, "Enter")
        expect(request).to_contain_text(after)

    expect(request).to_be_focused()
    keys(page, "t")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("Vera Lindqvist approved")
    expect(thread.get_by_label("Reply", exact=True)).to_be_focused()
    keys(page, "Escape")
    expect(thread).to_be_hidden()
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
