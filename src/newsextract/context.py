"""What stands around a span: distances to the nearest cue of every class, as numbers.

All distances are in tokens, inside the span's sentence, 0 for neighbours; ``FAR`` where there is
none. Features are plain float32 matrices, one row a span, so that one set of scorers serves every
language.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np
from numpy.typing import NDArray

from newsextract.document import Document, cue_classes

Matrix = NDArray[np.float32]
Indices = NDArray[np.int64]

FAR = 60.0


class Positions:
    """Token positions of one kind of thing (a cue class, sums, dates), sorted."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        spans = sorted(spans)
        self.starts: Indices = np.array([start for start, _ in spans], dtype=np.int64)
        self.ends: Indices = np.maximum.accumulate(np.array([end for _, end in spans] or [0], dtype=np.int64))[
            : len(spans)
        ]

    def before(self, first: Indices, floor: Indices) -> Matrix:
        """Tokens between each span and the nearest thing that ends at or before its first token."""
        return self._distance(first, floor, left=True)

    def after(self, last: Indices, ceiling: Indices) -> Matrix:
        """Tokens between each span and the nearest thing that starts at or after its end."""
        return self._distance(last, ceiling, left=False)

    def _distance(self, edge: Indices, bound: Indices, *, left: bool) -> Matrix:
        result = np.full(len(edge), FAR, dtype=np.float32)
        if len(self.starts) == 0:
            return result
        if left:
            index = np.searchsorted(self.ends, edge, side="right") - 1
            found = index >= 0
            position = self.ends[np.maximum(index, 0)]
            ok = found & (self.starts[np.maximum(index, 0)] >= bound)
            result[ok] = (edge - position)[ok]
        else:
            index = np.searchsorted(self.starts, edge, side="left")
            found = index < len(self.starts)
            safe = np.minimum(index, len(self.starts) - 1)
            ok = found & (self.starts[safe] < bound)
            result[ok] = (self.starts[safe] - edge)[ok]
        return np.minimum(result, FAR)

    def count_between(self, low: Indices, high: Indices) -> Matrix:
        """How many things start in each half-open interval of tokens."""
        if len(self.starts) == 0:
            return np.zeros(len(low), dtype=np.float32)
        count = np.searchsorted(self.starts, high, side="left") - np.searchsorted(self.starts, low, side="left")
        result: Matrix = np.maximum(count, 0).astype(np.float32)
        return result


class Context:
    """The positions of all cues of a document and of other things one asks for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._starts = document.token_starts
        self._ends = [token.end for token in document.tokens]
        by_class: dict[str, list[tuple[int, int]]] = {name: [] for name in cue_classes()}
        for cue in document.cues:
            span = self.token_span(cue.start, cue.end)
            for label in cue.labels:
                by_class[label].append(span)
        self.cues = {name: Positions(spans) for name, spans in by_class.items()}
        bounds = [self.token_span(sentence.start, sentence.end) for sentence in document.sentences]
        self._sentence_first = np.array([first for first, _ in bounds] or [0], dtype=np.int64)
        self._sentence_last = np.array([last for _, last in bounds] or [0], dtype=np.int64)

    def token_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open token interval that a stretch of characters touches."""
        first = max(0, bisect_right(self._starts, start) - 1)
        if first < len(self._ends) and self._ends[first] <= start:
            first += 1
        return first, max(first + 1, bisect_left(self._starts, end))

    def token_spans(self, spans: list[tuple[int, int]]) -> tuple[Indices, Indices]:
        """Return first tokens and ends of many stretches."""
        pairs = [self.token_span(start, end) for start, end in spans]
        array = np.array(pairs or [(0, 0)], dtype=np.int64).reshape(-1, 2)[: len(pairs)]
        return array[:, 0], array[:, 1]

    def positions(self, spans: list[tuple[int, int]]) -> Positions:
        """Return the positions of arbitrary stretches of characters."""
        return Positions([self.token_span(start, end) for start, end in spans])

    def sentence_bounds(self, first: Indices) -> tuple[Indices, Indices, Indices]:
        """Return sentence index, first token and end token of the sentence around each token."""
        index = np.maximum(np.searchsorted(self._sentence_first, first, side="right") - 1, 0)
        return index, self._sentence_first[index], self._sentence_last[index]

    def cue_distances(self, first: Indices, last: Indices, classes: tuple[str, ...]) -> Matrix:
        """Distances to the nearest cue of each class to the left and to the right: (spans, 2 x classes)."""
        _, floor, ceiling = self.sentence_bounds(first)
        columns: list[Matrix] = []
        for name in classes:
            positions = self.cues[name]
            columns.append(positions.before(first, floor))
            columns.append(positions.after(last, ceiling))
        if not columns:
            return np.zeros((len(first), 0), dtype=np.float32)
        return np.stack(columns, axis=1)
