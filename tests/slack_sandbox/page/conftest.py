"""One workspace with a small bot in it, one headless Chromium, and a fresh window for each person."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.demo.wiring import Clinic, open_clinic
from bot.handlers.dispatch import responses
from pictures import browser as chromium
from slack_sandbox import one_shot
from slack_sandbox import workspace as workspaces
from slack_sandbox.clock import WorkspaceClock
from slack_sandbox.page.app_info import Command, UpcomingJob
from slack_sandbox.page.routes import page_routes
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace
from tests.slack_sandbox.page.tiny_bot import build

TUESDAY_MORNING = datetime(2027, 1, 12, 14, 5, tzinfo=UTC)
MONDAY_AT_TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PATIENCE = 15_000
"""Milliseconds: a card waits for Slack's pace of one message a second in a channel, and the machine may be busy."""
COMMANDS = [Command("/cred help", "this list"), Command("/cred add [@user]", "record a credential")]


@pytest.fixture(scope="module", autouse=True)
def unhurried() -> Iterator[None]:
    """A browser makes the machine busy; how long triggers live is what other tests are about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_shot, "TRIGGER_SECONDS", 30)
        patch.setattr(workspaces, "ACK_SECONDS", 30)
        patch.setattr(responses, "TRIGGER_LIVES", 29)
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; where there is none the tests are skipped, but never in CI."""
    found = chromium.found()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must run the browser tests: install Debian's chromium.")
        pytest.skip(f"The page is not tested. {chromium.NONE_HERE}")
    expect.set_options(timeout=PATIENCE)
    with chromium.opened(found) as browser:
        yield browser


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    """A workspace with Cora, Lee and a small bot."""
    workspace = Workspace(domain="clinic")
    workspace.add_person("cora", "Cora Diaz", "cora@clinic.example", "America/New_York")
    workspace.add_person("lee", "Lee Chen", "lee@clinic.example", "America/Los_Angeles")
    return workspace


@pytest.fixture(scope="module")
def calendar() -> WorkspaceClock:
    """Business time, from a Tuesday morning on."""
    return WorkspaceClock(TUESDAY_MORNING, "America/New_York")


@pytest.fixture(scope="module")
def coming() -> list[UpcomingJob]:
    """What the page is told of the days to come; a test may change it."""
    return []


@pytest.fixture(scope="module")
def address(workspace: Workspace, calendar: WorkspaceClock, coming: list[UpcomingJob]) -> Iterator[str]:
    """Where the page is served, with the bot listening over Socket Mode."""
    told = {"commands": lambda: COMMANDS, "coming": lambda: coming}
    routes = page_routes(workspace, calendar, name="Riverbend", try_first=["/cred help"], **told)
    server = Server(workspace, calendar=calendar, extra_routes=routes)
    with pytest.MonkeyPatch.context() as patch, server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            patch.delenv(name, raising=False)
        client = WebClient(workspace.app.bot_token, base_url=server.api_url)
        handler = SocketModeHandler(build(client), workspace.app.app_token)
        handler.connect()
        yield server.url
        handler.close()
    assert not workspace.violations


_channels = count(1)


@pytest.fixture
def channel(workspace: Workspace) -> str:
    """The id of a new private channel with everybody in it."""
    return workspace.add_channel(f"room-{next(_channels)}", members=["cora", "lee", "credbot"])


@pytest.fixture
def window(browser: Browser, address: str, workspace: Workspace) -> Iterator[Callable[..., Page]]:
    """Opens a window as a person, in a channel or with the bot; a script error fails the test."""
    errors: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)

    def open_as(handle: str, channel: str = "") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        person = workspace.person(handle)
        page.goto(f"{address}/#as={person.id}&in={channel}")
        expect(page.get_by_label("You are")).to_have_value(person.id)
        page.bring_to_front()  # only the window in front has the focus
        return page

    yield open_as
    context.close()
    assert not errors


@pytest.fixture(scope="module")
def clinic() -> Iterator[Clinic]:
    """The demo, with the real bot in it; a form may take as long to open as a busy machine needs."""
    with pytest.MonkeyPatch.context() as patch, open_clinic(MONDAY_AT_TEN) as clinic:
        patch.setattr("slack_sandbox.one_shot.TRIGGER_SECONDS", PATIENCE / 1000)
        yield clinic
        clinic.workspace.strict.raise_on_violations()


@pytest.fixture
def person(browser: Browser, clinic: Clinic) -> Iterator[Callable[..., Page]]:
    """Opens the demo's page as somebody."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)

    def open_as(handle: str) -> Page:
        page = context.new_page()
        page.goto(f"{clinic.url}/#as={clinic.workspace.person(handle).id}")
        expect(page.get_by_label("You are")).to_have_value(clinic.workspace.person(handle).id)
        expect(page.get_by_label("Message", exact=True)).to_be_visible()
        return page

    yield open_as
    context.close()
