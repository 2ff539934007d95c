"""newsextract as a spaCy component: ``nlp.add_pipe("newsextract")``.

Sets ``doc._.funding_events`` (a tuple of :class:`~newsextract.records.FundingEvent`), ``doc._.newsextract`` (the whole
:class:`~newsextract.records.Result`) and ``doc.ents``. A day of publication is read from ``doc._.published``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from newsextract.pipeline import Extractor
from newsextract.records import Article, Result


def _register() -> None:
    for name, default in (("funding_events", ()), ("newsextract", None), ("published", None)):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)


class FundingEvents:
    """The component. ``set_ents`` replaces ``doc.ents`` by what was found."""

    def __init__(self, model: str | None, language: str | None, published: str | None, set_ents: bool) -> None:
        _register()
        self._extractor = Extractor(model=model)
        self._language = language
        self._published = published
        self._set_ents = set_ents

    def __call__(self, doc: Doc) -> Doc:
        """Extract from one document."""
        return self._fill(doc, self._extractor.extract_article(self._article(doc)))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Extract from a stream of documents, in order."""
        batch: list[Doc] = []
        for doc in stream:
            batch.append(doc)
            if len(batch) >= batch_size:
                yield from self._batch(batch)
                batch = []
        yield from self._batch(batch)

    def _batch(self, docs: list[Doc]) -> Iterator[Doc]:
        results = self._extractor.extract_many([self._article(doc) for doc in docs])
        for doc, result in zip(docs, results, strict=True):
            yield self._fill(doc, result)

    def _article(self, doc: Doc) -> Article:
        return Article(text=doc.text, language=self._language, published=doc._.published or self._published)

    def _fill(self, doc: Doc, result: Result) -> Doc:
        doc._.newsextract = result
        doc._.funding_events = result.events
        if self._set_ents:
            spans: list[Span | None] = [
                doc.char_span(entity.start, entity.end, label=entity.label, alignment_mode="expand")
                for entity in result.entities
            ]
            doc.set_ents(filter_spans([span for span in spans if span is not None]))
        return doc


@Language.factory(
    "newsextract",
    default_config={"model": "default", "language": None, "published": None, "set_ents": True},
    assigns=["doc.ents", "doc._.funding_events", "doc._.newsextract"],
)
def create_component(
    nlp: Any, name: str, model: str | None, language: str | None, published: str | None, set_ents: bool
) -> FundingEvents:
    """Create the component; ``model`` None means rules alone, ``language`` None means detection."""
    return FundingEvents(model, language, published, set_ents)
