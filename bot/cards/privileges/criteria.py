"""A privilege's criteria in words, each with why it is met or not."""

from __future__ import annotations

from datetime import date

from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.names import credential_name, name_of
from bot.cards.words import Words
from bot.rules.policy import Policies
from bot.rules.privileges.models import CriterionResult, Eligibility


def criterion_name(result: CriterionResult, policies: Policies) -> str:
    """The type, and the state where one was judged: "State license (NY)"."""
    if result.judged:
        return name_of(policies, result.judged.credential)
    return credential_name(policies, result.credential_type)


def criterion_line(result: CriterionResult, on: date, policies: Policies, words: Words) -> Mrkdwn:
    """Met or not, and why, for somebody who may see the file's dates."""
    return words.line(
        f"criterion_is_{result.state.name.lower()}",
        credential=criterion_name(result, policies),
        asked=words.plain(f"criterion_when_{result.when}"),
        standing=result.judged.standing.value if result.judged else None,
        expires_on=result.judged.term.expires_on if result.judged else None,
        on=on,
    )


def rule_line(eligibility: Eligibility, policies: Policies, words: Words) -> Mrkdwn:
    """Whose rule the criteria are, so that anybody can ask why; empty for a privilege no longer in force."""
    policy = policies.privileges.get(eligibility.privilege)
    return words.line("criterion_rule", source=policy.source, example=policy.example) if policy else Mrkdwn("")
