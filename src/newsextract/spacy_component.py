"""newsextract as a spaCy component: ``nlp.add_pipe("newsextract")``.

Sets ``doc._.funding_events`` (a tuple of :class:`~newsextract.records.FundingEvent`), ``doc._.newsextract`` (the whole
:class:`~newsextract.records.Result`, None for a document that the component has not seen) and ``doc.ents``.

What else is known of an article may stand in ``doc.user_data`` under ``"title"``, ``"published"``, ``"url"``, ``"id"``,
``"source"`` and ``"language"``; ``doc._.published`` goes before. The result is kept as JSON in
``doc.user_data["newsextract"]``: documents can be saved, and sent between processes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from newsextract.pipeline import Extractor
from newsextract.records import Article, FundingEvent, Mention, Result
from newsextract.view.highlights import event_mentions

_KEY = "newsextract"
_NAMES = ("company", "lead", "investor")
_METADATA = ("title", "published", "url", "id", "source", "language")


def result_of(doc: Doc) -> Result | None:
    """Return what was extracted from a document; None where the component has not seen it."""
    written = doc.user_data.get(_KEY)
    return None if written is None else _parsed(written)


def events_of(doc: Doc) -> tuple[FundingEvent, ...]:
    """Return the funding events of a document."""
    result = result_of(doc)
    return () if result is None else result.events


@lru_cache(maxsize=256)
def _parsed(written: str) -> Result:
    return Result.model_validate(json.loads(written))


def _register() -> None:
    """Declare the attributes, unless somebody did: documents of other pipelines may be in use already."""
    if not Doc.has_extension("newsextract"):
        Doc.set_extension("newsextract", getter=result_of)
    if not Doc.has_extension("funding_events"):
        Doc.set_extension("funding_events", getter=events_of)
    if not Doc.has_extension("published"):
        Doc.set_extension("published", default=None)


_register()


class FundingEvents:
    """The component; its settings are all it has, so it needs no data on disk.

    Args:
        model: as for :class:`newsextract.Extractor`; None means rules alone.
        language: of all documents; detected where it is None and a document does not say.
        published: day of publication of documents that do not say, YYYY-MM-DD.
        set_ents: whether to write ``doc.ents``. Entities set before stay where they overlap none of ours.
    """

    def __init__(self, model: str | None, language: str | None, published: str | None, set_ents: bool) -> None:
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
        known: dict[str, str | None] = {key: doc.user_data.get(key) for key in _METADATA}
        known["published"] = doc._.published or known["published"] or self._published
        known["language"] = known["language"] or self._language
        return Article(text=doc.text, **known)

    def _fill(self, doc: Doc, result: Result) -> Doc:
        doc.user_data[_KEY] = json.dumps(result.model_dump(mode="json", by_alias=True))
        if self._set_ents:
            own = filter_spans([*_spans(doc, _entities(result))])
            taken = {token.i for span in own for token in span}
            others = [span for span in doc.ents if not any(token.i in taken for token in span)]
            doc.set_ents(sorted([*own, *others], key=lambda span: span.start))
        return doc


def _entities(result: Result) -> Iterator[tuple[str, Mention]]:
    """Yield all mentions of the body that are entities, with their labels."""
    for entity in result.entities:
        yield entity.label, entity
    for event in result.events:
        for role, mention in event_mentions(event):
            yield "ORG" if role in _NAMES else "DATE" if role == "date" else "MONEY", mention
    for money in result.money:
        yield "MONEY", money


def _spans(doc: Doc, entities: Iterable[tuple[str, Mention]]) -> Iterator[Span]:
    seen: set[tuple[int, int]] = set()
    for label, mention in entities:
        if mention.source is None and (mention.start, mention.end) not in seen:
            seen.add((mention.start, mention.end))
            span = doc.char_span(mention.start, mention.end, label=label, alignment_mode="expand")
            if span is not None:
                yield span


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
