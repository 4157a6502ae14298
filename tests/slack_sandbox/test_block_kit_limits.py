"""Every limit of Block Kit, just inside and just over."""

from typing import Any

import pytest

from slack_sandbox.block_kit.checks import check


def plain(size: int) -> dict[str, Any]:
    """A plain_text object of this length."""
    return {"type": "plain_text", "text": "x" * size}


def mrkdwn(size: int) -> dict[str, Any]:
    """A mrkdwn object of this length."""
    return {"type": "mrkdwn", "text": "x" * size}


def button(**fields: Any) -> dict[str, Any]:
    """A button."""
    return {"type": "button", "text": plain(1)} | fields


def buttons(count: int) -> dict[str, Any]:
    """A row of buttons."""
    return {"type": "actions", "elements": [button(action_id=str(n)) for n in range(count)]}


def options(count: int, text: int = 1, value: int = 3) -> list[dict[str, Any]]:
    """Options with values of this length."""
    return [{"text": plain(text), "value": f"{n:0{value}}"} for n in range(count)]


def select(kind: str = "static_select", **fields: Any) -> dict[str, Any]:
    """A row with one select."""
    return {"type": "actions", "elements": [{"type": kind, "action_id": "a"} | fields]}


def field(element: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An input block."""
    return {"type": "input", "label": plain(1), "element": element} | fields


def text_input(**fields: Any) -> dict[str, Any]:
    """An input block for text."""
    return field({"type": "plain_text_input", "action_id": "a"} | fields)


def confirm(**fields: Any) -> dict[str, Any]:
    """A row whose button asks again."""
    asks = {"title": plain(1), "text": plain(1), "confirm": plain(1), "deny": plain(1)}
    return {"type": "actions", "elements": [button(confirm=asks | fields)]}


def groups(count: int, label: int = 1) -> dict[str, Any]:
    """A select with option groups."""
    return select(
        option_groups=[{"label": plain(label), "options": [{"text": plain(1), "value": str(n)}]} for n in range(count)]
    )


def table(rows: int, cells: int = 1, size: int = 1) -> dict[str, Any]:
    """A table of plain cells."""
    row = [{"type": "raw_text", "text": "x" * size}] * cells
    return {"type": "table", "rows": [row] * rows}


def image(**fields: Any) -> dict[str, Any]:
    """An image block."""
    return {"type": "image", "image_url": "https://a.test/i.png", "alt_text": "i"} | fields


def section(**fields: Any) -> dict[str, Any]:
    """A section block."""
    return {"type": "section"} | fields


def url(size: int) -> str:
    """An address of this length."""
    return "https://".ljust(size, "x")


BLOCKS = {
    "section text": (section(text=mrkdwn(3000)), section(text=mrkdwn(3001))),
    "section needs something": (section(text=mrkdwn(1)), section()),
    "section text is not empty": (section(text=mrkdwn(1)), section(text=mrkdwn(0))),
    "fields": (section(fields=[plain(1)] * 10), section(fields=[plain(1)] * 11)),
    "field text": (section(fields=[mrkdwn(2000)]), section(fields=[mrkdwn(2001)])),
    "accessory": (
        section(text=plain(1), accessory=button()),
        section(text=plain(1), accessory={"type": "plain_text_input"}),
    ),
    "accessory is no datetimepicker": (
        section(text=plain(1), accessory={"type": "datepicker"}),
        section(text=plain(1), accessory={"type": "datetimepicker"}),
    ),
    "header": ({"type": "header", "text": plain(150)}, {"type": "header", "text": plain(151)}),
    "header is plain": (
        {"type": "header", "text": plain(1)},
        {"type": "header", "text": mrkdwn(1)},
    ),
    "context": (
        {"type": "context", "elements": [mrkdwn(1)] * 10},
        {"type": "context", "elements": [mrkdwn(1)] * 11},
    ),
    "actions": (buttons(25), buttons(26)),
    "actions are not empty": (buttons(1), buttons(0)),
    "image alt text": (image(alt_text="x" * 2000), image(alt_text="x" * 2001)),
    "image alt text is required": (image(), image(alt_text="")),
    "image address": (image(image_url=url(3000)), image(image_url=url(3001))),
    "image title": (image(title=plain(2000)), image(title=plain(2001))),
    "markdown": (
        {"type": "markdown", "text": "x" * 12000},
        {"type": "markdown", "text": "x" * 12001},
    ),
    "table rows": (table(100), table(101)),
    "table cells": (table(1, 20), table(1, 21)),
    "table characters": (table(10, 10, 100), table(10, 10, 101)),
    "block id": (
        {"type": "divider", "block_id": "x" * 255},
        {"type": "divider", "block_id": "x" * 256},
    ),
    "unknown block": ({"type": "divider"}, {"type": "ruler"}),
    "unknown field": ({"type": "divider"}, {"type": "divider", "color": "red"}),
    "alert is for modals": ({"type": "divider"}, {"type": "alert", "text": plain(1)}),
    "button text": (
        {"type": "actions", "elements": [button(text=plain(75))]},
        {"type": "actions", "elements": [button(text=plain(76))]},
    ),
    "button value": (
        {"type": "actions", "elements": [button(value="x" * 2000)]},
        {"type": "actions", "elements": [button(value="x" * 2001)]},
    ),
    "button address": (
        {"type": "actions", "elements": [button(url=url(3000))]},
        {"type": "actions", "elements": [button(url=url(3001))]},
    ),
    "button style": (
        {"type": "actions", "elements": [button(style="danger")]},
        {"type": "actions", "elements": [button(style="blue")]},
    ),
    "accessibility label": (
        {"type": "actions", "elements": [button(accessibility_label="x" * 75)]},
        {"type": "actions", "elements": [button(accessibility_label="x" * 76)]},
    ),
    "action id": (
        {"type": "actions", "elements": [button(action_id="x" * 255)]},
        {"type": "actions", "elements": [button(action_id="x" * 256)]},
    ),
    "confirm title": (confirm(title=plain(100)), confirm(title=plain(101))),
    "confirm text": (confirm(text=mrkdwn(300)), confirm(text=mrkdwn(301))),
    "confirm button": (confirm(confirm=plain(30)), confirm(confirm=plain(31))),
    "deny button": (confirm(deny=plain(30)), confirm(deny=plain(31))),
    "select options": (select(options=options(100)), select(options=options(101))),
    "select has options": (select(options=options(1)), select()),
    "option text": (select(options=options(1, 75)), select(options=options(1, 76))),
    "option value": (select(options=options(1, 1, 150)), select(options=options(1, 1, 151))),
    "option description": (
        select(options=[options(1)[0] | {"description": plain(75)}]),
        select(options=[options(1)[0] | {"description": plain(76)}]),
    ),
    "option groups": (groups(100), groups(101)),
    "group label": (groups(1, 75), groups(1, 76)),
    "placeholder": (
        select("users_select", placeholder=plain(150)),
        select("users_select", placeholder=plain(151)),
    ),
    "initial option": (
        select(options=options(2), initial_option=options(2)[1]),
        select(options=options(2), initial_option=options(3)[2]),
    ),
    "initial options": (
        select("checkboxes", options=options(2), initial_options=options(1)),
        select("checkboxes", options=options(2), initial_options=options(3)),
    ),
    "checkboxes": (
        select("checkboxes", options=options(10)),
        select("checkboxes", options=options(11)),
    ),
    "radio buttons": (
        select("radio_buttons", options=options(10)),
        select("radio_buttons", options=options(11)),
    ),
    "overflow": (select("overflow", options=options(5)), select("overflow", options=options(6))),
    "date": (
        select("datepicker", initial_date="2028-02-29"),
        select("datepicker", initial_date="2027-02-29"),
    ),
    "date's shape": (
        select("datepicker", initial_date="2027-01-05"),
        select("datepicker", initial_date="Jan 5, 2027"),
    ),
    "time": (
        select("timepicker", initial_time="23:59"),
        select("timepicker", initial_time="24:00"),
    ),
    "instant": (
        select("datetimepicker", initial_date_time=1628633820),
        select("datetimepicker", initial_date_time=1628633820000),
    ),
}

INPUTS = {
    "label": (text_input() | {"label": plain(2000)}, text_input() | {"label": plain(2001)}),
    "hint": (text_input() | {"hint": plain(2000)}, text_input() | {"hint": plain(2001)}),
    "initial value": (
        text_input(initial_value="x" * 3000),
        text_input(initial_value="x" * 3001),
    ),
    "max length": (text_input(max_length=3000), text_input(max_length=3001)),
    "least max length": (text_input(max_length=1), text_input(max_length=0)),
    "min length": (text_input(min_length=3000), text_input(min_length=3001)),
    "number input says whether decimals are allowed": (
        field({"type": "number_input", "is_decimal_allowed": False}),
        field({"type": "number_input"}),
    ),
    "an input holds no button": (text_input(), field(button())),
    "alert": ({"type": "alert", "text": plain(200)}, {"type": "alert", "text": plain(201)}),
    "markdown is for messages": ({"type": "divider"}, {"type": "markdown", "text": "x"}),
}

VIEW = {"type": "modal", "title": plain(1), "submit": plain(1), "blocks": [{"type": "divider"}]}
VIEWS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "title": ({"title": plain(24)}, {"title": plain(25)}),
    "submit": ({"submit": plain(24)}, {"submit": plain(25)}),
    "close": ({"close": plain(24)}, {"close": plain(25)}),
    "private metadata": ({"private_metadata": "x" * 3000}, {"private_metadata": "x" * 3001}),
    "callback id": ({"callback_id": "x" * 255}, {"callback_id": "x" * 256}),
    "external id": ({"external_id": "x" * 255}, {"external_id": "x" * 256}),
    "blocks": ({"blocks": [{"type": "divider"}] * 100}, {"blocks": [{"type": "divider"}] * 101}),
    "blocks are not empty": ({}, {"blocks": []}),
    "submit with inputs": ({"blocks": [text_input()]}, {"blocks": [text_input()], "submit": None}),
    "one focus": (
        {"blocks": [text_input(focus_on_load=True), text_input()]},
        {"blocks": [text_input(focus_on_load=True), text_input(focus_on_load=True)]},
    ),
    "size": (
        {"blocks": [section(text=plain(2400))] * 100},
        {"blocks": [section(text=plain(2500))] * 100},
    ),
}


@pytest.mark.parametrize("rule", BLOCKS)
def test_a_message_block_is_taken_up_to_its_limit(rule: str) -> None:
    """A block at its limit is taken, one beyond is refused where it is."""
    inside, over = BLOCKS[rule]

    assert check({"text": "t", "blocks": [inside]}, "message") == []
    assert "/blocks" in check({"text": "t", "blocks": [over]}, "message")[0]


@pytest.mark.parametrize("rule", INPUTS)
def test_a_modal_block_is_taken_up_to_its_limit(rule: str) -> None:
    """A modal's block at its limit is taken, one beyond is refused."""
    inside, over = INPUTS[rule]

    assert check(VIEW | {"blocks": [inside]}, "modal") == []
    assert check(VIEW | {"blocks": [over]}, "modal") != []


@pytest.mark.parametrize("rule", VIEWS)
def test_a_modal_is_taken_up_to_its_limit(rule: str) -> None:
    """A modal at its limit is taken, one beyond is refused."""
    inside, over = VIEWS[rule]

    assert check(VIEW | inside, "modal") == []
    assert check(VIEW | over, "modal") != []


def test_a_message_holds_fifty_blocks() -> None:
    """The fifty-first block is refused."""
    assert check({"text": "t", "blocks": [{"type": "divider"}] * 50}, "message") == []
    assert check({"text": "t", "blocks": [{"type": "divider"}] * 51}, "message") != []


@pytest.mark.parametrize("text", [None, "", "  "])
def test_blocks_need_a_text_beside_them(text: str | None) -> None:
    """A message of blocks without text is silent in notifications and for screen readers."""
    assert "/text" in check({"text": text, "blocks": [{"type": "divider"}]}, "message")[0]


def test_a_block_id_stands_once() -> None:
    """Two blocks with one id are refused."""
    twice = [{"type": "divider", "block_id": "same"}] * 2

    assert "already used" in check({"text": "t", "blocks": twice}, "message")[0]


def test_an_action_id_stands_once_in_its_block() -> None:
    """Two elements of a block with one action id are refused; in two blocks they are fine."""
    row = {"type": "actions", "elements": [button(action_id="a")]}
    both = {"type": "actions", "elements": [button(action_id="a")] * 2}

    assert check({"text": "t", "blocks": [row, row]}, "message") == []
    assert check({"text": "t", "blocks": [both]}, "message") != []


def test_lengths_are_counted_the_larger_way() -> None:
    """An emoji beyond the basic plane counts as two, as UTF-16 does."""
    inside = {"type": "header", "text": {"type": "plain_text", "text": "😀" * 75}}
    over = {"type": "header", "text": {"type": "plain_text", "text": "😀" * 76}}

    assert check({"text": "t", "blocks": [inside]}, "message") == []
    assert check({"text": "t", "blocks": [over]}, "message") != []


@pytest.mark.parametrize("ping", ["<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S1>"])
def test_nothing_may_ping_everybody(ping: str) -> None:
    """Broadcasts are refused in text, mrkdwn and markdown, and harmless in plain text."""
    as_markup = section(text={"type": "mrkdwn", "text": f"a {ping}"})
    as_plain = section(text={"type": "plain_text", "text": f"a {ping}"})

    assert check({"text": ping}, "message") != []
    assert check({"text": "t", "blocks": [as_markup]}, "message") != []
    assert check({"text": "t", "blocks": [{"type": "markdown", "text": ping}]}, "message") != []
    assert check({"text": "t", "blocks": [as_plain]}, "message") == []
