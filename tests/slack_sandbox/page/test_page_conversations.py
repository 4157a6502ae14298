"""What a person does in the sandbox's conversations."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from slack_sandbox.workspace import Workspace

Window = Callable[..., Page]


def send(page: Page, text: str) -> None:
    page.get_by_label("Message").fill(text)
    page.get_by_label("Message").press("Enter")


def test_a_command_is_answered_to_its_author_alone(window: Window, channel: str) -> None:
    """The answer to a command stands in the author's window, marked, and not in another member's."""
    cora, lee = window("cora", channel), window("lee", channel)
    send(cora, "/cred help")
    answer = cora.get_by_role("article").filter(has_text="Hello @cora")
    expect(answer).to_contain_text("Only visible to you")
    send(lee, "A message of Lee's")
    expect(lee.get_by_role("article")).to_have_count(1)


def test_a_decision_reaches_the_other_window_live(window: Window, channel: str) -> None:
    """One person's click changes the card in everybody's window, without its buttons."""
    cora, lee = window("cora", channel), window("lee", channel)
    send(cora, "/cred card")
    lee.get_by_role("button", name="Approve").click()
    expect(cora.get_by_role("article").first).to_contain_text("Approved by @lee.")
    expect(cora.get_by_role("button", name="Approve")).to_have_count(0)


def test_a_confirmed_button_does_nothing_until_confirmed(window: Window, channel: str) -> None:
    """A button with a confirm object asks in its own words, and going back leaves the card alone."""
    page = window("cora", channel)
    send(page, "/cred card")
    page.get_by_role("button", name="Deny").click()
    page.get_by_role("button", name="Go back").click()
    expect(page.get_by_role("button", name="Deny")).to_be_focused()
    page.get_by_role("button", name="Deny").click()
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("article").first).to_contain_text("Denied by @cora.")


def test_a_thread_opens_beside_the_channel_and_is_answered_there(window: Window, channel: str) -> None:
    """Replies open in the thread's panel, where an answer stays out of the channel."""
    page = window("cora", channel)
    send(page, "/cred card")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("One vote: approved.")
    thread.get_by_label("Reply").fill("Thank you")
    thread.get_by_label("Reply").press("Enter")
    expect(thread.get_by_role("article")).to_have_count(3)
    expect(page.get_by_role("main").get_by_role("article")).to_have_count(1)


def test_typed_markup_is_shown_and_never_run(window: Window, channel: str) -> None:
    """A typed script, image or link stays the text that was typed, for every reader."""
    cora, lee = window("cora", channel), window("lee", channel)
    typed = "<img src=x onerror=alert(1)> <script>alert(2)</script> <javascript:alert(3)|go> & <@U1>"
    lee.on("dialog", lambda dialog: dialog.dismiss())
    send(cora, typed)
    article = lee.get_by_role("article")
    expect(article).to_contain_text(typed)
    assert article.locator("img, script, a").count() == 0


def test_typing_survives_what_others_do(window: Window, channel: str) -> None:
    """A half-written message keeps its text and its focus while new messages come in."""
    cora, lee = window("cora", channel), window("lee", channel)
    cora.get_by_label("Message").fill("half a sentence")
    send(lee, "Something else")
    expect(cora.get_by_role("article")).to_contain_text("Something else")
    expect(cora.get_by_label("Message")).to_have_value("half a sentence")
    expect(cora.get_by_label("Message")).to_be_focused()


def test_a_draft_waits_in_its_own_conversation(window: Window, channel: str) -> None:
    """What is typed in one conversation does not follow to another, and is there on return."""
    page = window("cora", channel)
    page.get_by_label("Message").fill("for the channel")
    page.get_by_role("button", name="Credbot").click()
    expect(page.get_by_label("Message")).to_have_value("")
    page.go_back()
    expect(page.get_by_label("Message")).to_have_value("for the channel")


def test_unread_messages_are_counted_until_read(window: Window, workspace: Workspace, channel: str) -> None:
    """A conversation one is not looking at shows how much is new, until it is opened."""
    lee, cora = window("lee"), window("cora", channel)
    send(cora, "News")
    room = workspace.conversations.get(channel)
    assert room is not None
    place = lee.get_by_role("button", name=room.name)
    expect(place.get_by_label("1 unread")).to_be_visible()
    place.click()
    expect(place.get_by_label("1 unread")).to_have_count(0)


def test_what_is_new_is_marked_where_it_begins(window: Window, workspace: Workspace, channel: str) -> None:
    """Somebody who comes back sees a line between what they have read and what came since."""
    cora, lee = window("cora", channel), window("lee", channel)
    room = workspace.conversations.get(channel)
    assert room is not None
    send(cora, "Old")
    expect(lee.get_by_role("article")).to_contain_text("Old")
    expect(lee.get_by_role("button", name=room.name, exact=True)).to_be_visible()
    lee.get_by_role("button", name="Credbot").click()
    send(cora, "Fresh")
    lee.get_by_role("button", name=f"{room.name} 1 unread").click()
    shown = [re.compile(words) for words in ("Today", "Old", "^New$", "Fresh")]
    expect(lee.get_by_role("main").get_by_role("listitem")).to_have_text(shown)


def test_earlier_messages_come_when_asked_for(window: Window, workspace: Workspace, channel: str) -> None:
    """Of a thousand messages the newest are there at once, the rest on request; what is read keeps its place."""
    for number in range(1000):
        workspace.post(workspace.app_message(channel, f"Number {number}", []))
    page = window("cora", channel)
    expect(page.get_by_text("Number 999")).to_be_in_viewport()
    page.get_by_role("region", name="Conversation").evaluate("node => node.scrollTo(0, 0)")
    page.get_by_role("button", name="Show earlier (850)").click()
    expect(page.get_by_role("button", name="Show earlier (550)")).to_be_attached()
    expect(page.get_by_text("Number 850", exact=True)).to_be_in_viewport()
    page.get_by_role("button", name="Newest").click()
    expect(page.get_by_text("Number 999")).to_be_in_viewport()


def test_what_is_read_keeps_its_place(window: Window, workspace: Workspace, channel: str) -> None:
    """A message that comes while one reads far above moves nothing; the newest is one click away."""
    for number in range(60):
        workspace.post(workspace.app_message(channel, f"Number {number}", []))
    page = window("cora", channel)
    expect(page.get_by_text("Number 59", exact=True)).to_be_in_viewport()
    scroller = page.get_by_role("region", name="Conversation")
    scroller.evaluate("node => node.scrollTo(0, 300)")
    expect(page.get_by_role("button", name="Newest")).to_be_visible()
    workspace.post(workspace.app_message(channel, "The last word", []))
    last = page.get_by_role("article").filter(has_text="The last word")
    expect(last).to_be_attached()
    assert scroller.evaluate("node => node.scrollTop") == 300
    page.get_by_role("button", name="Newest").click()
    expect(last).to_be_in_viewport()


def test_a_handle_is_offered_and_taken_with_the_keyboard(window: Window, channel: str) -> None:
    """Typing @ and a few letters offers the person; Enter takes the offer before it sends."""
    page = window("cora", channel)
    page.get_by_label("Message").press_sequentially("Hello @le")
    expect(page.get_by_role("option", name="@lee Lee Chen")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Message")).to_have_value("Hello @lee ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("Hello @lee")


def test_an_unknown_command_tells_the_person(window: Window, channel: str) -> None:
    """What Slack itself refuses is said above the message box and can be dismissed."""
    page = window("cora", channel)
    send(page, "/nonsense")
    expect(page.get_by_role("alert")).to_contain_text("/nonsense is not a valid command")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("alert")).to_have_count(0)
