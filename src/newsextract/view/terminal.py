"""One article in a terminal: its text with the roles in colour, and a card for each event."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from newsextract.records import FundingEvent, Mention, Money, Result, Status
from newsextract.view.highlights import LABELS, ROLES, Highlight, Role, highlights
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

# Both colours are given: the black and the white of a terminal's own palette may be neither.
STYLES: dict[Role, str] = {
    "company": "bold #000000 on #87d7ff",
    "amount": "bold #000000 on #87d787",
    "lead": "bold #ffffff on #8700af",
    "investor": "#000000 on #d7afff",
    "contribution": "#000000 on #d7ffaf",
    "tranche": "#000000 on #d7ffaf",
    "valuation": "bold #000000 on #ffd700",
    "total": "#000000 on #ffffaf",
    "prior_total": "#000000 on #ffffaf",
    "date": "#000000 on #afd7ff",
    "person": "italic underline",
    "org": "underline",
    "loc": "underline",
    "money": "dim underline",
    "other_date": "dim underline",
}
STATUS_STYLES = {
    Status.CLOSED: "green",
    Status.PLANNED: "yellow",
    Status.RUMORED: "dark_orange",
    Status.FAILED: "red",
}
TEXT_WIDTH = 100
"""Columns; longer lines are hard to read."""
_LABEL_WIDTH = 13
_NO_BREAK = "\N{NO-BREAK SPACE}"
LONG_TEXT = 4_000
"""Characters; of a longer text only the paragraphs with a part in an event are shown."""


def article_view(result: Result, text: str, with_text: bool = True) -> RenderableType:
    """Lay out one article.

    Args:
        result: what was extracted.
        text: the article's body, which the offsets refer to.
        with_text: whether to show the text; without colours it shows nothing that the cards do not.
    """
    parts: list[RenderableType] = [_heading(result)]
    if with_text:
        body = highlights(result)
        parts.append(Padding(_body(text, body), (1, 2, 0, 2)))
        legend = _legend([*highlights(result, "title"), *body])
        if legend:
            parts.append(Padding(legend, (1, 2, 0, 2)))
    parts.append(Text())
    parts += [_card(number, event) for number, event in enumerate(result.events, start=1)]
    if not result.events:
        parts.append(Text(nothing_found(result), style="yellow"))
    return Group(*parts)


def _heading(result: Result) -> Text:
    article = result.article
    heading = Text()
    if article.title:
        heading.append(_marked(article.title, highlights(result, "title"), base="bold")).append("\n")
    facts = [article.source, article.published, language_text(result), article.url]
    return heading.append(" · ".join(one_line(fact) for fact in facts if fact), style="dim")


def _marked(text: str, marks: list[Highlight], base: str = "") -> Text:
    """Return a text with its highlights as styles."""
    marked = Text(visible(text), style=base, tab_size=4)
    for mark in marks:
        marked.stylize(STYLES[mark.role], mark.start, mark.end)
    return marked


def _body(text: str, marks: list[Highlight]) -> RenderableType:
    marked = _marked(text, marks)
    if len(text) > LONG_TEXT:
        marked = _with_parts(marked, text, [mark for mark in marks if mark.parts])
    table = Table.grid()
    table.add_column(max_width=TEXT_WIDTH, overflow="fold")
    table.add_row(marked)
    return table


def _with_parts(marked: Text, text: str, marks: list[Highlight]) -> Text:
    """Keep the lines that a highlight lies in; write an ellipsis for what is left out between them."""
    wanted: list[tuple[int, int]] = []
    for mark in marks:
        if wanted and mark.end <= wanted[-1][1]:
            continue
        start = max(text.rfind("\n", 0, mark.start) + 1, wanted[-1][1] if wanted else 0)
        end = text.find("\n", mark.end)
        wanted.append((start, len(text) if end < 0 else end))
    kept = Text(tab_size=4)
    position = 0
    for start, end in wanted:
        if text[position:start].strip():
            kept.append("[…]\n\n", style="dim")
        kept.append(marked[start:end]).append("\n\n")
        position = end
    if text[position:].strip():
        kept.append("[…]", style="dim")
    kept.rstrip()
    return kept


def _legend(marks: list[Highlight]) -> Text:
    present = {mark.role for mark in marks}
    labels = (
        Text(f" {LABELS[role]} ".replace(" ", _NO_BREAK), style=STYLES[role]) for role in ROLES if role in present
    )
    return Text(" ").join(labels)


def _card(number: int, event: FundingEvent) -> Panel:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", justify="right", no_wrap=True, min_width=_LABEL_WIDTH)
    grid.add_column(overflow="fold")
    for label, value in _facts(event):
        grid.add_row(label, value)
    title = Text.assemble(
        (f" {number} ", "bold"),
        (f" {one_line(event.company.name)} ", STYLES["company"]),
        " ",
        (event.status.value, STATUS_STYLES[event.status]),
        " ",
    )
    return Panel(
        grid,
        title=title,
        title_align="left",
        subtitle=Text(f" confidence {confidence_text(event.confidence)} ", style="dim"),
        subtitle_align="right",
        box=box.ROUNDED,
        border_style="bright_black",
        width=TEXT_WIDTH,
        padding=(0, 1),
    )


def _facts(event: FundingEvent) -> Iterator[tuple[str, Text]]:
    """Yield what is known of an event, as labels and values, the weightiest first."""
    if event.amount is not None:
        yield "amount", _sum(event.amount, "bold")
    for money in event.amount_conversions:
        yield "converted", _sum(money)
    if round_text(event):
        yield "round", Text(round_text(event))
    for money in event.tranches:
        yield "tranche", _sum(money)
    if event.valuation is not None:
        yield "valuation", _quoted(valuation_text(event), event.valuation)
    if event.total_raised is not None:
        yield "total raised", _sum(event.total_raised)
    if event.raised_before is not None:
        yield "raised before", _sum(event.raised_before)
    if event.stake is not None:
        yield "stake", Text(stake_text(event))
    leads = [one_line(investor.name) for investor in event.investors if investor.lead]
    others = [one_line(investor.name) for investor in event.investors if not investor.lead]
    if leads:
        yield "led by", Text(", ".join(leads), style="bold")
    if others:
        yield "investors", Text(", ".join(others))
    if event.investor_count is not None:
        yield "how many", Text(f"{event.investor_count:,} investors")
    for contribution in event.contributions:
        giver = one_line(contribution.investor) if contribution.investor else "each"
        yield "contribution", Text(f"{giver}: ").append(_sum(contribution))
    if event.date or event.date_text:
        yield "date", _quoted(event.date or "unresolved", event.date_text)


def _sum(money: Money, style: str = "") -> Text:
    return _quoted(money_text(money), money, style)


def _quoted(value: str, mention: Mention | None, style: str = "") -> Text:
    """Write a value with the words that it was read from."""
    text = Text(value, style=style)
    if mention is not None and one_line(mention.text) != value:
        text.append(f"  “{one_line(mention.text)}”", style="dim not bold")
    return text
