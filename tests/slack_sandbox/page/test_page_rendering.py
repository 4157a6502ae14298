"""How the page shows what the bot sends."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from slack_sandbox.workspace import Workspace

Window = Callable[..., Page]

MARKUP = {
    "*bold* and _italic_ and ~gone~": "<strong>bold</strong> and <em>italic</em> and <s>gone</s>",
    "2*3*4 and snake_case_name": "2*3*4 and snake_case_name",
    "*bold with _both_*": "<strong>bold with <em>both</em></strong>",
    "`*as is* &lt;b&gt;`": "<code>*as is* &lt;b&gt;</code>",
    "```\na *b*\n```": "<pre><code>a *b*</code></pre>",
    "&gt; quoted\nplain": "<blockquote>quoted</blockquote>plain",
    "&amp;lt; stays": "&amp;lt; stays",
    "<mailto:a@b.example|write>": '<a href="mailto:a@b.example" target="_blank" rel="noopener noreferrer">write</a>',
    "<javascript:alert(1)|x>": "&lt;javascript:alert(1)|x&gt;",
    "<b>raw</b>": "&lt;b&gt;raw&lt;/b&gt;",
    "<!date^1799764500^{date_short_pretty} at {time}|x>": "<time>today at 6:35 AM</time>",
    "<!date^1800000000^{date_long}|x>": "<time>Friday, January 15th, 2027</time>",
    "<!date^1799764500^{nonsense}|in words>": "<time>in words</time>",
    "*<!date^00000000^{_}|*>x<!date^00000000^{_}|*>*": "<strong><time>*</time>x<time>*</time></strong>",
    "<@U9|kim> in <#C9|room>": '<span class="mention">@kim</span> in <span class="mention">#room</span>',
}

RENDER = """async (text) => {
  const { mrkdwn } = await import("/page/static/blocks/mrkdwn.js");
  const now = () => new Date("2027-01-12T14:05:00Z");
  const world = { me: { id: "U1", tz: "America/Los_Angeles" }, people: new Map(), channels: new Map(), now };
  const holder = document.createElement("div");
  holder.append(...mrkdwn(text, world));
  return holder.innerHTML;
}"""


@pytest.fixture
def page(window: Window, channel: str) -> Page:
    """Cora's window on a new channel."""
    return window("cora", channel)


def show(workspace: Workspace, channel: str, *blocks: dict[str, Any]) -> None:
    workspace.post(workspace.app_message(channel, "In words", list(blocks)))


def test_markup_becomes_what_slack_shows(page: Page) -> None:
    """Each piece of Slack's markup is shown as Slack shows it, and nothing else becomes markup."""
    shown = {text: page.evaluate(RENDER, text) for text in MARKUP}
    assert shown == MARKUP


def test_a_table_is_a_table(page: Page, workspace: Workspace, channel: str) -> None:
    """A table block has column headers and cells that a screen reader can walk."""
    words = [["Credential", "Expires"], ["License NY", "Dec 31, 2027"]]
    rows = [[{"type": "raw_text", "text": word} for word in row] for row in words]
    show(workspace, channel, {"type": "table", "rows": rows})
    expect(page.get_by_role("columnheader", name="Expires")).to_be_visible()
    expect(page.get_by_role("cell", name="Dec 31, 2027")).to_be_visible()


def test_rich_text_keeps_its_structure(page: Page, workspace: Workspace, channel: str) -> None:
    """Lists, links, styles and mentions of rich text are shown as such."""
    link = {"type": "link", "url": "https://board.example", "text": "the board"}
    items = [
        {"type": "rich_text_section", "elements": [link]},
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "soon", "style": {"bold": True}}],
        },
    ]
    listed = {"type": "rich_text_list", "style": "ordered", "elements": items}
    show(workspace, channel, {"type": "rich_text", "elements": [listed]})
    article = page.get_by_role("article")
    expect(article.get_by_role("listitem")).to_have_count(2)
    expect(article.get_by_role("link", name="the board")).to_have_attribute("href", "https://board.example")
    expect(article.locator("strong")).to_have_text("soon")


def test_an_image_is_its_description(page: Page, workspace: Workspace, channel: str) -> None:
    """Nothing is fetched from elsewhere: an image stands there as its alternative text."""
    image = {"type": "image", "image_url": "https://elsewhere.example/a.png", "alt_text": "A state seal"}
    show(workspace, channel, image)
    expect(page.get_by_role("img", name="A state seal")).to_be_visible()
    assert page.locator("img").count() == 0


def test_a_select_in_a_message_is_named_and_told(page: Page, workspace: Workspace, channel: str) -> None:
    """A select without a label is named by its placeholder; choosing tells the bot."""
    option = {"text": {"type": "plain_text", "text": "One week"}, "value": "7"}
    placeholder = {"type": "plain_text", "text": "Snooze"}
    select = {"type": "static_select", "action_id": "snooze", "options": [option], "placeholder": placeholder}
    show(workspace, channel, {"type": "actions", "elements": [select]})
    page.get_by_label("Snooze").select_option("One week")
    expect(page.get_by_role("article").last).to_contain_text("Snoozed for 7 days.")


@pytest.mark.parametrize("width", [320, 768, 1440, 3840])
def test_nothing_overflows_from_a_phone_to_a_wall(page: Page, workspace: Workspace, channel: str, width: int) -> None:
    """A long word stays inside a window of any width."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "W" * 400}}
    show(workspace, channel, section)
    page.set_viewport_size({"width": width, "height": 640})
    expect(page.get_by_role("article")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.getElementById('messages-scroll').scrollWidth") <= width


def test_a_small_phone_has_everything_behind_its_menu(page: Page) -> None:
    """At 320 pixels the menu leads to people, conversations and time; Escape closes it again."""
    page.set_viewport_size({"width": 320, "height": 640})
    menu = page.get_by_role("button", name="Menu")
    menu.click()
    expect(page.get_by_label("You are")).to_be_focused()
    expect(page.get_by_label("You are")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_label("You are")).to_be_hidden()
    expect(menu).to_be_focused()


CONTRASTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (rgb) => rgb.slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (node) => (node ? [...behind(node.parentElement), getComputedStyle(node).backgroundColor] : ["white"]);
  const ownText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  return [...document.querySelectorAll("body *")]
    .filter((node) => ownText(node) && node.checkVisibility({ opacityProperty: true }))
    .filter((node) => !node.matches("option, :disabled, .visually-hidden"))
    .map((node) => {
      const ground = behind(node);
      const text = [...ground, getComputedStyle(node).color];
      const [one, other] = [light(paint(ground)), light(paint(text))].sort((a, b) => b - a);
      return [Math.round(((one + 0.05) / (other + 0.05)) * 10) / 10, node.textContent.trim().slice(0, 40)];
    }).filter(([ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(page: Page, workspace: Workspace, channel: str, scheme: str) -> None:
    """In both themes each text stands out from its ground by 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    page.emulate_media(color_scheme=scheme)
    words = {"type": "plain_text", "text": "Deny"}
    buttons = [{"type": "button", "text": words, "action_id": one, "style": one} for one in ("primary", "danger")]
    text = {
        "type": "mrkdwn",
        "text": f"`code` <@{workspace.person('cora').id}> <@{workspace.person('lee').id}> <#C1|x>",
    }
    context = {"type": "context", "elements": [text]}
    show(workspace, channel, {"type": "section", "text": text}, context, {"type": "actions", "elements": buttons})
    page.get_by_label("Message").fill("/cred help")
    page.get_by_label("Message").press("Enter")
    expect(page.get_by_text("Only visible to you")).to_be_visible()
    page.get_by_role("button", name="Timeline").first.click()
    page.get_by_label("Message").press_sequentially("/")
    assert page.evaluate(CONTRASTS) == []
