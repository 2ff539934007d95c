"""The money grammar against the annotated articles: how many sums it finds, values right, and invents."""

from collections import Counter
from pathlib import Path

import pytest

from newsextract import languages
from newsextract.corpus import AnnotatedDocument, read_corpus
from newsextract.money import FoundSum, MoneyGrammar

CORPUS = Path(__file__).parent.parent / "corpus"
SUMS = ("amount", "valuation", "total", "prior_total", "contribution")
LABELS = frozenset({*SUMS, "tranche", "money"})


def count(document: AnnotatedDocument, found: dict[tuple[int, int], FoundSum]) -> Counter[str]:
    """Compare one article: annotated sums, those found with true borders, extra ones, recorded values, right ones."""
    annotated = {(span.start, span.end) for span in document.spans if span.label in LABELS}
    counts = Counter({"annotated": len(annotated), "found": len(annotated & found.keys())})
    counts["extra"] = sum(
        not any(start < last and first < end for first, last in annotated) for start, end in found.keys() - annotated
    )
    for key, event in document.events.items():
        for label in SUMS:
            recorded = getattr(event, label)
            spans = document.spans_of(key, label)
            first = found.get((spans[0].start, spans[0].end)) if spans else None
            if recorded is None or first is None:
                continue
            counts["recorded"] += 1
            counts["right"] += (first.value, first.upper, first.currency) == (
                recorded.value,
                recorded.upper,
                recorded.currency,
            )
    return counts


@pytest.fixture(scope="module")
def counts() -> Counter[str]:
    total: Counter[str] = Counter()
    for document in read_corpus([CORPUS]):
        sums = MoneyGrammar.of(languages.load(document.language)).find(document.text)
        total += count(document, {(one.start, one.end): one for one in sums})
    return total


def test_most_annotated_sums_are_found_with_true_borders(counts: Counter[str]) -> None:
    assert counts["found"] >= 0.965 * counts["annotated"]


def test_recorded_values_are_right(counts: Counter[str]) -> None:
    assert counts["right"] >= 0.985 * counts["recorded"]


def test_few_sums_are_invented(counts: Counter[str]) -> None:
    assert counts["extra"] <= 0.01 * counts["annotated"]
