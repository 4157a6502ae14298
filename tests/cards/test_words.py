"""Templates: what is typed is escaped, what is missing is an error, a folder may replace a file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.cards.block_kit.markup import Mrkdwn, mention
from bot.cards.words import Words, WordsError


@pytest.fixture
def own(tmp_path: Path) -> Words:
    (tmp_path / "talk.j2").write_text(
        "{% macro hello(name) %}Hello {{ name }}, it's time.{% endmacro %}\n"
        "{% macro due(due_on, on) %}{{ due_on | in_days_on(on) }}{% endmacro %}\n"
        "{% macro people(names, n) %}{{ n | count('person', 'people') }}: {{ names | listed }}{% endmacro %}\n"
    )
    return Words(tmp_path)


def test_typed_markup_is_escaped(own: Words) -> None:
    """A typed mention, link or entity is shown literally, and an apostrophe stays one."""
    line = own.line("hello", name="<!channel> & <https://a.b|c>")

    assert line == "Hello &lt;!channel&gt; &amp; &lt;https://a.b|c&gt;, it's time."


def test_meant_markup_is_kept(own: Words) -> None:
    """A Mrkdwn value goes through as it is."""
    assert own.line("hello", name=mention("U123")) == "Hello <@U123>, it's time."


def test_plain_text_is_not_escaped(own: Words) -> None:
    """A plain_text field shows the typed characters themselves."""
    assert own.plain("hello", name="A & B") == "Hello A & B, it's time."


def test_a_typed_line_break_cannot_pose_as_a_line_of_ours(own: Words) -> None:
    """Typed text stays on its line, and cannot turn the reading direction of what follows."""
    assert own.plain("hello", name="Lee\n*Approved*\u202e") == "Hello Lee *Approved*, it's time."


def test_a_rendered_line_is_not_escaped_again(own: Words) -> None:
    """A rendered line may be a fact of another piece."""
    inner = own.line("hello", name="A&B")

    assert "A&amp;B" in own.line("hello", name=inner)


def test_string_work_on_markup_gives_up_its_trust(own: Words) -> None:
    """What was cut out of markup is typed text again."""
    assert own.line("hello", name=Mrkdwn("<@U1>x")[:-1]) == "Hello &lt;@U1&gt;, it's time."


@pytest.mark.parametrize(("piece", "facts"), [("hello", {}), ("hello", {"name": None}), ("nothing", {})])
def test_a_missing_fact_or_piece_is_an_error(own: Words, piece: str, facts: dict[str, object]) -> None:
    """Nobody ever reads "None" or a hole: the error names the piece."""
    with pytest.raises(WordsError, match=piece):
        own.line(piece, **facts)


def test_dates_and_lists_are_said_in_words(own: Words) -> None:
    """Filters say days, counts and lists."""
    assert own.plain("due", due_on=date(2027, 1, 15), on=date(2026, 12, 23)) == "in 23 days, Jan 15, 2027"
    assert own.plain("people", names=["a", "b", "c"], n=3) == "3 people: a, b and c"
    assert own.plain("people", names=["a"], n=1) == "1 person: a"


def test_an_instant_is_shown_in_the_readers_zone(own: Words) -> None:
    """An instant becomes Slack's date markup, with UTC where that fails."""
    line = own.line("hello", name=datetime(2026, 11, 23, 15, tzinfo=UTC))

    assert "<!date^1795446000^{date_short_pretty} at {time}|Nov 23, 2026 at 3:00 PM UTC>" in line


def test_an_override_replaces_its_file_and_no_other(own: Words, tmp_path: Path) -> None:
    """A file in the overriding folder wins; the others stay as shipped."""
    (tmp_path / "other.j2").write_text("{% macro bye() %}Bye{% endmacro %}")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "other.j2").write_text("{% macro bye() %}So long{% endmacro %}")
    words = Words(tmp_path, mine)

    assert words.plain("bye") == "So long"
    assert words.plain("hello", name="Lee").startswith("Hello")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{% macro hello(name) %}{{ name }", "talk.j2:1"),
        ("{% macro hello(name) %}x{% endmacro %}", "talk.j2 has no piece"),
        ("{% macro hello(name, age) %}x{% endmacro %}", "talk.j2: hello asks for age"),
        ("{{ 1 / 0 }}{% macro hello(name) %}x{% endmacro %}", "talk.j2: division by zero"),
        ("{% macro helo(name) %}x{% endmacro %}", "talk.j2: no message uses a piece helo. Did you mean hello?"),
        ("{% macro hello() %}x{% endmacro %}{% macro hello() %}y{% endmacro %}", "talk.j2 has 2 pieces hello"),
    ],
)
def test_check_finds_what_an_override_broke(own: Words, tmp_path: Path, text: str, found: str) -> None:
    """Each mistake of an overriding file is named with its file, before anybody meets it."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "talk.j2").write_text(text)

    assert any(problem.startswith(found) for problem in Words(tmp_path, mine).check())


def test_a_misnamed_override_is_named(own: Words, tmp_path: Path) -> None:
    """A file that replaces nothing would be ignored in silence; notes and hidden files may stand beside."""
    mine = tmp_path / "mine"
    mine.mkdir()
    for name in ("tlak.j2", "talk.txt", "README.md", ".keep"):
        (mine / name).write_text("")

    assert Words(tmp_path, mine).check() == [
        "talk.txt replaces no shipped file: there are talk.j2.",
        "tlak.j2 replaces no shipped file: there are talk.j2.",
    ]


def test_a_folder_that_does_not_exist_is_named(own: Words, tmp_path: Path) -> None:
    """Else the shipped words would go out as if nothing had been asked for."""
    (problem,) = Words(tmp_path, tmp_path / "mine").check()

    assert problem.endswith("mine is not a folder: name the folder with your templates.")


def test_a_piece_counts_only_in_its_own_file(own: Words, tmp_path: Path) -> None:
    """A piece that another file has too changes nothing there."""
    (tmp_path / "other.j2").write_text("{% macro bye() %}Bye{% endmacro %}")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "other.j2").write_text("{% macro bye() %}So long{% endmacro %}{% macro hello(name) %}Hi{% endmacro %}")

    assert Words(tmp_path, mine).plain("hello", name="Lee") == "Hello Lee, it's time."


@pytest.mark.parametrize(
    "escape",
    [
        "{{ name.__class__.__mro__ }}",
        "{{ ''|attr('__class__') }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ hello.__init__.__globals__ }}",
        "{{ names.append(name) }}",
        "{% for n in range(10000000) %}{% endfor %}x",
    ],
)
def test_an_override_reaches_nothing_behind_its_facts(tmp_path: Path, escape: str) -> None:
    """No class, no module, no other object, and no change of a fact: whoever may word a message runs no code."""
    (tmp_path / "talk.j2").write_text(f"{{% macro hello(name, names) %}}{escape}{{% endmacro %}}")
    names = ["Lee"]

    with pytest.raises(WordsError, match=r"talk\.j2, hello: "):
        Words(tmp_path).plain("hello", name="Lee", names=names)

    assert names == ["Lee"]


def test_the_shipped_words_compile(words: Words) -> None:
    """Nothing is wrong with the shipped templates."""
    assert words.check() == []


def test_a_fact_that_nobody_gives_is_found_before_it_is_missed(tmp_path: Path) -> None:
    """Each piece of a replaced file is held against what its shipped namesake is given; what a file sets itself is."""
    shipped, ours = tmp_path / "shipped", tmp_path / "ours"
    for folder in (shipped, ours):
        folder.mkdir()
    (shipped / "talk.j2").write_text("{% macro hello(first_name) %}Hello {{ first_name }}{% endmacro %}")
    (ours / "talk.j2").write_text(
        "{% set sign = '!' %}"
        "{% macro hello(first_name) %}{% for one in [1] %}Hi {{ first_nam }}{{ one }}{{ sign }}{% endfor %}"
        "{% endmacro %}"
    )

    assert Words(shipped, ours).check() == [
        "talk.j2: hello uses first_nam, which it is never given. Did you mean first_name?"
    ]
