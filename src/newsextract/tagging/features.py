"""The model's outputs as features of spans and pairs of spans.

Everything is plain NumPy over a :class:`~newsextract.tagging.runtime.Tagging`; spans are half-open character offsets
into the tagged text. A span's outputs are the means over its pieces.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsextract.tagging.labels import SPAN_LABELS, TOKEN_LABELS, columns
from newsextract.tagging.runtime import Tagging

Matrix = NDArray[np.float32]

_COLUMNS = columns()
SPAN_FEATURES = len(SPAN_LABELS) + 4
"""Width of :func:`span_features`."""
ANCHOR_FEATURES = _COLUMNS["round"].stop - _COLUMNS["status"].start
"""Width of :func:`anchor_features`."""


def _softmax(rows: Matrix) -> Matrix:
    shifted = np.exp(rows - rows.max(axis=-1, keepdims=True))
    result: Matrix = (shifted / shifted.sum(axis=-1, keepdims=True)).astype(np.float32)
    return result


class SpanScores:
    """Looks up the model's opinion of stretches of one text."""

    def __init__(self, tagging: Tagging) -> None:
        self._tagging = tagging
        rows = tagging.rows
        probabilities = _softmax(rows[:, _COLUMNS["token"]]) if len(rows) else np.zeros((0, len(TOKEN_LABELS)))
        begin = probabilities[:, 1::2]
        inside = probabilities[:, 2::2]
        per_piece = np.concatenate([begin + inside, probabilities[:, :1]], axis=1)
        self._summed = _running(per_piece)
        self._rows = _running(rows)
        self._begin = np.append(begin.sum(axis=1), 0.0)
        self._inside = np.append(inside.sum(axis=1), 0.0)

    def _intervals(self, spans: Sequence[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        pairs = [self._tagging.pieces.span(start, end) for start, end in spans]
        array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return array[:, 0], array[:, 1]

    def span_features(self, spans: Sequence[tuple[int, int]]) -> Matrix:
        """Return (spans, SPAN_FEATURES): mean probability of each label and of none, and how sure the borders are."""
        first, last = self._intervals(spans)
        if len(first) == 0:
            return np.zeros((0, SPAN_FEATURES), dtype=np.float32)
        size = np.maximum(last - first, 1)[:, None]
        means = (self._summed[last] - self._summed[first]) / size
        starts = self._begin[np.minimum(first, len(self._begin) - 1)]
        goes_on = self._inside[np.minimum(last, len(self._inside) - 1)]
        again = np.array([self._begin[a + 1 : b].max() if b > a + 1 else 0.0 for a, b in zip(first, last, strict=True)])
        return np.concatenate([means, np.stack([starts, goes_on, again], axis=1)], axis=1).astype(np.float32)

    def anchor_features(self, spans: Sequence[tuple[int, int]]) -> Matrix:
        """Return (spans, ANCHOR_FEATURES): probabilities of statuses and of rounds."""
        means = self._means(spans)
        return (
            np.concatenate([_softmax(means[:, _COLUMNS["status"]]), _softmax(means[:, _COLUMNS["round"]])], axis=1)
            if len(means)
            else np.zeros((0, ANCHOR_FEATURES), dtype=np.float32)
        )

    def recipient_logits(self, anchors: Sequence[tuple[int, int]], names: Sequence[tuple[int, int]]) -> Matrix:
        """Return (anchors, names): how well each name fits as the recipient of each anchor's money."""
        return self._product(anchors, names, "anchor_recipient", "recipient")

    def argument_logits(self, anchors: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> Matrix:
        """Return (anchors, spans): how well each span fits as an argument of each anchor's event."""
        return self._product(anchors, spans, "anchor_argument", "argument")

    def _product(
        self, anchors: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]], left: str, right: str
    ) -> Matrix:
        if not anchors or not spans:
            return np.zeros((len(anchors), len(spans)), dtype=np.float32)
        product: Matrix = self._means(anchors)[:, _COLUMNS[left]] @ self._means(spans)[:, _COLUMNS[right]].T
        return product

    def _means(self, spans: Sequence[tuple[int, int]]) -> Matrix:
        first, last = self._intervals(spans)
        size = np.maximum(last - first, 1)[:, None]
        result: Matrix = ((self._rows[last] - self._rows[first]) / size).astype(np.float32)
        return result


def _running(rows: NDArray[np.floating]) -> NDArray[np.float64]:  # type: ignore[type-arg]
    zero = np.zeros((1, rows.shape[1]))
    return np.concatenate([zero, np.cumsum(rows, axis=0, dtype=np.float64)])
