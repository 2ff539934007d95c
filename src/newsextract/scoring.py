"""Scores from features: small ensembles of decision trees, read from package data.

The rules of this project are cues (words of a class near a span) and the shape of the text. How much
each cue counts in the company of the others is not guessed: it is fitted on the tuning part of the
annotated corpus (``fitting.py``) by gradient boosting (Friedman 2001) and stored as plain arrays. The
features hold no words, only classes and distances, so that one set of scorers serves all languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from newsextract.errors import ModelError

Matrix = NDArray[np.float32]

_ROWS_AT_ONCE = 2048


@dataclass(frozen=True)
class Trees:
    """An additive ensemble of binary decision trees with one or several outputs.

    ``roots`` is (trees,) into the node arrays; tree i adds to output ``outputs[i]``. A node sends a row
    left if ``row[feature] <= threshold``; a leaf points to itself. ``baseline`` is (outputs,).
    """

    features: NDArray[np.int32]
    thresholds: Matrix
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    values: Matrix
    roots: NDArray[np.int32]
    outputs: NDArray[np.int32]
    baseline: Matrix
    depth: int
    width: int

    def raw(self, rows: Matrix) -> Matrix:
        """Return the raw scores of rows of features: (rows, width) -> (rows, outputs)."""
        if rows.shape[0] == 0:
            return np.zeros((0, len(self.baseline)), dtype=np.float32)
        if rows.shape[1] != self.width:
            raise ModelError(f"scorer expects {self.width} features, got {rows.shape[1]}: refit the scorers")
        parts = [self._raw(rows[start : start + _ROWS_AT_ONCE]) for start in range(0, len(rows), _ROWS_AT_ONCE)]
        return np.concatenate(parts)

    def _raw(self, rows: Matrix) -> Matrix:
        count = len(rows)
        node = np.broadcast_to(self.roots, (count, len(self.roots))).copy()
        index = np.arange(count)[:, None]
        for _ in range(self.depth):
            goes_left = rows[index, self.features[node]] <= self.thresholds[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        leaves = self.values[node]
        scores = np.tile(self.baseline, (count, 1)).astype(np.float32)
        for output in range(len(self.baseline)):
            scores[:, output] += leaves[:, self.outputs == output].sum(axis=1, dtype=np.float32)
        return scores

    def probabilities(self, rows: Matrix) -> Matrix:
        """Return (rows, classes): the softmax of the raw scores, or the two sides of a logistic one."""
        raw = self.raw(rows)
        if raw.shape[1] == 1:
            positive = 1.0 / (1.0 + np.exp(-np.clip(raw, -30, 30)))
            return np.concatenate([1.0 - positive, positive], axis=1).astype(np.float32)
        shifted = np.exp(raw - raw.max(axis=1, keepdims=True))
        result: Matrix = (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
        return result

    def positive(self, rows: Matrix) -> NDArray[np.float32]:
        """Return the probability of the positive class of a binary scorer: (rows,)."""
        return self.probabilities(rows)[:, 1]

    def save(self, path: str) -> None:
        """Write the arrays to a compressed ``.npz`` file."""
        np.savez_compressed(
            path,
            features=self.features,
            thresholds=self.thresholds,
            left=self.left,
            right=self.right,
            values=self.values,
            roots=self.roots,
            outputs=self.outputs,
            baseline=self.baseline,
            shape=np.array([self.depth, self.width], dtype=np.int32),
        )


def read_trees(file: Traversable | Path) -> Trees:
    """Read an ensemble from an ``.npz`` file.

    Raises:
        ModelError: the file is missing or damaged.
    """
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            depth, width = (int(value) for value in arrays["shape"])
            return Trees(
                features=arrays["features"],
                thresholds=arrays["thresholds"],
                left=arrays["left"],
                right=arrays["right"],
                values=arrays["values"],
                roots=arrays["roots"],
                outputs=arrays["outputs"],
                baseline=arrays["baseline"],
                depth=depth,
                width=width,
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ModelError(f"{file}: not a readable scorer ({error}); reinstall newsextract") from error


@cache
def scorer(name: str) -> Trees:
    """Return one of the packaged scorers of the rules by name."""
    return read_trees(resources.files("newsextract").joinpath("scorers", f"{name}.npz"))


class ScorerFolder:
    """The scorers in a folder, read when first asked for: those that a model brings with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Trees] = {}

    def __call__(self, name: str) -> Trees:
        """Return a scorer by name."""
        if name not in self._read:
            self._read[name] = read_trees(self._folder / f"{name}.npz")
        return self._read[name]
