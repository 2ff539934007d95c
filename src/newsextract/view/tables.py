"""Tables: the events of many articles, sums of money, supported languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console, ConsoleOptions, OverflowMethod, RenderableType, RenderResult
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
_WIDE = 120  # columns
_COLUMNS = ("article", "", "company", "amount", "round", "status", "investors", "valuation", "date", "sure")
_FIRST_LESSER = _COLUMNS.index("round")
_NARROW_COLUMNS = (*_COLUMNS[:_FIRST_LESSER], "round, status, investors, valuation, date, confidence")
_UNBROKEN = ("article", "", "amount", "status", "date", "sure")
_WIDTHS = {"article": 22, "company": 20}
_NO_BREAK = "\N{NO-BREAK SPACE}"


def events_table(results: Iterable[tuple[str, Result]]) -> RenderableType:
    """Lay out the events of several articles, one to a row.

    Args:
        results: articles by what the reader knows them by: a file's name, mostly.
    """
    return _EventsTable(list(results))


class _EventsTable:
    """A table that fits where it is shown: on a narrow terminal the lesser columns become one."""

    def __init__(self, results: Sequence[tuple[str, Result]]) -> None:
        self._results = results

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        narrow = options.max_width < _WIDE
        headings = _NARROW_COLUMNS if narrow else _COLUMNS
        rows = [_joined(row) if narrow else row for row in self._rows()]
        table = _table()
        shown = [place for place in range(len(headings)) if any(row[place] for row in rows)]
        for place in shown:
            heading = headings[place]
            unbroken = heading in _UNBROKEN
            overflow: OverflowMethod = "ellipsis" if unbroken else "fold"
            table.add_column(heading, no_wrap=unbroken, max_width=_WIDTHS.get(heading), overflow=overflow)
        for row in rows:
            table.add_row(*(row[place] for place in shown))
        yield table

    def _rows(self) -> Iterator[tuple[Text, ...]]:
        for name, result in self._results:
            article = Text(one_line(name), style="dim")
            language = Text(result.article.language, style="dim")
            if not result.events:
                yield article, language, Text("–"), Text("–"), Text(nothing_found(result), style="dim"), *_blank(5)
            for event in result.events:
                yield article, language, *_event_cells(event)
                article = language = Text()


def _blank(cells: int) -> tuple[Text, ...]:
    return tuple(Text() for _ in range(cells))


def _joined(row: tuple[Text, ...]) -> tuple[Text, ...]:
    """Put all cells from the round on into one."""
    return (*row[:_FIRST_LESSER], Text(" · ", style="dim").join(cell for cell in row[_FIRST_LESSER:] if cell))


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True, header_style="bold")


def _event_cells(event: FundingEvent) -> tuple[Text, ...]:
    investors = Text(", ").join(
        Text(one_line(investor.name)).append(" (lead)" if investor.lead else "", style="dim")
        for investor in sorted(event.investors, key=lambda investor: not investor.lead)
    )
    if event.investor_count is not None:
        investors.append(f"{', ' if investors else ''}{event.investor_count:,} in all")
    valuation = Text(f"at {valuation_text(event)}" if event.valuation else "")
    if event.stake is not None:
        valuation.append(f"{' ' if valuation else ''}for {stake_text(event)}")
    return (
        Text(one_line(event.company.name), style="bold"),
        Text(money_text(event.amount).replace(" ", _NO_BREAK) if event.amount else "–", style="green"),
        Text(round_text(event)),
        Text(event.status.value, style=STATUS_STYLES[event.status]),
        investors,
        valuation,
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
