"""Which stretches of an article play which role, without overlap: what every view colours."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from newsextract.records import FundingEvent, Mention, Result

Role = Literal[
    "company",
    "amount",
    "lead",
    "investor",
    "contribution",
    "tranche",
    "valuation",
    "total",
    "prior_total",
    "date",
    "person",
    "org",
    "loc",
    "money",
    "other_date",
]
ROLES: tuple[Role, ...] = get_args(Role)
"""All roles; where two compete for a stretch, the earlier one wins."""

LABELS: dict[Role, str] = {
    "company": "recipient",
    "amount": "amount",
    "lead": "lead investor",
    "investor": "investor",
    "contribution": "contribution",
    "tranche": "tranche",
    "valuation": "valuation",
    "total": "total raised",
    "prior_total": "raised before",
    "date": "date",
    "person": "other person",
    "org": "other name",
    "loc": "place",
    "money": "other sum",
    "other_date": "other date",
}
"""What a reader calls each role."""

_OF_ENTITY: dict[str, Role] = {
    "ORG": "org",
    "PERSON": "person",
    "LOC": "loc",
    "MONEY": "money",
    "DATE": "other_date",
}
_RANKS = {role: rank for rank, role in enumerate(ROLES)}

Source = Literal["title"] | None


@dataclass(frozen=True)
class Highlight:
    """A stretch of the body or the title and what it does there.

    ``role`` is the weightiest one. ``parts`` lists the numbers of events, counted from 1, with the role in
    each; it is empty for a name, sum or date without a part in any event.
    """

    start: int
    end: int
    role: Role
    parts: tuple[tuple[int, Role], ...]


def highlights(result: Result, source: Source = None) -> list[Highlight]:
    """Return what to colour in the body, or in the title, in its order and without overlap."""
    parts: dict[tuple[int, int], list[tuple[int, Role]]] = {}
    for number, event in enumerate(result.events, start=1):
        for role, mention in event_mentions(event):
            if mention.source == source:
                parts.setdefault((mention.start, mention.end), []).append((number, role))
    entities: dict[tuple[int, int], Role] = {}
    for mention, role in _entities(result):
        if mention.source == source:
            entities.setdefault((mention.start, mention.end), role)
    candidates = [
        Highlight(start, end, min(roles, key=lambda part: _RANKS[part[1]])[1], tuple(dict.fromkeys(roles)))
        for (start, end), roles in parts.items()
    ]
    candidates += [
        Highlight(start, end, role, ()) for (start, end), role in entities.items() if (start, end) not in parts
    ]
    return _without_overlap(candidates)


def event_mentions(event: FundingEvent) -> Iterator[tuple[Role, Mention]]:
    """Yield every mention that an event was read from, with its role; evidence is none."""
    for mention in event.company.mentions:
        yield "company", mention
    for investor in event.investors:
        for mention in investor.mentions:
            yield "lead" if investor.lead else "investor", mention
    single: tuple[tuple[Role, Mention | None], ...] = (
        ("amount", event.amount),
        ("valuation", event.valuation),
        ("total", event.total_raised),
        ("prior_total", event.raised_before),
        ("date", event.date_text),
    )
    for role, found in single:
        if found is not None:
            yield role, found
    several: tuple[tuple[Role, Iterable[Mention]], ...] = (
        ("amount", event.amount_conversions),
        ("tranche", event.tranches),
        ("contribution", event.contributions),
    )
    for role, mentions in several:
        for mention in mentions:
            yield role, mention


def overlapping(marks: list[Highlight], mention: Mention) -> Highlight | None:
    """Return the first of the highlights, sorted and without overlap, that shares a character with a mention."""
    place = bisect_left(marks, mention.start, key=lambda mark: mark.end - 1)
    if place < len(marks) and marks[place].start < mention.end:
        return marks[place]
    return None


def _entities(result: Result) -> Iterator[tuple[Mention, Role]]:
    for entity in result.entities:
        yield entity, _OF_ENTITY[entity.label]
    for money in result.money:
        yield money, "money"


def _weight(mark: Highlight) -> tuple[bool, int, int, int]:
    """Parts in events go first, then longer stretches."""
    return not mark.parts, mark.start - mark.end, _RANKS[mark.role], mark.start


def _without_overlap(candidates: list[Highlight]) -> list[Highlight]:
    starts: list[int] = []
    kept: list[Highlight] = []
    for mark in sorted(candidates, key=_weight):
        place = bisect_left(starts, mark.start)
        free_before = place == 0 or kept[place - 1].end <= mark.start
        if free_before and (place == len(kept) or mark.end <= kept[place].start):
            starts.insert(place, mark.start)
            kept.insert(place, mark)
    return kept
