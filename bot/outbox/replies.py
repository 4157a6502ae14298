"""Answers to whoever clicked or typed, by Slack's response_url: seen by them alone, and not kept.

Never the only copy of anything: an answer that does not arrive is lost, and the person asks again.
"""

from __future__ import annotations

from slack_sdk.webhook import WebhookClient

from bot import log
from bot.cards.message import Message

logger = log.get(__name__)


def respond(response_url: str, message: Message, *, timeout: int = 10) -> bool:
    """Whether Slack took it. Leaves the message that was clicked as it is."""
    client = WebhookClient(response_url, timeout=timeout, retry_handlers=[])
    try:
        answer = client.send(
            text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
        )
    except OSError as error:
        logger.warning("answer_lost", why=type(error).__name__)
        return False
    if answer.status_code != 200:
        logger.warning("answer_refused", status=answer.status_code)
    return answer.status_code == 200
