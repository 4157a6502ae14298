"""What people call a thing: its key, its label, its aliases, in any case; and the longest such name in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.rules.policy import CredentialType, Privilege, ProviderType

Named = CredentialType | ProviderType | Privilege


@dataclass(frozen=True, slots=True)
class NameMatch:
    """The entry ``key``, named by words ``start`` to ``end`` (not included)."""

    key: str
    start: int
    end: int
    kind: str | None = None
    """The kind that was said with it, before or after: "RN license"."""


def fold(words: str) -> str:
    """The same for all ways to write the same name: ``Board_Certification`` and ``board  certification``."""
    return " ".join(words.replace("_", " ").split()).casefold()


def names_of(key: str, entry: Named) -> Iterable[str]:
    """Every name of an entry, as written."""
    return (key, entry.label, *getattr(entry, "aliases", ()))


def names_with_kinds(key: str, entry: Named) -> Iterable[tuple[str, str | None]]:
    """The same, each with the kind that it says; a kind stands before or after its type."""
    for name in names_of(key, entry):
        yield name, None
        for kind, rule in getattr(entry, "kinds", {}).items() if isinstance(entry, CredentialType) else ():
            for said in (kind, rule.label, *rule.aliases):
                yield f"{said} {name}", kind
                yield f"{name} {said}", kind


def longest_name(words: Sequence[str], entries: Mapping[str, Named]) -> NameMatch | None:
    """The longest run of words that is one of an entry's names; the first of equals."""
    pieces = [(piece, n) for n, word in enumerate(words) for piece in fold(word).split()]
    said = [piece for piece, _ in pieces]
    word_of = [n for _, n in pieces]
    begins = _by_first_piece(entries)
    found: tuple[int, NameMatch] | None = None
    for at, piece in enumerate(said):
        for key, name, kind in begins.get(piece, ()):
            end = at + len(name)
            whole = _starts_word(word_of, at) and _starts_word(word_of, end)
            length = len(" ".join(name))
            if whole and said[at:end] == name and (found is None or length > found[0]):
                found = length, NameMatch(key, word_of[at], word_of[end - 1] + 1, kind)
    return found[1] if found else None


def _by_first_piece(entries: Mapping[str, Named]) -> dict[str, list[tuple[str, list[str], str | None]]]:
    begins: dict[str, list[tuple[str, list[str], str | None]]] = {}
    for key, entry in entries.items():
        for name, kind in names_with_kinds(key, entry):
            pieces = fold(name).split()
            begins.setdefault(pieces[0], []).append((key, pieces, kind))
    return begins


def _starts_word(word_of: Sequence[int], at: int) -> bool:
    """Whether a new word begins there, or the line ends."""
    return at == 0 or at >= len(word_of) or word_of[at] != word_of[at - 1]
