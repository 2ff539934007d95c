"""A self-contained page of evidence: articles with their roles highlighted, beside the events read from them.

The page needs nothing from elsewhere, runs no script, and says so in a content security policy. All text
from articles is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from newsextract.records import FundingEvent, Mention, Money, Result
from newsextract.view.highlights import LABELS, ROLES, Highlight, Source, highlights, overlapping
from newsextract.view.safety import one_line, visible
from newsextract.view.wording import (
    confidence_text,
    language_text,
    money_text,
    nothing_found,
    round_text,
    stake_text,
    valuation_text,
)

_SAFE_SCHEMES = ("http://", "https://")


@dataclass(frozen=True)
class _Passage:
    """A stretch of text that evidence lies in."""

    start: int
    end: int


@dataclass(frozen=True)
class _Part:
    """The body or the title of an article on the page, ready to be linked to."""

    prefix: str
    text: str
    marks: list[Highlight]
    passages: list[_Passage]

    def mark_id(self, mention: Mention) -> str | None:
        """Return the anchor of what is highlighted where a mention stands."""
        mark = overlapping(self.marks, mention)
        return f"{self.prefix}m{mark.start}" if mark else None

    def passage_id(self, mention: Mention) -> str:
        """Return the anchor of the passage that holds a piece of evidence."""
        place = bisect_left(self.passages, mention.end, key=lambda passage: passage.end)
        return f"{self.prefix}p{self.passages[place].start}"


@dataclass(frozen=True)
class _Page:
    """One article on the page."""

    key: str
    name: str
    result: Result
    body: _Part
    title: _Part

    def part_of(self, mention: Mention) -> _Part:
        """Return the part of the article that a mention lies in."""
        return self.title if mention.source == "title" else self.body


def evidence_page(articles: Iterable[tuple[str, Result, str]]) -> str:
    """Return an HTML document.

    Args:
        articles: name (shown where an article has no title), result, and the body that its offsets refer to.
    """
    pages = [
        _Page(
            key=f"a{number}",
            name=name,
            result=result,
            body=_part(f"a{number}b", result, text, None),
            title=_part(f"a{number}t", result, result.article.title or "", "title"),
        )
        for number, (name, result, text) in enumerate(articles, start=1)
    ]
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    heading = one_line(pages[0].result.article.title or pages[0].name) if len(pages) == 1 else "Funding events"
    return "".join(
        (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>{_escape(heading)}</title>\n<style>{style}</style>\n</head>\n<body>\n",
            _contents(pages) if len(pages) > 1 else "",
            *(_article(page) for page in pages),
            "</body>\n</html>\n",
        )
    )


def _style() -> str:
    return resources.files(__package__ or "").joinpath("page.css").read_text(encoding="utf-8")


def _escape(text: str) -> str:
    return html.escape(visible(text))


def _part(prefix: str, result: Result, text: str, source: Source) -> _Part:
    marks = highlights(result, source)
    evidence = [span for event in result.events for span in event.evidence if span.source == source]
    return _Part(prefix, text, marks, _passages(evidence, marks))


def _passages(evidence: Sequence[Mention], marks: Sequence[Highlight]) -> list[_Passage]:
    """Join pieces of evidence that overlap, and widen them to whole highlights, so that elements nest."""
    spans = sorted({(span.start, span.end) for span in evidence})
    merged: list[_Passage] = []
    for start, end in spans:
        first = bisect_left(marks, start, key=lambda mark: mark.end - 1)
        if first < len(marks):
            start = min(start, marks[first].start)
        last = bisect_left(marks, end, key=lambda mark: mark.start) - 1
        if last >= 0:
            end = max(end, marks[last].end)
        if merged and start < merged[-1].end:
            start, end = merged[-1].start, max(end, merged.pop().end)
        merged.append(_Passage(start, end))
    return merged


def _contents(pages: Sequence[_Page]) -> str:
    rows = "".join(
        f'<li><a href="#{page.key}"><bdi>{_escape(one_line(page.result.article.title or page.name))}</bdi></a>'
        f' <span class="count">{len(page.result.events) or "no"} '
        f"event{'' if len(page.result.events) == 1 else 's'}</span></li>\n"
        for page in pages
    )
    return f'<nav aria-label="Articles"><h1>Funding events</h1>\n<ol>\n{rows}</ol></nav>\n'


def _article(page: _Page) -> str:
    article = page.result.article
    language = _escape(article.language)
    title = _marked(page.title, page.key) if article.title else _escape(one_line(page.name))
    cards = "".join(_card(page, number, event) for number, event in enumerate(page.result.events, start=1))
    if not cards:
        cards = f'<p class="nothing">{_escape(nothing_found(page.result))}</p>\n'
    return (
        f'<article id="{page.key}">\n<header><h2 lang="{language}" dir="auto">{title}</h2>\n'
        f'<p class="facts">{_heading(page)}</p>\n{_legend(page)}</header>\n'
        f'<div class="columns">\n<div class="text" lang="{language}">{_marked(page.body, page.key)}</div>\n'
        f'<section class="events" aria-label="Events">\n{cards}</section>\n</div>\n</article>\n'
    )


def _heading(page: _Page) -> str:
    article = page.result.article
    facts = [f"<bdi>{_escape(one_line(fact))}</bdi>" for fact in (article.source,) if fact]
    if article.published:
        facts.append(f"<time>{_escape(article.published)}</time>")
    facts.append(_escape(language_text(page.result)))
    if article.url:
        address = one_line(article.url)
        if address.lower().startswith(_SAFE_SCHEMES):
            link = html.escape(address)
            facts.append(f'<a href="{link}" rel="noopener noreferrer nofollow">{link}</a>')
        else:
            facts.append(_escape(address))
    return " · ".join(facts)


def _legend(page: _Page) -> str:
    present = {mark.role for mark in (*page.title.marks, *page.body.marks)}
    items = "".join(
        f'<li><mark class="{role}">{_escape(LABELS[role])}</mark></li>' for role in ROLES if role in present
    )
    return f'<ul class="legend" aria-label="Colours">{items}</ul>\n' if items else ""


def _marked(part: _Part, key: str) -> str:
    """Return a text with its highlights as ``mark`` elements, inside the passages that hold evidence."""
    pieces: list[str] = []
    position = 0
    marks = iter(part.marks)
    mark = next(marks, None)
    for passage in (*part.passages, None):
        limit = len(part.text) if passage is None else passage.start
        while True:
            while mark is not None and mark.end <= limit:
                pieces += (_escape(part.text[position : mark.start]), _mark(part, mark, key))
                position, mark = mark.end, next(marks, None)
            pieces.append(_escape(part.text[position:limit]))
            position = limit
            if passage is None:
                break
            if limit == passage.end:
                pieces.append("</span>")
                break
            pieces.append(f'<span class="passage" id="{part.prefix}p{passage.start}">')
            limit = passage.end
    return "".join(pieces)


def _mark(part: _Part, mark: Highlight, key: str) -> str:
    text = _escape(part.text[mark.start : mark.end])
    anchor = f'id="{part.prefix}m{mark.start}" class="{mark.role}"'
    if not mark.parts:
        return f'<mark {anchor} title="{LABELS[mark.role]}">{text}</mark>'
    title = "; ".join(f"{LABELS[role]} of event {number}" for number, role in mark.parts)
    numbers = list(dict.fromkeys(number for number, _ in mark.parts))
    return (
        f'<a href="#{key}e{numbers[0]}"><mark {anchor} title="{title}" '
        f'data-events="{" ".join(map(str, numbers))}">{text}</mark></a>'
    )


def _card(page: _Page, number: int, event: FundingEvent) -> str:
    chips = [f'<span class="chip {event.status.value}">{event.status.value}</span>']
    if round_text(event):
        chips.append(f'<span class="chip">{_escape(round_text(event))}</span>')
    facts = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in _facts(page, event))
    evidence = "".join(
        f'<blockquote lang="{_escape(page.result.article.language)}" dir="auto">'
        f'<a href="#{page.part_of(span).passage_id(span)}">{_escape(one_line(span.text))}</a></blockquote>'
        for span in event.evidence
    )
    sure = confidence_text(event.confidence)
    return (
        f'<section class="card" id="{page.key}e{number}">\n'
        f'<h3><span class="number">{number}</span> '
        f"<bdi>{_escape(one_line(event.company.name))}</bdi> {' '.join(chips)}</h3>\n"
        f"<dl>{facts}</dl>\n"
        f'<p class="confidence">confidence <meter min="0" max="1" value="{event.confidence:.3f}">{sure}</meter>'
        f" {sure}</p>\n<details><summary>Evidence</summary>{evidence}</details>\n</section>\n"
    )


def _facts(page: _Page, event: FundingEvent) -> Iterator[tuple[str, str]]:
    """Yield what is known of an event as labels and HTML, the weightiest first."""
    if event.amount is not None:
        yield "amount", _sum(page, event.amount, "strong")
    for money in event.amount_conversions:
        yield "converted", _sum(page, money)
    for money in event.tranches:
        yield "tranche", _sum(page, money)
    if event.valuation is not None:
        yield "valuation", _linked(page, valuation_text(event), event.valuation)
    if event.total_raised is not None:
        yield "total raised", _sum(page, event.total_raised)
    if event.raised_before is not None:
        yield "raised before", _sum(page, event.raised_before)
    if event.stake is not None:
        yield "stake", _escape(stake_text(event))
    for label, lead in (("led by", True), ("investors", False)):
        names = [
            _named(page, investor.name, investor.mentions) for investor in event.investors if investor.lead is lead
        ]
        if names:
            yield label, ", ".join(names)
    if event.investor_count is not None:
        yield "how many", f"{event.investor_count:,} investors"
    for contribution in event.contributions:
        giver = _escape(one_line(contribution.investor)) if contribution.investor else "each"
        yield "contribution", f"<bdi>{giver}</bdi>: {_sum(page, contribution)}"
    if event.date_text is not None:
        yield "date", _linked(page, event.date or "unresolved", event.date_text)
    elif event.date:
        yield "date", _escape(event.date)
    yield "mentions", _mention_links(page, event.company.mentions)


def _sum(page: _Page, money: Money, element: str = "span") -> str:
    return f"<{element}>{_linked(page, money_text(money), money)}</{element}>"


def _linked(page: _Page, value: str, mention: Mention) -> str:
    """Return a value, linked to the words that it was read from, which follow it."""
    words = f' <q dir="auto">{_escape(one_line(mention.text))}</q>'
    anchor = page.part_of(mention).mark_id(mention)
    return (f'<a href="#{anchor}">{_escape(value)}</a>' if anchor else _escape(value)) + words


def _named(page: _Page, name: str, mentions: Sequence[Mention]) -> str:
    shown = f"<bdi>{_escape(one_line(name))}</bdi>"
    anchor = page.part_of(mentions[0]).mark_id(mentions[0]) if mentions else None
    return f'<a href="#{anchor}">{shown}</a>' if anchor else shown


def _mention_links(page: _Page, mentions: Sequence[Mention]) -> str:
    links: list[str] = []
    for mention in mentions:
        anchor = page.part_of(mention).mark_id(mention)
        if anchor is not None:
            links.append(f'<a href="#{anchor}"><bdi>{_escape(one_line(mention.text))}</bdi></a>')
    return ", ".join(links) or "–"
