"""From an article to its record: what holds for every article."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsextract.articles import read_article
from newsextract.errors import ArticleError, ModelError
from newsextract.pipeline import LONGEST_ARTICLE, Extractor
from newsextract.records import Article, Mention, Result

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "articles").iterdir())
EXTRACTOR = Extractor(model=None)


def mentions(result: Result) -> Iterator[Mention]:
    yield from result.entities
    yield from result.money
    for event in result.events:
        yield from event.company.mentions
        yield from event.evidence
        yield from (*event.tranches, *event.contributions, *event.amount_conversions)
        for single in (event.amount, event.valuation, event.total_raised, event.raised_before, event.date_text):
            if single is not None:
                yield single
        for investor in event.investors:
            yield from investor.mentions


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_gives_true_offsets_and_constraints_hold(path: Path) -> None:
    article = read_article(path)
    result = EXTRACTOR.extract_article(article)
    for mention in mentions(result):
        source = article.title if mention.source == "title" else article.text
        assert source is not None
        assert source[mention.start : mention.end] == mention.text
    for event in result.events:
        assert event.evidence
        names = [investor.name for investor in event.investors]
        assert event.company.name not in names
        if event.amount and event.valuation and event.amount.currency == event.valuation.currency:
            assert (event.valuation.upper or event.valuation.value) >= event.amount.value
    assert Result.model_validate_json(result.model_dump_json()) == result


def test_extraction_is_deterministic_and_batches_change_nothing() -> None:
    articles = [read_article(path) for path in SAMPLES[:6]]
    one_by_one = [EXTRACTOR.extract_article(article).model_dump_json() for article in articles]
    assert [result.model_dump_json() for result in EXTRACTOR.extract_many(articles)] == one_by_one


def test_plain_english_news() -> None:
    text = (
        "Nimbostrat, a Berlin-based startup, has raised $12 million in a Series A round led by Index Ventures, "
        "the company said on Tuesday. Point Nine also participated."
    )
    (event,) = EXTRACTOR.extract(text, published="2024-12-27").events
    assert event.company.name == "Nimbostrat"
    assert event.amount is not None
    assert (event.amount.value, event.amount.currency) == (12_000_000, "USD")
    assert event.round.value == "series_a"


@pytest.mark.parametrize(
    "text", ["", "  \n\t ", "12345", "Η εταιρεία συγκέντρωσε χρήματα.", "\x00\x01", "\u202e\u202d"]
)
def test_nothing_to_extract_gives_nothing(text: str) -> None:
    assert EXTRACTOR.extract(text).events == ()


def test_a_text_too_long_to_be_an_article_is_refused() -> None:
    with pytest.raises(ArticleError, match="is no article"):
        EXTRACTOR.extract("a" * (LONGEST_ARTICLE + 1))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ArticleError, match="not supported"):
        EXTRACTOR.extract_article(Article(text="x", language="xx"))


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such model"):
        Extractor(model="nonesuch")
    with pytest.raises(ModelError, match="no newsextract model"):
        Extractor(model=tmp_path)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=120), st.one_of(st.none(), st.text(max_size=30)))
def test_no_text_raises(text: str, title: str | None) -> None:
    result = EXTRACTOR.extract_article(Article(text=text, title=title, language="en"))
    for mention in mentions(result):
        source = (title or "") if mention.source == "title" else text
        assert source[mention.start : mention.end] == mention.text
