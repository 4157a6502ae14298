"""`make pictures`: plays in the demo, whose time stands still, and takes every picture of README and docs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, FloatRect, Locator, Page

from bot import log
from bot.demo.wiring import ZONE, Clinic, open_clinic
from pictures import browser, png

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
BEGINNING = datetime(2027, 3, 1, 10, tzinfo=ZoneInfo(ZONE))
"""A Monday without a holiday near."""
SHARP, ROOM = 2, 16
"""Device pixels for each of the page's; the page's pixels around what is shown."""
PATIENCE = 60.0
"""Seconds: the beginning's messages go out at Slack's pace."""
REQUESTS = "#privilege-requests"


class Studio:
    """The demo with a camera."""

    def __init__(self, clinic: Clinic, camera: Browser) -> None:
        self.clinic, self._camera = clinic, camera

    def page(self, handle: str, *, width: int = 1280, height: int = 820, dark: bool = False) -> Page:
        """Somebody's window, on their conversation with the bot."""
        page = self._camera.new_page(
            viewport={"width": width, "height": height},
            device_scale_factor=SHARP,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        page.goto(f"{self.clinic.url}/#as={self.clinic.workspace.person(handle).id}")
        page.get_by_role("heading", name="Credbot").wait_for()
        return page

    def settles(self) -> None:
        """Waits until everything that was said has been delivered."""
        self.clinic.bot.delivery.drain(PATIENCE)


def request(studio: Studio) -> bytes:
    """A request that was discussed and decided in its thread."""
    people = studio.clinic.slack
    people.as_("ines").types(
        "Her log has 64 supervised treatments; the letter is on file.", REQUESTS, thread="Priya Raman"
    )
    for approver, step in {"mo": "Step 1 of 2", "vera": "Step 2 of 2"}.items():
        people.as_(approver).sees(step, in_=REQUESTS)
        people.as_(approver).clicks("Approve", near="Priya Raman", in_=REQUESTS)
    people.as_("priya").sees("Congratulations")
    studio.settles()
    page = studio.page("vera", height=760)
    page.get_by_role("button", name="privilege-requests").click()
    card = page.get_by_role("main").get_by_role("article").filter(has_text="Priya Raman").last
    card.get_by_role("button", name="replies").click()
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_text("The medical director: Vera Lindqvist approved").wait_for()
    card.evaluate("node => (node.scrollIntoView(), document.activeElement.blur())")
    return _shot(page, page.get_by_role("main"), thread)


def nudge(studio: Studio) -> bytes:
    """A reminder with its buttons."""
    page = studio.page("priya")
    return _shot(page, _card(page, "Hello Priya").locator(".card"), room=ROOM)


def status(studio: Studio) -> bytes:
    """A file at one glance."""
    page = studio.page("cora", height=1000)
    _say(page, "/cred status @priya")
    return _shot(page, _card(page, "Priya Raman").locator(".card"), room=ROOM)


def modal(studio: Studio) -> bytes:
    """The form for what the primary source shows."""
    page = studio.page("cora", height=900)
    _say(page, "/cred verify @noah")
    page.get_by_role("dialog", name="Which credential?").get_by_role("button", name="Continue").click()
    form = page.get_by_role("dialog", name="Verify at the source")
    form.get_by_label("Number shown").wait_for()
    return _shot(page, form)


def timeline(studio: Studio) -> bytes:
    """What will come, beside the coordinator's own tasks, in the dark."""
    page = studio.page("cora", dark=True)
    page.get_by_role("button", name="Timeline").first.click()
    panel = page.get_by_role("complementary", name="Timeline")
    panel.get_by_role("button", name="Go to").first.wait_for()
    return page.screenshot(animations="disabled")


PICTURES: dict[str, Callable[[Studio], bytes]] = {
    "nudge": nudge,
    "timeline": timeline,
    "status": status,
    "modal": modal,
    "request": request,
}


def _say(page: Page, words: str) -> None:
    box = page.get_by_label("Message", exact=True)
    box.fill(words)
    box.press("Enter")


def _card(page: Page, words: str) -> Locator:
    card = page.get_by_role("article").filter(has_text=words).last
    card.get_by_role("button").first.wait_for()
    return card


def _shot(page: Page, *shown: Locator, room: int = 0) -> bytes:
    """What is shown, from the first to the last, with some room around it."""
    page.mouse.move(0, 0)
    boxes = [box for one in shown if (box := one.bounding_box())]
    left, top = (min(box[side] for box in boxes) - room for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in boxes) + room
    bottom = max(box["y"] + box["height"] for box in boxes) + room
    clip: FloatRect = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return page.screenshot(clip=clip, animations="disabled")


def main() -> int:
    """Every picture; 1 where there is no browser."""
    path = browser.found()
    if path is None:
        print(browser.NONE_HERE, file=sys.stderr)
        return 1
    log.configure("ERROR")
    with open_clinic(BEGINNING) as clinic, browser.opened(path) as camera:
        clinic.calendar.stand_still()
        studio = Studio(clinic, camera)
        studio.settles()
        for name, take in PICTURES.items():
            picture = png.smaller(take(studio), camera)
            (FOLDER / f"{name}.png").write_bytes(picture)
            print(f"docs/pictures/{name}.png  {len(picture) // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
