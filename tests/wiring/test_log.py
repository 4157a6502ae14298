"""What must never be read in a log is not in it."""

from __future__ import annotations

import base64
import io
import logging
import time
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from bot import log
from bot.log import redaction
from bot.store.engine import Database
from bot.store.tables import PersonRow


@pytest.fixture
def written() -> io.StringIO:
    stream = io.StringIO()
    log.configure("INFO", stream)
    return stream


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1-abc",
        "xapp-1-A1-abc",
        "https://hooks.slack.com/commands/T1/2/abc",
        "https://hooks.slack.com/actions/T1/2/abc",
        "wss://wss-primary.slack.com/link/?ticket=abc",
        "lee@riverbend.example",
    ],
)
def test_tokens_and_response_urls_are_replaced(written: io.StringIO, secret: str) -> None:
    """Neither in our own events nor in a library's sentence."""
    log.get("test").info("sent", note=f"to {secret} now")
    logging.getLogger("library").warning("to %s now", secret)

    assert secret not in written.getvalue()
    assert "sent" in written.getvalue()


def test_a_row_that_the_database_refuses_is_not_shown(written: io.StringIO, db: Database) -> None:
    """Which constraint objected is there; the row's values are not, in no part of the traceback."""
    for person in ("Lee Chen", "Ann Other"):
        try:
            with db.writing() as session:
                session.add(PersonRow(slack_user_id="U1", name=person, email="lee@riverbend.example"))
        except IntegrityError:
            log.get("test").exception("broke")

    told = written.getvalue()
    assert "broke" in told
    assert "slack_user_id" in told
    assert not [value for value in ("Ann Other", "Lee Chen", "U1'", "(U1)", "riverbend") if value in told]


def test_what_belongs_together_carries_one_id(written: io.StringIO) -> None:
    """Our events and a library's sentences, and nothing after it has ended."""
    with log.about(request="A1B2C3"):
        log.get("test").info("begun")
        logging.getLogger("library").warning("slow")
    log.get("test").info("later")

    assert ["request='A1B2C3'" in line for line in written.getvalue().splitlines()] == [True, True, False]


KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
"""Of a Fernet key's shape; the same in every worker, since tests are named by it."""
FORM = urlencode(
    {"token": "verif1cation", "text": "add lee@clinic.example", "response_url": "https://hooks.slack.com/commands/T1/2"}
)


@pytest.mark.parametrize(
    ("told", "secret"),
    [
        ("who=lee%40clinic.example&x=1", "lee"),
        ("who=lee%2540clinic.example", "lee"),
        ("from %40lee%40clinic.example", "lee"),
        ("o'brien+x@clinic.example", "brien"),
        ("lee@clinic", "lee"),
        ("postgresql://credbot:pa@ss@db.example/credbot", "pa@ss"),
        ("postgresql+psycopg://credbot:pa/ss@db.example/credbot", "ss@"),
        ("https://user:pass@slack.example/api/", "pass"),
        (f"CREDBOT_SECRET_KEY={KEY},{KEY}", KEY[:20]),
        (f"key={KEY.replace('=', '%3D')}", KEY[:20]),
        ("secret 8f742231b10e8888abcd99yyyzzz85a5 0123456789abcdef0123456789abcdef", "0123456789abcdef"),
        ("xoxe.xoxb-1-Mi0x and xoxe-1-Mi0x", "Mi0x"),
        ("at hooks.slack.com/services/T1/B2/abc", "abc"),
        ("https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1%2F2%2Fabc", "abc"),
        ("http://127.0.0.1:1/response/T1/abc", "abc"),
        ("{'npi': '1234567893', \"number\": \"A-1\"}", "1234567893"),
        ("number=A-123456 of", "A-123456"),
        (FORM, "verif1cation"),
        (FORM, "clinic"),
        (FORM, "hooks"),
        ("postgresql://u:s3:cr/et@h", "s3"),
        ("postgresql://u:s3:cr/et@h", "et@"),
        ("postgresql://u:s3cr et@h", "s3cr"),
        ('{"token":   "abcdef"}', "abcdef"),
        ("{'number'  :  'A-123456'}", "A-123456"),
        ("password: hunter2", "hunter2"),
        ("NPI:\t1234567893", "1234567893"),
        ("Authorization: Bearer abcdef123", "abcdef123"),
        ("authorization=Basic dXNlcjpwYXNz", "dXNl"),
        ("'authorization': 'bearer  abcdef123'", "abcdef123"),
        ("sent with Bearer abc.def~+/ghi==", "ghi"),
        ('"lee chen"@clinic.example', "lee"),
        ("lee@[10.0.0.1]", "lee"),
        ("lee@[10.0.0.1]", "10.0"),
        ("lee%40%5B10.0.0.1%5D", "lee"),
        ("DETAIL:  Failing row contains (1, Lee\nChen).", "Chen"),
    ],
)
def test_secrets_are_known_by_their_look(written: io.StringIO, told: str, secret: str) -> None:
    """As text, bytes, an exception, deep inside a value and as a key: in our events and a library's sentences."""
    nested = {"a": [{"b": (told,)}], told: 1}
    log.get("test").info(told, text=told, raw=told.encode(), error=ValueError(told), nested=nested)
    logging.getLogger("library").warning("told %s", told)
    try:
        raise ValueError(told)  # noqa: TRY301  (a traceback is what is looked at)
    except ValueError:
        log.get("test").exception("broke")

    assert secret not in written.getvalue()
    assert "broke" in written.getvalue()


def test_what_is_no_secret_is_told(written: io.StringIO) -> None:
    """Ids, addresses of methods, moments, line numbers and hashes are what a log is for."""
    log.get("test").info(
        "sent", to="C0123", at="https://slack.com/api/chat.postMessage", line="line number: 5", n=[1, 2]
    )

    assert "to='C0123' at='https://slack.com/api/chat.postMessage' line='line number: 5' n=[1, 2]" in written.getvalue()


def test_keys_hide_their_values_at_any_depth(written: io.StringIO) -> None:
    """A number of a license, or a token, is nobody's to read because it stands in a list of values."""
    log.get("test").info("sent", body={"terms": [{"number": "A-123456", "verification_token": "abc", "id": 5}]})

    assert "body={'terms': [{'number': '…', 'verification_token': '…', 'id': 5}]}" in written.getvalue()


def test_a_long_text_is_cut_without_leaving_half_a_secret(written: io.StringIO) -> None:
    """Some kilobytes are kept, up to the end of a word; how much there was is said."""
    log.get("test").info("sent", text="word " * 3_276 + "lee@clinic.example " + "more " * 20_000)

    assert len(written.getvalue()) < 17_000
    assert "lee" not in written.getvalue()
    assert "(116399 characters)" in written.getvalue()


PIECES = (
    "a", "_", "-", ".", "+", "@", "%", "%40", "%25", "://", "https://", "/commands/", "xoxb-", "token", "=", "number",
    "'", '"', ":", " ", "\n", "DETAIL:", "response_url", "0f", "ä", "'number': ", "hooks.slack.com", "wss:", "\n\n",
    "[", "%5B", "bearer ", "Authorization: ", "://u:", "password:",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1, max_size=6).map("".join).filter(bool))
def test_redaction_takes_time_in_proportion_to_any_text(unit: str) -> None:
    """Ten times the text takes about ten times as long, whatever it repeats; what backtracks would take a hundred."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(redaction, "LONGEST", 1_000_000)
        short, long = (unit * (size // len(unit) + 1) for size in (10_000, 100_000))

        assert any(seconds(long) < 40 * seconds(short) for _ in range(3))  # a busy machine may disturb one measurement


@pytest.mark.parametrize(
    "letters", ["a", "a@", "a%40", "https://", "a.", "://u:", '"', '"a', "token  ", "bearer ", "a@["]
)
def test_what_froze_the_bot_is_redacted_in_a_moment(letters: str) -> None:
    """Each took half a minute, or did not end."""
    assert any(seconds(letters * (200_000 // len(letters))) < 1 for _ in range(3))


def seconds(text: str) -> float:
    """Processor time of a redaction."""
    begun = time.process_time()
    redaction.redacted_text(text)
    return max(time.process_time() - begun, 0.0005)


def test_license_numbers_are_hidden_by_their_key(written: io.StringIO) -> None:
    """An id says enough."""
    log.get("test").info("recorded", number="A-123456", npi="1234567893", term=12)

    assert "A-123456" not in written.getvalue()
    assert "1234567893" not in written.getvalue()
    assert "term=12" in written.getvalue()
