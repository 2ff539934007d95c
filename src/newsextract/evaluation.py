"""Scoring extracted events against annotated articles.

An event is found when its company (by name key, or by one of the event's annotated company spans) and
its amount (value, upper value, currency; or none on both sides) agree. Extracted and annotated events of
an article are paired one to one. Optional annotated events, and what is paired with them, count for
nothing. Everything else is compared over those pairs, slot by slot:

* ``slots``: end to end; the slots of a missed event are missed, those of a spurious one spurious;
* ``slots_of_found``: over found events only.

A slot with nothing to say (an unspecified round, no extension) holds no item; sums are right with their
qualifier only; ``lead`` and ``investors`` hold one item for each name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, computed_field
from rich.table import Table

from newsextract.corpus import AnnotatedDocument, AnnotatedEvent, AnnotatedSum, Part, read_corpus
from newsextract.names import name_key
from newsextract.records import FundingEvent, Money, Result, Round

SLOTS = (
    "status",
    "round",
    "extension",
    "amount",
    "valuation",
    "valuation_basis",
    "total",
    "prior_total",
    "contribution",
    "stake",
    "investor_count",
    "date",
    "lead",
    "investors",
)
CONFIDENT = 0.9
_BINS = 10

Item = str | int | bool | Decimal | AnnotatedSum
Slots = Mapping[str, frozenset[Item]]
Size = tuple[Decimal, Decimal | None, str] | None


class _Figure(BaseModel):
    model_config = ConfigDict(frozen=True)


class Score(_Figure):
    """Counts of items, and the precision, recall and F1 that follow; null where nothing was counted."""

    correct: int = 0
    predicted: int = 0
    expected: int = 0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def precision(self) -> float | None:
        """The share of what was predicted that is correct."""
        return _ratio(self.correct, self.predicted)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def recall(self) -> float | None:
        """The share of what was expected that is correct."""
        return _ratio(self.correct, self.expected)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return _ratio(2 * self.correct, self.predicted + self.expected)

    def __add__(self, other: Score) -> Score:
        return Score(
            correct=self.correct + other.correct,
            predicted=self.predicted + other.predicted,
            expected=self.expected + other.expected,
        )


class Share(_Figure):
    """A count out of a number; the share is null where that number is 0."""

    count: int = 0
    of: int = 0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def share(self) -> float | None:
        """The count divided by the number."""
        return _ratio(self.count, self.of)


class ConfidenceBin(_Figure):
    """Events whose confidence lies in ``[lower, upper)``; the last bin includes 1."""

    lower: float
    upper: float
    events: int
    correct: int
    mean_confidence: float | None


class Calibration(_Figure):
    """Whether the confidence of events means what it says.

    ``confident_right`` is the share of right events among those above 0.9, ``confident`` the share of
    events above 0.9, ``expected_error`` the mean distance between confidence and precision over ten bins.
    """

    confident_right: Share
    confident: Share
    expected_error: float | None
    bins: tuple[ConfidenceBin, ...]


class Figures(_Figure):
    """All figures over one group of articles."""

    articles: int
    events: Score
    amounts: Score
    companies: Score
    slots: dict[str, Score]
    all_slots: Score
    slots_of_found: dict[str, Score]
    all_slots_of_found: Score
    investor_roles: Share
    exact_records: Share
    false_alarms: Share
    calibration: Calibration


class Macro(_Figure):
    """Unweighted means over languages; a language where a figure is null is left out of its mean."""

    event_precision: float | None
    event_recall: float | None
    event_f1: float | None
    slot_f1: float | None
    slot_f1_of_found: float | None
    exact_records: float | None
    false_alarms: float | None


class Report(_Figure):
    """The outcome of an evaluation: over all articles, by language, and macro over languages."""

    overall: Figures
    macro: Macro
    languages: dict[str, Figures]


class ArticleExtractor(Protocol):
    """What is evaluated: anything that turns an article into a result."""

    def extract(
        self,
        text: str,
        *,
        title: str | None = None,
        published: str | None = None,
        language: str | None = None,
    ) -> Result:
        """Extract the events of one article."""
        ...


@dataclass(frozen=True)
class Alignment:
    """Which extracted event stands for which annotated one, in one article.

    ``found`` and ``optional`` pair keys of annotated events with extracted events; ``missed`` are keys
    of annotated events that had to be found.
    """

    found: tuple[tuple[str, FundingEvent], ...]
    optional: tuple[tuple[str, FundingEvent], ...]
    missed: tuple[str, ...]
    spurious: tuple[FundingEvent, ...]


def _ratio(count: int, of: int) -> float | None:
    return count / of if of else None


def _sum(money: Money | None) -> AnnotatedSum | None:
    if money is None:
        return None
    return AnnotatedSum(money.value, money.upper, money.currency, money.qualifier)


def _size(money: Money | AnnotatedSum | None) -> Size:
    return None if money is None else (money.value, money.upper, money.currency)


def _items(value: Item | None) -> frozenset[Item]:
    return frozenset() if value is None or value is False else frozenset((value,))


def _names(names: Iterable[str]) -> frozenset[Item]:
    return frozenset(name_key(name) for name in names)


def expected_slots(event: AnnotatedEvent) -> Slots:
    """Return the items of an annotated event, slot by slot."""
    return {
        "status": _items(event.status),
        "round": _items(None if event.round == Round.UNSPECIFIED else event.round),
        "extension": _items(event.extension),
        "amount": _items(event.amount),
        "valuation": _items(event.valuation),
        "valuation_basis": _items(event.valuation_basis),
        "total": _items(event.total),
        "prior_total": _items(event.prior_total),
        "contribution": _items(event.contribution),
        "stake": _items(event.stake),
        "investor_count": _items(event.investor_count),
        "date": _items(event.date),
        "lead": _names(event.lead),
        "investors": _names(event.investors),
    }


def predicted_slots(event: FundingEvent) -> Slots:
    """Return the items of an extracted event, slot by slot.

    Of several contributions the lead's counts, else the first, as in annotated records.
    """
    leads = {name_key(investor.name) for investor in event.investors if investor.lead}
    contribution = next(
        (one for one in event.contributions if one.investor is not None and name_key(one.investor) in leads),
        event.contributions[0] if event.contributions else None,
    )
    return {
        "status": _items(event.status.value),
        "round": _items(None if event.round is Round.UNSPECIFIED else event.round.value),
        "extension": _items(event.extension),
        "amount": _items(_sum(event.amount)),
        "valuation": _items(_sum(event.valuation)),
        "valuation_basis": _items(event.valuation_basis),
        "total": _items(_sum(event.total_raised)),
        "prior_total": _items(_sum(event.raised_before)),
        "contribution": _items(_sum(contribution)),
        "stake": _items(event.stake),
        "investor_count": _items(event.investor_count),
        "date": _items(event.date),
        "lead": _names(investor.name for investor in event.investors if investor.lead),
        "investors": _names(investor.name for investor in event.investors if not investor.lead),
    }


def _company_keys(key: str, event: AnnotatedEvent, document: AnnotatedDocument) -> frozenset[str]:
    """Return the keys of all names by which the article calls an event's company."""
    return frozenset((name_key(event.company), *(name_key(span.text) for span in document.spans_of(key, "company"))))


def _agreement(expected: Slots, predicted: Slots) -> int:
    return sum(len(expected[slot] & predicted[slot]) for slot in SLOTS)


def align(document: AnnotatedDocument, result: Result) -> Alignment:
    """Pair the events of an article with the extracted ones: as many as possible, similar ones first.

    Events that had to be found are served before optional ones.
    """
    predicted = [(event, predicted_slots(event)) for event in result.events]
    candidates: dict[str, list[int]] = {}
    for key, event in document.events.items():
        companies, slots = _company_keys(key, event, document), expected_slots(event)
        matching = [
            (-_agreement(slots, found_slots), index)
            for index, (found, found_slots) in enumerate(predicted)
            if name_key(found.company.name) in companies and _size(found.amount) == _size(event.amount)
        ]
        candidates[key] = [index for _, index in sorted(matching)]
    taken: dict[int, str] = {}
    for optional in (False, True):
        for key, event in document.events.items():
            if event.optional is optional:
                _assign(key, candidates, taken, set())
    of_key = {key: predicted[index][0] for index, key in taken.items()}
    pairs = [(key, of_key[key]) for key in document.events if key in of_key]
    return Alignment(
        found=tuple(pair for pair in pairs if not document.events[pair[0]].optional),
        optional=tuple(pair for pair in pairs if document.events[pair[0]].optional),
        missed=tuple(key for key, event in document.events.items() if not event.optional and key not in of_key),
        spurious=tuple(event for index, (event, _) in enumerate(predicted) if index not in taken),
    )


def _assign(key: str, candidates: Mapping[str, Sequence[int]], taken: dict[int, str], visited: set[int]) -> bool:
    """Give an annotated event one of its candidates, moving others to their alternatives if need be."""
    for index in candidates[key]:
        if index in visited:
            continue
        visited.add(index)
        if index not in taken or _assign(taken[index], candidates, taken, visited):
            taken[index] = key
            return True
    return False


@dataclass
class _Tally:
    """Running counts over the articles of one group."""

    articles: int = 0
    events: Score = field(default_factory=Score)
    amounts: Score = field(default_factory=Score)
    companies: Score = field(default_factory=Score)
    slots: dict[str, Score] = field(default_factory=lambda: dict.fromkeys(SLOTS, Score()))
    slots_of_found: dict[str, Score] = field(default_factory=lambda: dict.fromkeys(SLOTS, Score()))
    roles: Counter[bool] = field(default_factory=Counter)
    exact: int = 0
    quiet_articles: int = 0
    alarms: int = 0
    confidences: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, document: AnnotatedDocument, result: Result) -> None:
        """Count one article."""
        alignment = align(document, result)
        self.articles += 1
        if not document.events:
            self.quiet_articles += 1
            self.alarms += bool(result.events)
        found, missed, spurious = map(len, (alignment.found, alignment.missed, alignment.spurious))
        self.events += Score(correct=found, predicted=found + spurious, expected=found + missed)
        self.amounts += _score_amounts(document, result)
        self.companies += _score_companies(document, result)
        for key, event in alignment.found:
            expected, predicted = expected_slots(document.events[key]), predicted_slots(event)
            self._add_slots(expected, predicted)
            self._add_roles(expected, predicted)
            self.exact += expected == predicted
            self.confidences.append((event.confidence, True))
        for key in alignment.missed:
            for slot, items in expected_slots(document.events[key]).items():
                self.slots[slot] += Score(expected=len(items))
        for event in alignment.spurious:
            for slot, items in predicted_slots(event).items():
                self.slots[slot] += Score(predicted=len(items))
            self.confidences.append((event.confidence, False))

    def _add_slots(self, expected: Slots, predicted: Slots) -> None:
        for slot in SLOTS:
            score = Score(
                correct=len(expected[slot] & predicted[slot]),
                predicted=len(predicted[slot]),
                expected=len(expected[slot]),
            )
            self.slots[slot] += score
            self.slots_of_found[slot] += score

    def _add_roles(self, expected: Slots, predicted: Slots) -> None:
        """Count the names that are investors on both sides, by whether the lead is the same."""
        shared = (expected["lead"] | expected["investors"]) & (predicted["lead"] | predicted["investors"])
        self.roles.update((name in expected["lead"]) == (name in predicted["lead"]) for name in shared)

    def figures(self) -> Figures:
        """Close the counts."""
        return Figures(
            articles=self.articles,
            events=self.events,
            amounts=self.amounts,
            companies=self.companies,
            slots=dict(self.slots),
            all_slots=sum(self.slots.values(), Score()),
            slots_of_found=dict(self.slots_of_found),
            all_slots_of_found=sum(self.slots_of_found.values(), Score()),
            investor_roles=Share(count=self.roles[True], of=self.roles.total()),
            exact_records=Share(count=self.exact, of=self.events.expected),
            false_alarms=Share(count=self.alarms, of=self.quiet_articles),
            calibration=_calibrate(self.confidences),
        )


def _score_amounts(document: AnnotatedDocument, result: Result) -> Score:
    """Score the amounts of events, whosever they are."""
    expected = Counter(_size(event.amount) for event in document.events.values() if not event.optional)
    optional = Counter(_size(event.amount) for event in document.events.values() if event.optional)
    predicted = Counter(_size(event.amount) for event in result.events)
    for counter in (expected, optional, predicted):
        counter.pop(None, None)
    correct = (expected & predicted).total()
    free = ((predicted - expected) & optional).total()
    return Score(correct=correct, predicted=predicted.total() - free, expected=expected.total())


def _score_companies(document: AnnotatedDocument, result: Result) -> Score:
    """Score the distinct companies of an article, whatever they raise."""
    aliases: dict[str, set[str]] = {}
    required: set[str] = set()
    for key, event in document.events.items():
        company = name_key(event.company)
        aliases.setdefault(company, set()).update(_company_keys(key, event, document))
        if not event.optional:
            required.add(company)
    predicted = {name_key(event.company.name) for event in result.events}
    found = {company for company, names in aliases.items() if names & predicted}
    unknown = predicted.difference(*aliases.values()) if aliases else predicted
    correct = len(found & required)
    return Score(correct=correct, predicted=correct + len(unknown), expected=len(required))


def _calibrate(confidences: Sequence[tuple[float, bool]]) -> Calibration:
    members: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, correct in confidences:
        members[min(int(confidence * _BINS), _BINS - 1)].append((confidence, correct))
    bins: list[ConfidenceBin] = []
    distance = 0.0
    for number, group in enumerate(members):
        total = sum(confidence for confidence, _ in group)
        right = sum(correct for _, correct in group)
        distance += abs(total - right)
        bins.append(
            ConfidenceBin(
                lower=number / _BINS,
                upper=(number + 1) / _BINS,
                events=len(group),
                correct=right,
                mean_confidence=total / len(group) if group else None,
            )
        )
    confident = [right for confidence, right in confidences if confidence > CONFIDENT]
    return Calibration(
        confident_right=Share(count=sum(confident), of=len(confident)),
        confident=Share(count=len(confident), of=len(confidences)),
        expected_error=distance / len(confidences) if confidences else None,
        bins=tuple(bins),
    )


def score(pairs: Iterable[tuple[AnnotatedDocument, Result]]) -> Report:
    """Score results against their annotated articles."""
    overall = _Tally()
    languages: dict[str, _Tally] = {}
    for document, result in pairs:
        overall.add(document, result)
        languages.setdefault(document.language, _Tally()).add(document, result)
    by_language = {language: languages[language].figures() for language in sorted(languages)}
    return Report(overall=overall.figures(), macro=_macro(list(by_language.values())), languages=by_language)


def _macro(groups: Sequence[Figures]) -> Macro:
    def mean(figure: Callable[[Figures], float | None]) -> float | None:
        values = [value for group in groups if (value := figure(group)) is not None]
        return sum(values) / len(values) if values else None

    return Macro(
        event_precision=mean(lambda group: group.events.precision),
        event_recall=mean(lambda group: group.events.recall),
        event_f1=mean(lambda group: group.events.f1),
        slot_f1=mean(lambda group: group.all_slots.f1),
        slot_f1_of_found=mean(lambda group: group.all_slots_of_found.f1),
        exact_records=mean(lambda group: group.exact_records.share),
        false_alarms=mean(lambda group: group.false_alarms.share),
    )


def evaluate_corpus(
    paths: Iterable[Path],
    extractor_factory: Callable[[], ArticleExtractor],
    part: Part | Literal["all"] = "all",
    languages: Iterable[str] | None = None,
    watch: Callable[[int, int], None] | None = None,
) -> Report:
    """Extract from annotated articles and score the outcome.

    The extractor is given text, title and day of publication, and detects the language itself. ``part``
    restricts the articles to the part for tuning or the one held out, ``languages`` to some languages.
    ``watch`` is called after each article with the number done and the number of all.

    Raises:
        CorpusError: a file cannot be read or breaks the form of annotated articles.
    """
    wanted = None if languages is None else frozenset(languages)
    documents = [
        document
        for document in read_corpus(paths)
        if part in ("all", document.part) and (wanted is None or document.language in wanted)
    ]
    extractor = extractor_factory()

    def pairs() -> Iterable[tuple[AnnotatedDocument, Result]]:
        for done, document in enumerate(documents, start=1):
            published = document.published.isoformat() if document.published else None
            yield document, extractor.extract(document.text, title=document.title, published=published)
            if watch is not None:
                watch(done, len(documents))

    return score(pairs())


def report_table(report: Report, by: Literal["language", "slot"] = "language") -> Table:
    """Lay a report out as a table: a row for each language, or for each slot."""
    return _slot_table(report) if by == "slot" else _language_table(report)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _language_table(report: Report) -> Table:
    table = Table(title="Events by language")
    table.add_column("language")
    sizes, events, slots = ("articles", "events"), ("P", "R", "F1"), ("slot F1", "of found", "exact")
    for heading in (*sizes, *events, *slots, "false alarms", "amounts", "companies", "right > 0.9"):
        table.add_column(heading, justify="right")
    for name, figures in report.languages.items():
        table.add_row(name, *_figure_cells(figures))
    table.add_section()
    macro = report.macro
    means = (
        macro.event_precision,
        macro.event_recall,
        macro.event_f1,
        macro.slot_f1,
        macro.slot_f1_of_found,
        macro.exact_records,
        macro.false_alarms,
    )
    table.add_row("macro", "", "", *map(_number, means), style="bold")
    table.add_row("all", *_figure_cells(report.overall), style="bold")
    return table


def _figure_cells(figures: Figures) -> tuple[str, ...]:
    values = (
        figures.events.precision,
        figures.events.recall,
        figures.events.f1,
        figures.all_slots.f1,
        figures.all_slots_of_found.f1,
        figures.exact_records.share,
        figures.false_alarms.share,
        figures.amounts.f1,
        figures.companies.f1,
        figures.calibration.confident_right.share,
    )
    return (str(figures.articles), str(figures.events.expected), *map(_number, values))


def _slot_table(report: Report) -> Table:
    table = Table(title="Slots over all articles")
    table.add_column("slot")
    for heading in ("expected", "predicted", "P", "R", "F1", "P of found", "R of found", "F1 of found"):
        table.add_column(heading, justify="right")
    overall = report.overall
    for slot in SLOTS:
        table.add_row(slot, *_slot_cells(overall.slots[slot], overall.slots_of_found[slot]))
    table.add_section()
    table.add_row("all", *_slot_cells(overall.all_slots, overall.all_slots_of_found), style="bold")
    return table


def _slot_cells(all_events: Score, of_found: Score) -> tuple[str, ...]:
    values = (
        all_events.precision,
        all_events.recall,
        all_events.f1,
        of_found.precision,
        of_found.recall,
        of_found.f1,
    )
    return (str(all_events.expected), str(all_events.predicted), *map(_number, values))
