"""The outputs of the model, in their fixed order."""

from __future__ import annotations

from newsextract.corpus import ENTITIES, ROLES
from newsextract.records import Round, Status

SPAN_LABELS: tuple[str, ...] = (*ROLES, *ENTITIES)
"""Labels of spans as the annotation standard names them."""

TOKEN_LABELS: tuple[str, ...] = ("O", *(f"{edge}-{label}" for label in SPAN_LABELS for edge in "BI"))
"""BIO labels of tokens."""

PLACE_LABELS: tuple[str, ...] = ("O", "B-org", "I-org", "B-person", "I-person", "B-loc", "I-loc")
"""BIO labels of the first stage, which learns names from public sets."""

STATUS_LABELS: tuple[str, ...] = tuple(status.value for status in Status)
ROUND_LABELS: tuple[str, ...] = tuple(value.value for value in Round)

LINK_WIDTH = 64
"""Width of the vectors whose dot products score links."""

VECTORS: tuple[str, ...] = ("anchor_recipient", "recipient", "anchor_argument", "argument")
"""A link's score is the dot product of an anchor's vector and the other span's, each the mean over its tokens."""

WIDTH = len(TOKEN_LABELS) + len(PLACE_LABELS) + len(STATUS_LABELS) + len(ROUND_LABELS) + LINK_WIDTH * len(VECTORS)
"""Width of one token's output row: token, place, status and round logits, then the vectors."""


def columns() -> dict[str, slice]:
    """Return where each output stands in a token's row."""
    result: dict[str, slice] = {}
    start = 0
    sizes = [
        ("token", len(TOKEN_LABELS)),
        ("place", len(PLACE_LABELS)),
        ("status", len(STATUS_LABELS)),
        ("round", len(ROUND_LABELS)),
        *((name, LINK_WIDTH) for name in VECTORS),
    ]
    for name, size in sizes:
        result[name] = slice(start, start + size)
        start += size
    return result
