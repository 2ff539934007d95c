"""Annotated articles and name sets as training examples: pieces, labels, spans and links."""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from newsextract.corpus import AnnotatedDocument, AnnotatedSpan
from newsextract.document import SEPARATOR
from newsextract.tagging.labels import PLACE_LABELS, ROUND_LABELS, SPAN_LABELS, STATUS_LABELS, TOKEN_LABELS
from newsextract.tagging.pieces import PieceCutter, Pieces

Split = Literal["train", "dev"]

NAMES = ("company", "lead", "investor", "org", "person")
ARGUMENTS = (
    "lead",
    "investor",
    "tranche",
    "contribution",
    "valuation",
    "total",
    "prior_total",
    "round",
    "date",
    "investor_count",
    "stake",
)


def split_number(identifier: str) -> int:
    """Return the number (0 to 59) that decides where a document goes."""
    return int.from_bytes(hashlib.sha256(identifier.encode("utf-8")).digest()[:8], "big") % 60


def split_of(identifier: str) -> Split:
    """Tell whether a document trains the model or measures it: 15 % are dev, by a hash of the id."""
    return "dev" if split_number(identifier) < 9 else "train"


@dataclass(frozen=True)
class Span:
    """A labelled interval of pieces and the events it serves."""

    first: int
    last: int
    label: str
    events: frozenset[str]


@dataclass(frozen=True)
class Anchor:
    """An interval of pieces that an event is built around, with that event's status and round."""

    first: int
    last: int
    events: frozenset[str]
    status: int
    round: int


@dataclass(frozen=True)
class Example:
    """A text with everything the model learns from it.

    ``labels`` holds a token label for every piece, -1 where nothing is known; ``places`` those of the first
    stage in the same way.
    """

    id: str
    language: str
    pieces: Pieces
    labels: NDArray[np.int64]
    places: NDArray[np.int64]
    spans: tuple[Span, ...] = ()
    anchors: tuple[Anchor, ...] = ()


def full_text(title: str | None, text: str) -> tuple[str, int]:
    """Return title and body joined as the extractors see them, and where the body starts."""
    if not title:
        return text, 0
    return title + SEPARATOR + text, len(title) + len(SEPARATOR)


def example_of(
    identifier: str,
    language: str,
    title: str | None,
    text: str,
    spans: Sequence[AnnotatedSpan],
    document: AnnotatedDocument,
    cutter: PieceCutter,
) -> Example:
    """Turn an annotated article into an example; the title carries no labels."""
    joined, shift = full_text(title, text)
    pieces = cutter.cut([joined])[0]
    labels = np.zeros(len(pieces.ids), dtype=np.int64)
    labels[pieces.starts < shift] = -1
    found: list[Span] = []
    for span in spans:
        first, last = pieces.span(span.start + shift, span.end + shift)
        if first >= last:
            continue
        labels[first:last] = TOKEN_LABELS.index(f"I-{span.label}")
        labels[first] = TOKEN_LABELS.index(f"B-{span.label}")
        found.append(Span(first, last, span.label, frozenset(span.events)))
    anchors: list[Anchor] = []
    for own in found:
        events = frozenset(
            event
            for event in own.events
            if event in document.events
            and (own.label == "amount" or (own.label == "round" and document.events[event].amount is None))
        )
        if events and own.label in ("amount", "round"):
            record = document.events[min(events)]
            anchors.append(
                Anchor(
                    own.first, own.last, events, STATUS_LABELS.index(record.status), ROUND_LABELS.index(record.round)
                )
            )
    places = np.full(len(pieces.ids), -1, dtype=np.int64)
    return Example(identifier, language, pieces, labels, places, tuple(found), tuple(anchors))


def corpus_examples(documents: Iterable[AnnotatedDocument], cutter: PieceCutter) -> list[Example]:
    """Turn annotated articles into examples."""
    return [example_of(d.id, d.language, d.title, d.text, d.spans, d, cutter) for d in documents]


def name_sentences(paths: Iterable[Path]) -> Iterator[tuple[str, str, list[tuple[int, int, str]]]]:
    """Yield language, text and spans (start, end, org | person | loc) of name sets in JSON lines, xz-packed."""
    for path in sorted(paths):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield record["lang"], record["text"], [(s, e, label) for s, e, label in record["spans"]]


def place_examples(paths: Iterable[Path], cutter: PieceCutter) -> list[Example]:
    """Turn name sets into examples of the first stage."""
    sentences = [s for s in name_sentences(paths) if s[1].strip()]
    examples: list[Example] = []
    for start in range(0, len(sentences), 4096):
        chunk = sentences[start : start + 4096]
        for (language, _, spans), pieces in zip(chunk, cutter.cut([text for _, text, _ in chunk]), strict=True):
            count = min(len(pieces.ids), 250)
            places = np.zeros(len(pieces.ids), dtype=np.int64)
            for begin, end, label in spans:
                first, last = pieces.span(begin, end)
                if first < last:
                    places[first:last] = PLACE_LABELS.index(f"I-{label}")
                    places[first] = PLACE_LABELS.index(f"B-{label}")
            cut = Pieces(pieces.ids[:count], pieces.starts[:count], pieces.ends[:count])
            unknown = np.full(count, -1, dtype=np.int64)
            examples.append(Example("", language, cut, unknown, places[:count]))
    return examples


__all__ = [
    "ARGUMENTS",
    "NAMES",
    "SPAN_LABELS",
    "Anchor",
    "Example",
    "Span",
    "corpus_examples",
    "full_text",
    "name_sentences",
    "place_examples",
    "split_number",
    "split_of",
]
