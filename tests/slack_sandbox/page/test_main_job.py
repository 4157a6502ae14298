"""The demo's page, played as a coordinator, a provider, two committee members and the medical director."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect


def say(page: Page, words: str) -> None:
    page.get_by_label("Message", exact=True).fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def form(page: Page, title: str) -> Locator:
    window = page.get_by_role("dialog", name=title)
    expect(window).to_be_visible()
    return window


def card(page: Page, words: str) -> Locator:
    return page.get_by_role("main").get_by_role("article").filter(has_text=words).last


def test_a_license_is_recorded_and_verified_on_the_page(person: Callable[..., Page]) -> None:
    """Cora records Lee's license in one line, looks at the board's site, and the status says current."""
    cora = person("cora")
    say(cora, "/cred add @lee license NY 245871 Dec 31, 2028")
    expect(card(cora, "Recorded")).to_contain_text("State license (NY) for Lee Chen")

    say(cora, "/cred verify @lee")
    form(cora, "Which credential?").get_by_role("button", name="Continue").click()
    look = form(cora, "Verify at the source")
    look.get_by_label("Number shown").fill("245871")
    look.get_by_label("Expiration shown").fill("2028-12-31")
    look.get_by_label("Status shown").select_option(label="Active")
    look.get_by_label("No", exact=True).check()
    look.get_by_label("Reference").fill("https://op.nysed.gov/verification/245871")
    look.get_by_role("button", name="Record").click()
    expect(look).to_contain_text("Verified: State license (NY) for Lee Chen")
    look.get_by_role("button", name="Close").click()
    expect(look).to_be_hidden()

    say(cora, "/cred status @lee")
    expect(card(cora, "State license (NY)")).to_contain_text("Current – expires")


def test_a_request_is_decided_on_the_page_by_three_people(person: Callable[..., Page]) -> None:
    """Priya's ECT request has one vote; the second committee member recommends and the director grants."""
    for handle, after in (("mo", "medical director"), ("vera", "Granted")):
        page = person(handle)
        page.get_by_role("button", name="privilege-requests").click()
        request = card(page, "Priya Raman · Electroconvulsive therapy")
        request.get_by_role("button", name="Approve").click()
        if after == "Granted":
            page.get_by_role("alertdialog").get_by_role("button", name="Approve").click()
        expect(request).to_contain_text(after)

    expect(request.get_by_role("button", name="Approve")).to_have_count(0)


def test_a_reminder_is_answered_on_the_page(person: Callable[..., Page]) -> None:
    """The clock moves to the next morning, and a provider reports a renewal from the reminder."""
    page = person("elena")
    page.get_by_role("button", name="Next morning").click()
    reminder = card(page, "Renewed")
    reminder.get_by_role("button", name="Renewed").first.click()

    renewal = form(page, "Report a renewal")
    renewal.get_by_label("Expires on").fill(str(date.today() + timedelta(days=120)))  # noqa: DTZ011
    renewal.get_by_role("button", name="Report").click()

    expect(renewal).to_contain_text("Thanks.")
