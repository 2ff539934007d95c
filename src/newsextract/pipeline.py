"""From an article to its record: language, grammars, scores, events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Literal

from newsextract import languages, models
from newsextract.assembly import events_of, money_record
from newsextract.document import Document
from newsextract.errors import ArticleError
from newsextract.language import detect
from newsextract.reading import Reading
from newsextract.records import Article, ArticleInfo, Entity, Result, content_id
from newsextract.roles import NAME_ROLES, NameMention, first_look, name_rows, score_sums, second_look
from newsextract.scoring import scorer
from newsextract.tagging.features import SpanScores

LONGEST_ARTICLE = 1_000_000
"""Characters; a longer text is no article, and is refused with one clear line."""

_PERSON = NAME_ROLES.index("person")
_BATCH = 16


class Extractor:
    """Extracts funding events.

    Args:
        model: ``"default"`` for the packaged model, another packaged name, a path, or ``None`` for rules alone.
            This version packages no model: its default is the rules, as ``newsextract models`` shows.
        threads: threads of the model's inference.

    Raises:
        ModelError: there is no such model, or it cannot be read.
    """

    def __init__(self, model: str | Path | None = models.DEFAULT, threads: int = 1) -> None:
        rules_alone = model is None or (model == models.DEFAULT and models.DEFAULT not in models.available())
        self._model = None if model is None or rules_alone else models.load(model, threads)
        self._scorers = scorer if self._model is None else self._model.scorers

    def extract(
        self,
        text: str,
        title: str | None = None,
        published: str | None = None,
        url: str | None = None,
        language: str | None = None,
        id: str | None = None,
        source: str | None = None,
    ) -> Result:
        """Extract from one article; see :class:`newsextract.records.Article` for the arguments."""
        return self.extract_article(
            Article(text=text, title=title, published=published, url=url, language=language, id=id, source=source)
        )

    def extract_many(self, articles: Iterable[Article | str]) -> Iterator[Result]:
        """Extract from articles or plain texts, lazily, in order; the model runs over small batches."""
        stream = (Article(text=article) if isinstance(article, str) else article for article in articles)
        while batch := list(islice(stream, _BATCH)):
            yield from self._extract_batch(batch)

    def extract_article(self, article: Article) -> Result:
        """Extract from one article.

        Raises:
            ArticleError: the text is longer than ``LONGEST_ARTICLE`` or its language is not supported.
        """
        return self._extract_batch([article])[0]

    def _extract_batch(self, articles: Sequence[Article]) -> list[Result]:
        infos = [_describe(article) for article in articles]
        documents = [
            Document(article.text, article.title, languages.load(info.language))
            if info.language in languages.codes()
            else None
            for article, info in zip(articles, infos, strict=True)
        ]
        scores: list[SpanScores | None] = [None] * len(documents)
        if self._model is not None:
            present = [index for index, document in enumerate(documents) if document is not None]
            taggings = self._model.tagger.tag([document.text for document in documents if document is not None])
            for index, tagging in zip(present, taggings, strict=True):
                scores[index] = SpanScores(tagging)
        return [
            Result(article=info) if document is None else self._result(info, document, own)
            for info, document, own in zip(infos, documents, scores, strict=True)
        ]

    def _result(self, info: ArticleInfo, document: Document, scores: SpanScores | None) -> Result:
        published = date.fromisoformat(info.published) if info.published else None
        reading = Reading(document, published, scores=scores)
        mentions, parties = second_look(reading, first_look(reading, name_rows(reading), self._scorers), self._scorers)
        sum_roles = score_sums(reading, mentions, self._scorers)
        return Result(
            article=info,
            events=events_of(reading, mentions, parties, sum_roles, self._scorers, info.id),
            entities=_entities(reading, mentions),
            money=tuple(money_record(reading, found) for found in reading.sums),
        )


def _describe(article: Article) -> ArticleInfo:
    """Check an article and find its language."""
    if len(article.text) > LONGEST_ARTICLE:
        raise ArticleError(
            f"article of {len(article.text):,} characters: more than {LONGEST_ARTICLE:,} is no article; split it"
        )
    if article.language is not None and article.language not in languages.codes():
        raise ArticleError(
            f"language {article.language!r} is not supported; supported are {', '.join(languages.codes())}"
        )
    if article.language is not None:
        code, confidence = article.language, 1.0
    else:
        detection = detect(article.text, title=article.title)
        code, confidence = detection.language, detection.confidence
    return ArticleInfo(
        id=article.id or content_id(article.title, article.text),
        title=article.title,
        published=article.published,
        url=article.url,
        source=article.source,
        language=code,
        language_confidence=round(confidence, 4),
    )


def _entities(reading: Reading, mentions: list[NameMention]) -> tuple[Entity, ...]:
    """Return names, sums and dates as entities, in the order of title and body."""
    labelled: list[tuple[int, int, Literal["ORG", "PERSON", "MONEY", "DATE"]]] = []
    for mention in mentions:
        if mention.roles[0] < 0.5:
            labelled.append((mention.start, mention.end, "PERSON" if mention.roles[_PERSON] > 0.5 else "ORG"))
    labelled += [(found.start, found.end, "MONEY") for found in reading.sums]
    labelled += [(found.start, found.end, "DATE") for found in reading.dates]
    entities: list[Entity] = []
    for start, end, label in sorted(labelled):
        place = reading.document.mention(start, end)
        entities.append(Entity(start=place.start, end=place.end, text=place.text, source=place.source, label=label))
    return tuple(entities)
