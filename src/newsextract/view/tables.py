"""Tables: the events of many articles, sums of money, supported languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from newsextract.languages.model import Header
from newsextract.records import FundingEvent, Money, Result
from newsextract.view.safety import one_line
from newsextract.view.terminal import STATUS_STYLES
from newsextract.view.wording import (
    confidence_text,
    money_text,
    nothing_found,
    round_text,
    stake_text,
    valuation_text,
)

_CONTEXT = 30  # characters on either side of a sum
_COLUMNS = ("article", "", "company", "amount", "round", "status", "investors", "valuation", "date", "sure")
_NARROW = ("", "status", "date", "sure")


def events_table(results: Iterable[tuple[str, Result]]) -> Table:
    """Lay out the events of several articles, one to a row.

    Args:
        results: articles by what the reader knows them by: a file's name, mostly.
    """
    rows: list[tuple[Text, ...]] = []
    for name, result in results:
        label, language = Text(one_line(name), style="dim"), Text(result.article.language, style="dim")
        if not result.events:
            silence = Text(nothing_found(result), style="dim")
            rows.append((label, language, silence, *(Text() for _ in range(len(_COLUMNS) - 3))))
        for event in result.events:
            rows.append((label, language, *_event_cells(event)))
            label = language = Text()
    table = _table()
    shown = [place for place in range(len(_COLUMNS)) if any(row[place] for row in rows)]
    for place in shown:
        heading = _COLUMNS[place]
        table.add_column(heading, no_wrap=heading in _NARROW, overflow="fold")
    for row in rows:
        table.add_row(*(row[place] for place in shown))
    return table


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True, header_style="bold")


def _event_cells(event: FundingEvent) -> tuple[Text, ...]:
    investors = Text(", ").join(
        Text(one_line(investor.name), style="bold" if investor.lead else "")
        for investor in sorted(event.investors, key=lambda investor: not investor.lead)
    )
    if event.investor_count is not None:
        investors.append(f" ({event.investor_count:,})" if investors else f"{event.investor_count:,}")
    valuation = valuation_text(event)
    if event.stake is not None:
        valuation = f"{valuation} for {stake_text(event)}".strip() if valuation else f"stake {stake_text(event)}"
    return (
        Text(one_line(event.company.name), style="bold"),
        Text(money_text(event.amount) if event.amount else "–", style="green"),
        Text(round_text(event)),
        Text(event.status.value, style=STATUS_STYLES[event.status]),
        investors,
        Text(valuation),
        Text(event.date or ""),
        Text(confidence_text(event.confidence), style="dim"),
    )


def money_table(sums: Sequence[Money], text: str) -> Table:
    """Lay out sums of money, one to a row, with the words around them."""
    table = _table()
    table.add_column("sum", justify="right", no_wrap=True)
    table.add_column("offsets", style="dim", no_wrap=True)
    table.add_column("in the text")
    for money in sums:
        context = Text()
        context.append(_tail(text[max(0, money.start - _CONTEXT) : money.start]), style="dim")
        context.append(one_line(money.text), style="bold green")
        context.append(_head(text[money.end : money.end + _CONTEXT]), style="dim")
        table.add_row(money_text(money), f"{money.start}:{money.end}", context)
    return table


def _tail(before: str) -> str:
    return one_line(before) + (" " if before[-1:].isspace() else "")


def _head(after: str) -> str:
    return (" " if after[:1].isspace() else "") + one_line(after)


def languages_table(headers: Iterable[Header]) -> Table:
    """Lay out supported languages."""
    table = _table()
    for heading in ("code", "language", "its own name", "scripts", "regions"):
        table.add_column(heading, style="bold" if heading == "code" else "")
    for header in headers:
        table.add_row(
            header.code, header.name, header.native_name, ", ".join(header.scripts), ", ".join(header.regions)
        )
    return table
