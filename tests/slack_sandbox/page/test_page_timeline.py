"""The clock as a timeline of what will come."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event

import pytest
from playwright.sync_api import Locator, Page, expect

from slack_sandbox.clock import WorkspaceClock
from slack_sandbox.page.app_info import UpcomingJob
from slack_sandbox.workspace import Workspace

Window = Callable[..., Page]


@pytest.fixture
def foreseen(coming: list[UpcomingJob], calendar: WorkspaceClock) -> Iterator[list[UpcomingJob]]:
    """A reminder to each person, in an hour and in five; the license that they are about ends the same day."""
    now = calendar.now()
    coming[:] = [
        UpcomingJob(now + timedelta(hours=5), "Lee Chen", "Malpractice insurance", "expires in 14 days"),
        UpcomingJob(now + timedelta(hours=1), "Cora Diaz", "Verify: Lee Chen · License NY", "due today"),
        UpcomingJob(now + timedelta(hours=9), "Lee Chen", "License NY expires", "good through the end", all_day=True),
    ]
    yield coming
    coming.clear()


def open_timeline(page: Page) -> Locator:
    page.get_by_role("button", name="Timeline").first.click()
    timeline = page.get_by_role("complementary", name="Timeline")
    expect(timeline).to_be_visible()
    return timeline


def test_what_will_come_stands_in_its_order(window: Window, foreseen: list[UpcomingJob]) -> None:
    """The panel lists who will be told of what, soonest first; the line below the clock says what is next."""
    page = window("cora")
    expect(page.get_by_role("region", name="Workspace time")).to_contain_text("1 message")
    told = open_timeline(page).get_by_role("listitem")
    expect(told.filter(has_text="Verify: Lee Chen · License NY").first).to_be_visible()
    places = [told.last.page.get_by_text(one.title).bounding_box() for one in sorted(foreseen, key=lambda one: one.at)]
    heights = [place["y"] for place in places if place]
    assert heights == sorted(heights)


def test_only_what_is_ones_own_can_be_shown(window: Window, foreseen: list[UpcomingJob]) -> None:
    """Ticking "Only for" leaves what the person being played will be told."""
    timeline = open_timeline(window("lee"))
    timeline.get_by_label("Only for Lee Chen").check()
    expect(timeline).to_contain_text("Malpractice insurance")
    expect(timeline).not_to_contain_text("Cora Diaz")


def test_one_goes_to_a_point_of_the_timeline(
    window: Window, foreseen: list[UpcomingJob], calendar: WorkspaceClock
) -> None:
    """ "Go here" moves the workspace's time to that very moment, and what is past is gone from the list."""
    timeline = open_timeline(window("cora"))
    timeline.get_by_role("button", name="Go to").first.click()
    expect(timeline).not_to_contain_text("Verify: Lee Chen")
    assert calendar.now() - foreseen[1].at < timedelta(minutes=1)


def test_one_goes_to_the_morning_of_any_day(window: Window, calendar: WorkspaceClock) -> None:
    """A date and Go lead to five past nine of that day."""
    page = window("cora")
    timeline = open_timeline(page)
    day = (calendar.now() + timedelta(days=3)).date()
    timeline.get_by_label("To the morning of").fill(day.isoformat())
    timeline.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_role("region", name="Workspace time")).to_contain_text(f"9:05 AM {day:%a, %b} {day.day}")


def test_a_long_way_can_be_stopped(window: Window, calendar: WorkspaceClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """While time moves it says where to, and Stop ends the way at the hour that is being lived through."""
    reached, go_on, start = Event(), Event(), calendar.now()
    monkeypatch.setattr(calendar, "run_hour", lambda _now: (reached.set(), go_on.wait(20)))
    page = window("cora")
    page.get_by_role("button", name="+30 days").click()
    assert reached.wait(20)
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_role("region", name="Workspace time").get_by_role("status")).to_contain_text("moving to")
    go_on.set()
    expect(page.get_by_role("button", name="+30 days")).to_be_enabled()
    assert calendar.now() < start + timedelta(days=1)


def test_the_timeline_and_its_thread_share_a_small_window(window: Window, workspace: Workspace, channel: str) -> None:
    """Where there is no room for both, opening the timeline closes the thread."""
    page = window("cora", channel)
    workspace.post(workspace.app_message(channel, "Look", []))
    page.get_by_role("article").hover()
    page.get_by_role("button", name="Reply in thread").click()
    expect(page.get_by_role("complementary", name="Thread")).to_be_visible()
    open_timeline(page)
    expect(page.get_by_role("complementary", name="Thread")).to_be_hidden()
