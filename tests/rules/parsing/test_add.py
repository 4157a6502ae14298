"""Lines of words: the one-line add, and the nearest command."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.dates import Ambiguous
from bot.rules.parsing.add import AddWords, closest, parse_add
from bot.rules.parsing.names import longest_name
from bot.rules.policy import Policies

TODAY = date(2026, 11, 23)
NEXT = date(2027, 1, 15)
SINCE = {"source": "our bylaws", "in_force_from": "2026-01-01"}
ANY = {"label": "Number", "pattern": r"(?=.*\d)[A-Z0-9.-]{3,20}", "example": "A-123456"}


def kind(label: str, **more: object) -> dict[str, object]:
    return {
        **SINCE,
        "label": label,
        "expires": "always",
        "sources": {"board": {"label": "Board", "class": "primary"}},
        **more,
    }


POLICIES = Policies.model_validate(
    {
        "organization": {**SINCE, "name": "Clinic", "reinstate_within": 30},
        "recredentialing": {**SINCE, "months": 36, "late_within": 30, "rungs": [-180, 0]},
        "ladders": {},
        "routes": {},
        "jurisdictions": {},
        "provider_types": {},
        "privileges": {},
        "credentials": {
            "license": kind("State license", aliases=["professional license"], jurisdiction=True, number=ANY),
            "dea": kind("DEA registration", jurisdiction=True, number={**ANY, "check": "dea"}),
            "npi": kind("NPI", expires="never", number={**ANY, "check": "npi"}),
            "bls": kind("BLS", aliases=["BLS card"]),
            "board_certification": kind("Board certification", aliases=["board cert"], number=ANY),
            "malpractice": kind(
                "Malpractice insurance", begins_later=True, number={**ANY, "pattern": "[A-Z0-9 -]{3,30}"}
            ),
            "ecard": kind("eCard", precision="month", number={**ANY, "optional": True}),
            "fellowship": kind("Fellowship", expires="maybe", longest_months=120, number=ANY),
            "residency": kind("Residency", expires="never"),
        },
    }
)


def add(text: str) -> AddWords:
    return parse_add(text, POLICIES, TODAY)


def codes(text: str) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in add(text).problems]


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("license NY 012345 2027-01-15", AddWords("", "license", "NY", "012345", NEXT, "2027-01-15")),
        (
            "<@U1> license ny 012345 15 Jan 2027",
            AddWords("<@U1>", "license", "NY", "012345", NEXT, "15 Jan 2027"),
        ),
        ("@lee Dea NY ab1234563 1/15/2027", AddWords("@lee", "dea", "NY", "AB1234563", NEXT, "1/15/2027")),
        ("@lee npi 1234567893", AddWords("@lee", "npi", None, "1234567893")),
        ("Lee Chen BLS card Jan 15, 2027", AddWords("Lee Chen", "bls", None, None, NEXT, "Jan 15, 2027")),
        (
            "malpractice MPL7 204418 2027-01-15",
            AddWords("", "malpractice", None, "MPL7 204418", NEXT, "2027-01-15"),
        ),
        ("residency", AddWords("", "residency")),
        (
            "BOARD CERTIFICATION 1234 in 53 days",
            AddWords("", "board_certification", None, "1234", NEXT, "in 53 days"),
        ),
    ],
)
def test_a_complete_line_is_understood(text: str, understood: AddWords) -> None:
    """Person, type, state, number and date, in the words people use."""
    assert add(text) == understood
    assert add(text).complete


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("license 012345 2027-01-15", [("state", "state_missing")]),
        ("license ZZ 012345 2027-01-15", [("state", "state_unknown")]),
        ("license NY 2027-01-15", [("number", "number_missing")]),
        ("license NY 012345", [("expires_on", "date_missing")]),
        ("license NY 012345 soon", [("expires_on", "unreadable_date")]),
        ("license NY 012345 31 Feb 2027", [("expires_on", "no_such_day")]),
        ("license NY 012345 1/15/27", [("expires_on", "two_digit_year")]),
        ("license NY 012345 2099-01-15", [("expires_on", "too_far")]),
        ("malpractice MPL7 204418 31 Feb 2027", [("expires_on", "no_such_day")]),
        ("dea NY AB1234560 2027-01-15", [("number", "dea_check_digit")]),
        ("npi 1234567890", [("number", "npi_check_digit")]),
        ("npi 1234567893 2027-01-15", [("expires_on", "takes_no_date")]),
        ("bls 12345 2027-01-15", [("number", "takes_no_number")]),
        ("@lee licence NY 012345", [("type", "unknown_type"), ("expires_on", "date_missing")]),
        ("@lee moonwalk", [("type", "unknown_type")]),
        (
            "license",
            [("state", "state_missing"), ("number", "number_missing"), ("expires_on", "date_missing")],
        ),
    ],
)
def test_what_is_not_understood_is_named(text: str, problems: list[tuple[str, str]]) -> None:
    """Each problem names the form's field and what is wrong with it."""
    assert codes(text) == problems


@pytest.mark.parametrize(
    ("words", "number", "issued_on"),
    [
        ("245871 exp 2027-01-15", "245871", None),
        ("245871, exp. 1/15/2027.", "245871", None),
        ("245871 EXP1/15/2027", "245871", None),
        ("245871 exp:2027-01-15", "245871", None),
        ("exp 2027-01-15 no. 245871", "245871", None),
        ("number 245871 expires on Jan 15, 2027", "245871", None),
        ("NO.123456 expiration date: Jan 15, 2027", "123456", None),
        ("# 123456 2027-01-15", "123456", None),
        ("#123456 valid through 2027-01-15", "123456", None),
        ("1.012345- 2027-01-15", "1.012345", None),
        ("(A-123456) 2027-01-15", "A-123456", None),
        ("MPL-204418 EFF 1/1/2026 EXP 1/15/2027", "MPL-204418", date(2026, 1, 1)),
        ("A-1 issued Jan 1, 2026, expires Jan 15, 2027", "A-1", date(2026, 1, 1)),
        ("A-1 effective 1/1/2026 1/15/2027", "A-1", date(2026, 1, 1)),
    ],
)
def test_a_word_says_what_follows_it(words: str, number: str, issued_on: date | None) -> None:
    """Expiry, issue and number are told by the words before them, and none of these becomes part of the number."""
    for line in (f"license NY {words}", f"board cert {words}"):
        found = add(line)

        assert (found.number, found.issued_on, found.expires_on, found.problems) == (number, issued_on, NEXT, ())
        assert found.complete


@pytest.mark.parametrize(
    ("line", "left", "number"),
    [
        ("dea NY AB 1234563 2027-01-15", "AB", "1234563"),
        ("malpractice MPL 204418 2027-01-15", "MPL", "204418"),
        ("license NY 245871 temporary 2027-01-15", "temporary", "245871"),
        ("license NY 245871 99 2027-01-15", "99", "245871"),
        ("license NY 245871 2027-01-15 2028-01-15", "2028-01-15", "245871"),
        ("license NY 245871 2027-01-15 issued", "issued", "245871"),
        ("license NY 245871 2027-01-15 NJ", "NJ", "245871"),
        ("fellowship 1234 lifetime 2027-01-15", "2027-01-15", "1234"),
        ("residency done well", "done well", None),
    ],
)
def test_a_word_that_nobody_understood_is_named(line: str, left: str, number: str | None) -> None:
    """Nothing is complete while a word is left over, and what was understood beside it stays."""
    found = add(line)

    assert [p.facts["typed"] for p in found.problems if p.code == "words_left"] == [left]
    assert found.number == number
    assert not found.complete


def test_a_state_may_stand_anywhere() -> None:
    """A state's code in capitals is one wherever it stands, and words that look like one in small letters are not."""
    assert add("license 245871 NY exp 2027-01-15").state == "NY"
    assert codes("license 245871 in 53 days") == [("state", "state_missing")]


@pytest.mark.parametrize(
    ("line", "expires_on"),
    [
        ("ecard 12/2027", date(2027, 12, 31)),
        ("ecard 245603172845 Dec 2027", date(2027, 12, 31)),
        ("ecard exp Feb 2028", date(2028, 2, 29)),
        ("fellowship 1234", None),
        ("fellowship 1234 no expiration date", None),
        ("fellowship no. 1234 lifetime", None),
    ],
)
def test_a_line_says_a_month_or_no_expiry_where_its_type_may(line: str, expires_on: date | None) -> None:
    """A month is its last day on cards that show months; a type of which some never expire takes no date."""
    found = add(line)

    assert (found.expires_on, found.problems) == (expires_on, ())


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("license NY 245871 Dec 2027", ("expires_on", "last_of_month")),
        ("license NY 245871 Feb 29, 2027", ("expires_on", "feb_28")),
        ("fellowship 1234 2072-12-31", ("expires_on", "year_right")),
        ("license NY 245871 lifetime", ("expires_on", "date_missing")),
        ("license NY 245871 eff 1/1/2027 exp 1/15/2028", ("issued_on", "issued_in_future")),
    ],
)
def test_what_may_be_right_is_asked(line: str, problem: tuple[str, str]) -> None:
    """A month, an odd day, a far year, no date at all, and a license of tomorrow are not taken from a line."""
    assert codes(line) == [problem]


def test_a_policy_that_begins_next_month_is_understood() -> None:
    """Where a type says so, its term may begin later."""
    found = add("malpractice 204418 eff 1/1/2027 exp 1/1/2028")

    assert (found.issued_on, found.expires_on, found.problems) == (date(2027, 1, 1), date(2028, 1, 1), ())


def test_nothing_understood_is_lost_to_a_problem() -> None:
    """A wrong number keeps what was typed, and everything else stays understood."""
    found = add("@lee dea NY AB1234560 2027-01-15")

    assert (found.person, found.state, found.number, found.expires_on) == ("@lee", "NY", "AB1234560", NEXT)
    assert not found.complete


def test_an_ambiguous_date_is_asked() -> None:
    """The line is not complete until somebody says which day it is."""
    found = add("license NY 012345 3/4/2027")

    assert found.ambiguous == Ambiguous("3/4/2027", (date(2027, 3, 4), date(2027, 4, 3)))
    assert not found.complete


@pytest.mark.parametrize(("text", "person"), [("", ""), ("<@U1|lee chen>", "<@U1|lee chen>"), ("Lee Chen", "Lee Chen")])
def test_a_line_without_a_type_opens_an_empty_form(text: str, person: str) -> None:
    """Only the person is known, and nothing is wrong yet."""
    assert add(text) == AddWords(person=person)
    assert not add(text).complete


def test_a_mistyped_type_is_answered_with_the_closest() -> None:
    """The problem says what was typed and what was probably meant; all that follows is understood as for that type."""
    found = add("Lee Chen licens NY A-1 2027-01-15")

    assert [problem.facts for problem in found.problems] == [{"typed": "licens", "closest": "State license"}]
    assert (found.person, found.type, found.state, found.number) == ("Lee Chen", "license", "NY", "A-1")
    assert found.expires_on == NEXT
    assert not found.complete


def test_a_name_near_a_type_stays_a_name() -> None:
    """Without a mention, a number or a date nothing says that Dean is not a person."""
    assert add("Dean Smith") == AddWords(person="Dean Smith")


@pytest.mark.parametrize(
    ("words", "type", "start"),
    [
        (["state", "LICENSE"], "license", 0),
        (["Dea", "Smith", "license"], "license", 2),
        (["board_certification"], "board_certification", 0),
        (["bls", "npi"], "bls", 0),
        (["lee", "Board", "cert"], "board_certification", 1),
        (["State_License"], "license", 0),
    ],
)
def test_the_longest_match_is_the_type(words: list[str], type: str, start: int) -> None:
    """Keys, labels and aliases in any case; a name that looks like a short type stays a name."""
    found = longest_name(words, POLICIES.credentials)

    assert found is not None
    assert (found.key, found.start) == (type, start)


def test_no_type_is_found_where_there_is_none() -> None:
    """Words that only contain a type's name are not one."""
    assert longest_name(["licensed", "bls-card", "boards_cert"], POLICIES.credentials) is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("statsu", "status"),
        ("VERFY", "verify"),
        ("xyzzy", None),
        ("ver", "verify"),
        ("priv", "Privileges"),
        ("p", None),
    ],
)
def test_a_mistyped_command_finds_the_closest(word: str, meant: str | None) -> None:
    """Near misses, and words that only begin so, are answered with the command; anything else with none."""
    assert closest(word, ["status", "verify", "add", "update", "Privileges"]) == meant


@given(st.text(alphabet="abclicensedeanpi NY0123456789/-<>@|", max_size=60))
def test_no_line_breaks_the_reader(text: str) -> None:
    """Any words give something understood or a problem, never an error."""
    assert isinstance(add(text), AddWords)


WORDS = st.lists(
    st.sampled_from(["license", "NY", "245871", "exp", "EXP", "12/31/2027", "eff", "no.", "NO.123456", "#", "MPL"])
    | st.sampled_from(["1.012345-", "(77)", "malpractice", "dea", "AB1234563-R5678", "2027-01-15", "Dec", "2027"])
    | st.text(alphabet="abNO0123456789.-#/:", min_size=1, max_size=8),
    max_size=10,
)


@given(WORDS)
def test_a_number_is_made_of_words_with_a_digit(words: list[str]) -> None:
    """Whatever the line: what would be recorded is one of its words, or several, and each has a digit in it."""
    found = add(" ".join(words))

    typed = [word.upper() for word in words if any(map(str.isdigit, word))]
    for part in (found.number or "").upper().split():
        assert any(map(str.isdigit, part))
        assert part in "".join(typed)


@given(WORDS, st.integers(0, 10))
def test_a_word_too_many_keeps_a_line_from_being_recorded(words: list[str], at: int) -> None:
    """Whatever else a line says, and wherever the word stands: nobody knows what it says, so somebody is asked."""
    assert not add(" ".join(["license NY", *words[:at], "reinstated", *words[at:]])).complete
