"""Text cut into the encoder's word pieces, with their offsets, in windows that fit the encoder.

Uses the ``tokenizers`` library directly. Words are split at digits, punctuation and changes of script before
the tokenizer's own cutting, so that a span's border falls inside a piece as rarely as possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsextract.errors import MissingExtraError, ModelError

WINDOW = 400
"""Pieces a window, without the two marks around it."""
OVERLAP = 80

# The mark ▁ for a word's start stays with the word.
_SPLIT = (
    r"▁?(?:\d|\p{P}|\p{Sc}|\p{Sm}|\p{Hiragana}+|\p{Katakana}[\p{Katakana}ー]*|\p{Han}+|\p{Hangul}+|[\p{Latin}\p{M}]+)"
)


@dataclass(frozen=True)
class Pieces:
    """The pieces of a text: ids and half-open character offsets, in parallel."""

    ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open interval of pieces that overlap a stretch of characters."""
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        return first, max(first, last)


@dataclass(frozen=True)
class Window:
    """A stretch of pieces to encode together, and the part of it that counts (half-open, in pieces)."""

    first: int
    last: int
    keep_from: int
    keep_to: int


class PieceCutter:
    """Cuts text by a ``tokenizer.json``.

    Raises:
        ModelError: the file is missing or is no tokenizer.
        MissingExtraError: the ``tokenizers`` library is not installed.
    """

    def __init__(self, path: Path) -> None:
        try:
            from tokenizers import Regex, Tokenizer, pre_tokenizers
        except ImportError as error:
            raise MissingExtraError("the model needs the tokenizers library; install newsextract again") from error
        try:
            tokenizer: Any = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except Exception as error:  # tokenizers raises bare Exception
            raise ModelError(f"{path}: not a readable tokenizer ({error}); reinstall the model") from error
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Metaspace(), pre_tokenizers.Split(Regex(_SPLIT), "isolated")]
        )
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self.start_id = self._mark("<s>")
        self.end_id = self._mark("</s>")
        self.pad_id = self._mark("<pad>")
        self.mask_id = self._mark("<mask>")
        self.size = int(tokenizer.get_vocab_size())
        self._word_mark = tokenizer.token_to_id("▁")

    def _mark(self, name: str) -> int:
        found = self._tokenizer.token_to_id(name)
        if found is None:
            raise ModelError(f"the tokenizer has no mark {name}; it does not fit the model")
        return int(found)

    def cut(self, texts: Sequence[str]) -> list[Pieces]:
        """Cut texts; lone marks for a word's start take up no characters and are left out."""
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        result: list[Pieces] = []
        for text, encoding in zip(clean, self._tokenizer.encode_batch(clean, add_special_tokens=False), strict=True):
            ids: list[int] = []
            starts: list[int] = []
            ends: list[int] = []
            for piece, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
                while start < end and text[start].isspace():
                    start += 1
                if start < end and piece != self._word_mark:
                    ids.append(piece)
                    starts.append(start)
                    ends.append(end)
            result.append(
                Pieces(np.array(ids, dtype=np.int64), np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64))
            )
        return result


def windows(count: int, breaks: Sequence[int] = ()) -> list[Window]:
    """Cut ``count`` pieces into overlapping windows, at ``breaks`` (piece indices of sentence starts) where it can be.

    Every piece counts in exactly one window.
    """
    result: list[Window] = []
    first = keep_from = 0
    ordered = sorted(breaks)
    while True:
        last = min(first + WINDOW, count)
        if last < count:
            inside = [b for b in ordered if first + WINDOW // 2 < b <= last]
            last = inside[-1] if inside else last
        keep_to = last if last == count else max(keep_from + 1, last - OVERLAP // 2)
        result.append(Window(first, last, keep_from, keep_to))
        if last == count:
            return result
        first = last - OVERLAP
        keep_from = keep_to
