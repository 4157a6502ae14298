"""Being somebody else, and moving time, on the sandbox's page."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from slack_sandbox.clock import WorkspaceClock
from slack_sandbox.workspace import Workspace

Window = Callable[..., Page]


def test_one_can_become_somebody_else(window: Window, workspace: Workspace, channel: str) -> None:
    """The switch shows the other person's view of the same channel, and the address says who and where."""
    page = window("cora", channel)
    page.get_by_label("You are").select_option("Lee Chen (@lee)")
    lee = workspace.person("lee").id
    expect(page).to_have_url(f"{page.url.split('#')[0]}#as={lee}&in={channel}")
    page.get_by_label("Message").fill("I am Lee")
    page.get_by_label("Message").press("Enter")
    expect(page.get_by_role("article", name="Lee Chen")).to_contain_text("I am Lee")


def test_whoever_has_something_new_is_seen_and_become_at_once(
    window: Window, workspace: Workspace, channel: str
) -> None:
    """The person switch shows who has something new, and how much; a click makes one that person, and it is read."""
    page = window("cora", channel)
    page.get_by_label("Message").fill("For Lee")
    page.get_by_label("Message").press("Enter")
    page.get_by_role("button", name="Lee Chen,").click()
    expect(page.get_by_label("You are")).to_have_value(workspace.person("lee").id)
    expect(page.get_by_role("article")).to_contain_text("For Lee")
    expect(page.get_by_role("button", name="Lee Chen,")).to_have_count(0)


def test_the_theme_is_chosen_and_kept(window: Window) -> None:
    """Dark is dark at once, and after the page is loaded again; System follows the system."""
    page = window("cora")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Theme").select_option("Dark")
    dark = page.evaluate(ground)
    page.reload()
    assert (page.evaluate(ground), light != dark) == (dark, True)
    page.get_by_label("Theme").select_option("System")
    assert page.evaluate(ground) == light


def test_an_address_from_an_older_run_still_opens(window: Window) -> None:
    """Ids that no longer exist lead to the first person's conversation with the app."""
    page = window("cora")
    page.goto(page.url.split("#")[0] + "#as=U99&in=C99")
    page.reload()
    expect(page.get_by_role("heading", name="Credbot")).to_be_visible()


def test_an_empty_conversation_says_what_to_try(window: Window, channel: str) -> None:
    """Where nothing was said, a command is offered and one click puts it into the message box."""
    page = window("cora", channel)
    page.get_by_role("button", name="/cred help").click()
    expect(page.get_by_label("Message")).to_have_value("/cred help")
    expect(page.get_by_label("Message")).to_be_focused()


def test_time_moves_once_at_a_time_and_says_so(
    window: Window, calendar: WorkspaceClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a jump runs the clock's buttons are off in every window; then it shows the new morning."""
    go_on, tomorrow = Event(), (calendar.now() + timedelta(days=1)).astimezone(ZoneInfo(calendar.zone))
    monkeypatch.setattr(calendar, "run_hour", lambda _now: go_on.wait(10))
    cora, lee = window("cora"), window("lee")
    cora.get_by_role("button", name="Next morning").click()
    for page in (cora, lee):
        expect(page.get_by_role("button", name="+30 days")).to_be_disabled()
        expect(page.get_by_text("Time is moving")).to_be_visible()
    go_on.set()
    morning = f"9:05 AM {tomorrow:%a, %b} {tomorrow.day}, {tomorrow.year}"
    for page in (cora, lee):
        expect(page.get_by_role("button", name="+30 days")).to_be_enabled()
        expect(page.get_by_role("region", name="Workspace time")).to_contain_text(morning)


def test_eight_windows_in_one_browser_all_hear_the_news(window: Window, channel: str) -> None:
    """More windows than a browser allows connections still send, and still update."""
    windows = [window("cora", channel) for _ in range(8)]
    windows[-1].get_by_label("Message").fill("To everybody")
    windows[-1].get_by_label("Message").press("Enter")
    for page in windows:
        expect(page.get_by_role("article")).to_contain_text("To everybody")


def test_the_page_loads_nothing_from_elsewhere(window: Window, address: str) -> None:
    """Everything comes from this computer, and the browser is told to allow nothing else."""
    page = window("cora")
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert loaded
    assert all(url.startswith(address) for url in loaded)
    headers = page.request.get(address).headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
