"""From an article to its record: language, grammars, scores, events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from newsextract import languages
from newsextract.assembly import events_of, money_record
from newsextract.document import Document
from newsextract.errors import ArticleError, ModelError
from newsextract.language import detect
from newsextract.reading import Reading
from newsextract.records import Article, ArticleInfo, Entity, Result, content_id
from newsextract.roles import NAME_ROLES, NameMention, first_look, name_rows, score_sums, second_look
from newsextract.scoring import scorer

LONGEST_ARTICLE = 1_000_000
"""Characters; a longer text is no article, and is refused with one clear line."""

_PERSON = NAME_ROLES.index("person")


class Extractor:
    """Extracts funding events.

    Args:
        model: ``"default"`` for the packaged model, a path for another one, ``None`` for rules alone.
            No model is packaged yet: ``"default"`` is the rules.

    Raises:
        ModelError: a path was given and holds no model that this version can read.
    """

    def __init__(self, model: str | Path | None = "default") -> None:
        if model not in (None, "default"):
            raise ModelError(f"{model}: this version has no trained models; use the default or --no-model")

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
            Article(
                text=text, title=title, published=published, url=url, language=language, id=id, source=source
            )
        )

    def extract_many(self, articles: Iterable[Article | str]) -> Iterator[Result]:
        """Extract from articles or plain texts, lazily, in order."""
        for article in articles:
            yield self.extract_article(Article(text=article) if isinstance(article, str) else article)

    def extract_article(self, article: Article) -> Result:
        """Extract from one article.

        Raises:
            ArticleError: the text is longer than ``LONGEST_ARTICLE`` or its language hint is unknown.
        """
        if len(article.text) > LONGEST_ARTICLE:
            raise ArticleError(
                f"article of {len(article.text):,} characters: more than {LONGEST_ARTICLE:,} is no article; split it"
            )
        if article.language is not None and article.language not in languages.codes():
            raise ArticleError(
                f"language {article.language!r} is not supported; supported are {', '.join(languages.codes())}"
            )
        article_id = article.id or content_id(article.title, article.text)
        if article.language is not None:
            code, confidence = article.language, 1.0
        else:
            detection = detect(article.text, title=article.title)
            code, confidence = detection.language, detection.confidence
        info = ArticleInfo(
            id=article_id,
            title=article.title,
            published=article.published,
            url=article.url,
            source=article.source,
            language=code,
            language_confidence=round(confidence, 4),
        )
        if code not in languages.codes():
            return Result(article=info)
        published = date.fromisoformat(article.published) if article.published else None
        reading = Reading(Document(article.text, article.title, languages.load(code)), published)
        rows = name_rows(reading)
        mentions, parties = second_look(reading, first_look(reading, rows, scorer), scorer)
        sum_roles = score_sums(reading, mentions, scorer)
        events = events_of(reading, mentions, parties, sum_roles, scorer, article_id)
        return Result(
            article=info,
            events=events,
            entities=_entities(reading, mentions),
            money=tuple(money_record(reading, found) for found in reading.sums),
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
        entities.append(
            Entity(start=place.start, end=place.end, text=place.text, source=place.source, label=label)
        )
    return tuple(entities)
