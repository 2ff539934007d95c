"""Mentions of a round's name and the value each stands for.

A round is named by a series and its letter ("Series B", "B轮", "série B"), by a kind ("seed",
"Wandeldarlehen"), or by both with a mark before or after: "pre-" takes the round before it, "+",
"A2" and "extension" make an extension.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from newsextract import languages
from newsextract.document import Document
from newsextract.languages.model import Language
from newsextract.lexicon import Lexicon
from newsextract.records import Round

_LETTERS = "abcdefghijk"
_KINDS = (
    Round.PRE_SEED,
    Round.SEED,
    Round.BRIDGE,
    Round.GROWTH,
    Round.PRE_IPO,
    Round.IPO,
    Round.CONVERTIBLE,
    Round.DEBT,
    Round.GRANT,
    Round.CROWDFUNDING,
    Round.TOKEN_SALE,
    Round.PRIVATE_EQUITY,
    Round.STRATEGIC,
    Round.SECONDARY,
    Round.VENTURE_FUND,
)


@dataclass(frozen=True)
class RoundMention:
    """A stretch that names a round: half-open offsets, its value, and whether it marks an extension."""

    start: int
    end: int
    value: Round
    extension: bool = False

    @property
    def is_series(self) -> bool:
        """Whether the name holds a letter."""
        return self.value.value.startswith("series_")


def series(letter: str) -> Round:
    """Return the round of a Latin letter A to K."""
    return Round(f"series_{letter}")


def before(letter: str) -> Round:
    """Return the round that "pre-" before a series letter stands for: the one before it."""
    index = _LETTERS.index(letter)
    return Round.SEED if index == 0 else series(_LETTERS[index - 1])


def _series_entries(language: Language) -> dict[str, tuple[Round, bool]]:
    rounds = language.rounds
    spellings = [(letter, letter) for letter in _LETTERS]
    spellings += [(written, latin.lower()) for written, latin in rounds.letters.items()]
    entries: dict[str, tuple[Round, bool]] = {}
    for pattern in rounds.series:
        for written, letter in spellings:
            plain = pattern.replace("{letter}", written)
            for pre in rounds.pre:
                entries.setdefault(pre + plain, (before(letter), False))
            for plus in rounds.plus:
                if len(plus) <= 2:
                    entries.setdefault(pattern.replace("{letter}", written + plus), (series(letter), True))
                else:
                    entries.setdefault(f"{plain} {plus}", (series(letter), True))
            entries[plain] = (series(letter), False)
    return entries


@cache
def _lexicon(code: str) -> Lexicon[tuple[Round, bool]]:
    language = languages.load(code)
    entries: dict[str, list[tuple[Round, bool]]] = {}
    for kind in _KINDS:
        for word in getattr(language.rounds, kind.value):
            entries.setdefault(word, []).append((kind, False))
    for word, value in _series_entries(language).items():
        entries[word] = [value]
    header = language.language
    return Lexicon(entries, spaced=header.spaced, prefixes=header.glued_prefixes)


def find_rounds(document: Document) -> list[RoundMention]:
    """Return the round names in a document, sorted, without overlap."""
    found: list[RoundMention] = []
    for match in _lexicon(document.language.language.code).finditer(document.text, folded=document.folded):
        value, extension = match.labels[0]
        found.append(RoundMention(match.start, match.end, value, extension))
    return found
