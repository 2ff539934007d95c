"""Typed, normalised, evidence-backed funding events from news articles in twenty-five languages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsextract.money import find_money
    from newsextract.pipeline import Extractor
    from newsextract.records import Article, FundingEvent, Money, Result

__version__ = "0.1.0"

__all__ = [
    "Article",
    "Extractor",
    "FundingEvent",
    "Money",
    "Result",
    "__version__",
    "extract",
    "find_money",
]

_HOMES = {
    "Article": "records",
    "Extractor": "pipeline",
    "FundingEvent": "records",
    "Money": "records",
    "Result": "records",
    "find_money": "money",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``import newsextract`` stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


@cache
def _extractor() -> Extractor:
    from newsextract.pipeline import Extractor

    return Extractor()


def extract(
    text: str,
    title: str | None = None,
    published: str | None = None,
    url: str | None = None,
    language: str | None = None,
) -> Result:
    """Extract funding events from one article with the default extractor.

    Args:
        text: the body; all offsets refer to it.
        title: takes part in extraction; its spans say so.
        published: ISO date, against which relative dates are resolved.
        url: kept in the record.
        language: ISO 639-1 code; detected where it is None.
    """
    return _extractor().extract(text, title=title, published=published, url=url, language=language)
