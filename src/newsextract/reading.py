"""What the grammars find in a document before anything is decided.

Sums, dates, names of rounds, counts of investors and percentages are found by grammar; names are
only proposed. Everything is a half-open stretch of the document's joined text.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np

from newsextract.candidates import Units, find_candidates, units_of
from newsextract.context import FAR, Context, Indices, Matrix
from newsextract.dates import DateMention, find_dates
from newsextract.document import Document
from newsextract.money import FoundSum, MoneyGrammar
from newsextract.numbers import find_numbers, find_percentages
from newsextract.rounds import RoundMention, find_rounds
from newsextract.tagging.features import SpanScores

_NEAR_INVESTORS = 4  # tokens between a count and the word for what is counted
_MOST_INVESTORS = 5_000_000


@dataclass(frozen=True)
class Quantity:
    """A count or a percentage: half-open offsets and its value."""

    start: int
    end: int
    value: Decimal


class Reading:
    """A document with all that its grammars find.

    Args:
        document: the article.
        published: its date, against which relative dates are resolved.
        region: ISO 3166 code of the outlet's region, for open currency words; None for the language's.
        scores: the model's opinion of the document's text; None for rules alone.
    """

    def __init__(
        self,
        document: Document,
        published: date | None,
        region: str | None = None,
        scores: SpanScores | None = None,
    ) -> None:
        self.document = document
        self.published = published
        self.scores = scores
        self._region = region

    @cached_property
    def context(self) -> Context:
        """Cue positions."""
        return Context(self.document)

    @cached_property
    def sums(self) -> list[FoundSum]:
        """Sums of money, in order."""
        return MoneyGrammar.of(self.document.language).find(self.document.text, self._region)

    @cached_property
    def rounds(self) -> list[RoundMention]:
        """Names of rounds outside sums, in order."""
        sums = _Stretches(self._sum_spans)
        return [r for r in find_rounds(self.document) if not sums.touch(r.start, r.end)]

    @cached_property
    def dates(self) -> list[DateMention]:
        """Dates outside sums, in order."""
        found = find_dates(self.document.text, self.document.language, self.published)
        sums = _Stretches(self._sum_spans)
        return [d for d in found if not sums.touch(d.start, d.end)]

    @cached_property
    def stakes(self) -> list[Quantity]:
        """Percentages that could be a share of a company."""
        found = find_percentages(self.document.text, self.document.language)
        return [Quantity(start, end, value) for start, end, value in found if 0 < value <= 100]

    @cached_property
    def counts(self) -> list[Quantity]:
        """Whole numbers next to a word for investors."""
        taken = _Stretches(
            [*self._sum_spans, *((d.start, d.end) for d in self.dates), *((s.start, s.end) for s in self.stakes)]
        )
        found = [
            Quantity(start, end, value)
            for start, end, value in find_numbers(self.document.text, self.document.language)
            if value == value.to_integral_value() and 1 < value < _MOST_INVESTORS and not taken.touch(start, end)
        ]
        if not found:
            return []
        first, last = self.context.token_spans([(q.start, q.end) for q in found])
        _, floor, ceiling = self.context.sentence_bounds(first)
        nouns = self.context.cues["investors_noun"]
        near = np.minimum(nouns.after(last, ceiling), nouns.before(first, floor)) <= _NEAR_INVESTORS
        return [quantity for quantity, ok in zip(found, near, strict=True) if ok]

    @cached_property
    def _sum_spans(self) -> list[tuple[int, int]]:
        return [(s.start, s.end) for s in self.sums]

    @cached_property
    def units(self) -> Units:
        """The words of the document."""
        taken = [*self._sum_spans, *((d.start, d.end) for d in self.dates)]
        return units_of(self.document, taken)

    @cached_property
    def candidates(self) -> list[tuple[int, int]]:
        """Candidates for names, as unit intervals."""
        return find_candidates(self.document, self.units)

    @cached_property
    def other_spans(self) -> dict[str, list[tuple[int, int]]]:
        """Stretches of the other kinds, by kind."""
        return {
            "sum": self._sum_spans,
            "date": [(d.start, d.end) for d in self.dates],
            "round": [(r.start, r.end) for r in self.rounds],
            "stake": [(s.start, s.end) for s in self.stakes],
            "count": [(c.start, c.end) for c in self.counts],
        }

    def model_columns(self, spans: list[tuple[int, int]]) -> list[Matrix]:
        """Return the model's features of spans as one block of columns; no block without a model."""
        return [] if self.scores is None else [self.scores.span_features(spans)]

    def candidate_span(self, candidate: tuple[int, int]) -> tuple[int, int]:
        """Return a candidate's offsets."""
        return int(self.units.start[candidate[0]]), int(self.units.end[candidate[1] - 1])


class _Stretches:
    """Sorted stretches to test others against."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def touch(self, start: int, end: int) -> bool:
        """Tell whether a stretch overlaps one of these (which do not overlap each other)."""
        index = bisect_left(self._starts, end) - 1
        return index >= 0 and self._spans[index][1] > start


__all__ = ["FAR", "Indices", "Quantity", "Reading"]
