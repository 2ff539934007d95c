"""Scoring: what counts as found, slot by slot, and how the figures add up."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from newsextract.corpus import (
    AnnotatedDocument,
    AnnotatedEvent,
    AnnotatedSum,
    parse_markup,
    parse_sum,
    read_corpus,
)
from newsextract.evaluation import Report, align, evaluate_corpus, report_table, score
from newsextract.records import (
    ArticleInfo,
    Company,
    Contribution,
    FundingEvent,
    Investor,
    Money,
    Result,
    Round,
    Status,
)

NAMED_SUMS = st.lists(st.tuples(st.sampled_from(["Lumio", "Borea"]), st.sampled_from(["5 EUR", "7 EUR"])), max_size=6)
CORPUS = Path(__file__).parents[1] / "corpus"


def money(written: str | AnnotatedSum) -> Money:
    amount = parse_sum(written) if isinstance(written, str) else written
    return Money(
        start=0,
        end=1,
        text="x",
        value=amount.value,
        upper=amount.upper,
        currency=amount.currency,
        qualifier=amount.qualifier,
    )


def expected(company: str = "Lumio", **values: Any) -> AnnotatedEvent:
    sums = ("amount", "valuation", "total", "prior_total", "contribution")
    read = {name: parse_sum(value) if name in sums else value for name, value in values.items()}
    return AnnotatedEvent(company=company, **{"status": "closed", "round": "unspecified"} | read)


def predicted(company: str = "Lumio", amount: str | None = None, **values: Any) -> FundingEvent:
    given_values: dict[str, Any] = {
        "status": Status.CLOSED,
        "round": Round.UNSPECIFIED,
        "confidence": 0.5,
        "evidence": (),
    }
    return FundingEvent(
        id="x",
        company=Company(name=company, mentions=()),
        amount=None if amount is None else money(amount),
        **given_values | values,
    )


def party(name: str, *, lead: bool = False) -> Investor:
    return Investor(name=name, lead=lead, mentions=())


def article(*events: AnnotatedEvent, marked: str = "", language: str = "fr") -> AnnotatedDocument:
    text, spans = parse_markup(marked)
    return AnnotatedDocument(
        id="a",
        language=language,
        published=None,
        source=None,
        title=None,
        text=text,
        spans=spans,
        events={f"e{number}": event for number, event in enumerate(events, start=1)},
    )


def result(*events: FundingEvent) -> Result:
    return Result(article=ArticleInfo(id="a", language="fr", language_confidence=1), events=events)


def score_one(document: AnnotatedDocument, *events: FundingEvent) -> Report:
    return score([(document, result(*events))])


def perfect(document: AnnotatedDocument) -> Result:
    """Say exactly what the annotation says."""
    events = []
    for key, event in document.events.items():
        contribution = event.contribution and Contribution(**dict(money(event.contribution)))
        events.append(
            FundingEvent(
                id=key,
                company=Company(name=event.company, mentions=()),
                status=Status(event.status),
                round=Round(event.round),
                extension=event.extension,
                amount=event.amount and money(event.amount),
                valuation=event.valuation and money(event.valuation),
                valuation_basis=event.valuation_basis,  # type: ignore[arg-type]
                total_raised=event.total and money(event.total),
                raised_before=event.prior_total and money(event.prior_total),
                contributions=(contribution,) if contribution else (),
                stake=event.stake,
                investor_count=event.investor_count,
                investors=(
                    *(party(name, lead=True) for name in event.lead),
                    *(party(name) for name in event.investors),
                ),
                date=event.date,
                confidence=1,
                evidence=(),
            )
        )
    return result(*events)


class TestWhatIsFound:
    def test_company_and_amount_decide_and_nothing_else(self) -> None:
        report = score_one(
            article(expected(amount="5 EUR", round="seed", lead=("Alba",))),
            predicted(amount="5 EUR", round=Round.SERIES_A, status=Status.PLANNED),
        )
        assert (report.overall.events.precision, report.overall.events.recall) == (1, 1)

    @pytest.mark.parametrize("name", ["LUMIO", "Lumio SAS", "Lumio S.A.S.", "«Lumio»"])
    def test_a_company_is_compared_by_its_key(self, name: str) -> None:
        assert score_one(article(expected(amount="5 EUR")), predicted(name, "5 EUR")).overall.events.f1 == 1

    def test_a_name_that_the_article_uses_for_the_company_counts(self) -> None:
        document = article(expected("Lumio Énergie", amount="5 EUR"), marked="{company:e1|Lumio} ; {org|Borea}")
        assert score_one(document, predicted("Lumio", "5 EUR")).overall.events.f1 == 1
        assert score_one(document, predicted("Borea", "5 EUR")).overall.events.f1 == 0

    @pytest.mark.parametrize("amount", ["6 EUR", "5 USD", "5-6 EUR", None])
    def test_another_amount_or_none_is_another_event(self, amount: str | None) -> None:
        figures = score_one(article(expected(amount="5 EUR")), predicted(amount=amount)).overall
        assert (figures.events.correct, figures.events.predicted, figures.events.expected) == (0, 1, 1)

    def test_the_qualifier_does_not_decide_but_is_part_of_the_amount_slot(self) -> None:
        figures = score_one(article(expected(amount=">5 EUR")), predicted(amount="5 EUR")).overall
        assert figures.events.f1 == 1
        assert figures.slots["amount"].f1 == 0
        assert figures.exact_records.share == 0

    def test_events_without_an_amount_match_each_other(self) -> None:
        assert score_one(article(expected(round="seed")), predicted()).overall.events.f1 == 1

    def test_the_same_event_twice_is_once_spurious(self) -> None:
        figures = score_one(
            article(expected(amount="5 EUR")), predicted(amount="5 EUR"), predicted(amount="5 EUR")
        ).overall
        assert (figures.events.precision, figures.events.recall) == (0.5, 1)

    def test_of_two_equal_events_those_that_agree_most_are_paired(self) -> None:
        document = article(expected(amount="5 EUR", date="2021"), expected(amount="5 EUR", date="2023"))
        later, earlier = predicted(amount="5 EUR", date="2023"), predicted(amount="5 EUR", date="2021")
        assert align(document, result(later, earlier)).found == (("e1", earlier), ("e2", later))

    def test_as_many_as_possible_are_paired(self) -> None:
        """An event with one candidate gets it, though another would have agreed with it more."""
        document = article(
            expected("Alpha", amount="5 EUR", date="2021"),
            expected("Beta", amount="5 EUR"),
            marked="{company:e1|Gamma} {company:e1|Beta} {company:e2|Beta}",
        )
        beta, gamma = predicted("Beta", "5 EUR", date="2021"), predicted("Gamma", "5 EUR")
        assert align(document, result(beta, gamma)).found == (("e1", gamma), ("e2", beta))

    def test_an_optional_event_costs_nothing_missed_or_found(self) -> None:
        document = article(expected(amount="5 EUR"), expected(amount="7 EUR", date="2020", optional=True))
        for events in (
            (predicted(amount="5 EUR"),),
            (predicted(amount="5 EUR"), predicted(amount="7 EUR", round=Round.SEED)),
        ):
            figures = score_one(document, *events).overall
            assert (figures.events.predicted, figures.events.expected, figures.events.f1) == (1, 1, 1)
            assert (figures.companies.f1, figures.amounts.f1, figures.all_slots.f1) == (1, 1, 1)
            assert figures.calibration.confident.of == 1

    def test_an_event_that_must_be_found_is_served_before_an_optional_one(self) -> None:
        document = article(expected(amount="5 EUR", optional=True), expected(amount="5 EUR"))
        alignment = align(document, result(predicted(amount="5 EUR")))
        assert [key for key, _ in alignment.found] == ["e2"]
        assert alignment.missed == alignment.spurious == alignment.optional == ()


class TestSlots:
    @pytest.mark.parametrize(
        ("slot", "gold", "event"),
        [
            ("status", {"status": "rumored"}, {"status": Status.RUMORED}),
            ("round", {"round": "series_b"}, {"round": Round.SERIES_B}),
            ("extension", {"extension": True}, {"extension": True}),
            ("valuation", {"valuation": ">9 EUR"}, {"valuation": money(">9 EUR")}),
            ("valuation_basis", {"valuation_basis": "pre"}, {"valuation_basis": "pre"}),
            ("total", {"total": "9.0 EUR"}, {"total_raised": money("9 EUR")}),
            ("prior_total", {"prior_total": "4 EUR"}, {"raised_before": money("4 EUR")}),
            ("stake", {"stake": Decimal("10.0")}, {"stake": Decimal(10)}),
            ("investor_count", {"investor_count": 97}, {"investor_count": 97}),
            ("date", {"date": "2024-05"}, {"date": "2024-05"}),
            ("lead", {"lead": ("Alba SA",)}, {"investors": (party("ALBA", lead=True),)}),
            ("investors", {"investors": ("Alba",)}, {"investors": (party("Alba"),)}),
        ],
    )
    def test_each_slot_right_missed_and_spurious(self, slot: str, gold: dict[str, Any], event: dict[str, Any]) -> None:
        full, plain = expected(amount="5 EUR", **gold), expected(amount="5 EUR")
        right = score_one(article(full), predicted(amount="5 EUR", **event)).overall
        missed = score_one(article(full), predicted(amount="5 EUR")).overall
        spurious = score_one(article(plain), predicted(amount="5 EUR", **event)).overall
        assert right.slots[slot].f1 == 1
        assert right.exact_records.share == 1
        for wrong in (missed, spurious):
            assert wrong.slots[slot].correct == 0
            assert wrong.slots[slot].predicted + wrong.slots[slot].expected >= 1
            assert wrong.exact_records.share == 0

    def test_the_leads_contribution_counts_else_the_first(self) -> None:
        first = Contribution(**dict(money("2 EUR")), investor="Borea")
        leads = Contribution(**dict(money("3 EUR")), investor="Alba")
        document = article(expected(amount="5 EUR", contribution="3 EUR", lead=("Alba",)))
        for lead, f1 in ((True, 1), (False, 0)):
            event = predicted(amount="5 EUR", contributions=(first, leads), investors=(party("Alba", lead=lead),))
            assert score_one(document, event).overall.slots["contribution"].f1 == f1

    def test_slots_of_missed_and_spurious_events_count_end_to_end_but_not_over_found_ones(self) -> None:
        figures = score_one(
            article(expected(amount="5 EUR", date="2021"), expected(amount="7 EUR", date="2022")),
            predicted(amount="5 EUR", date="2021"),
            predicted(amount="8 EUR", date="2022"),
        ).overall
        assert figures.slots["date"].f1 == 0.5
        assert figures.slots_of_found["date"].f1 == 1
        assert figures.all_slots.f1 == 0.5
        assert figures.all_slots_of_found.f1 == 1

    def test_nothing_to_say_is_no_item(self) -> None:
        figures = score_one(article(expected(amount="5 EUR")), predicted(amount="5 EUR")).overall
        assert figures.slots["round"].f1 is None
        assert figures.all_slots.expected == 2  # status and amount

    def test_who_leads_is_scored_over_investors_known_to_both(self) -> None:
        document = article(expected(amount="5 EUR", lead=("Alba",), investors=("Borea", "Cirrus")))
        event = predicted(
            amount="5 EUR",
            investors=(party("Alba"), party("Borea"), party("Dune", lead=True)),
        )
        roles = score_one(document, event).overall.investor_roles
        assert (roles.count, roles.of) == (1, 2)


class TestFigures:
    def test_false_alarms_are_counted_over_articles_without_events(self) -> None:
        report = score(
            [
                (article(), result(predicted(amount="5 EUR"))),
                (article(), result()),
                (article(expected(amount="5 EUR")), result(predicted(amount="6 EUR"))),
                (article(expected(amount="5 EUR", optional=True)), result(predicted(amount="6 EUR"))),
            ]
        )
        assert (report.overall.false_alarms.count, report.overall.false_alarms.of) == (1, 2)

    def test_amounts_and_companies_show_what_failed(self) -> None:
        document = article(expected("Lumio", amount="5 EUR"), expected("Borea", amount="7 EUR"))
        figures = score_one(document, predicted("Lumio", "7 EUR"), predicted("Alba", "5 EUR")).overall
        assert figures.events.f1 == 0
        assert figures.amounts.f1 == 1
        assert (figures.companies.precision, figures.companies.recall) == (0.5, 0.5)

    def test_macro_is_the_mean_over_languages_and_all_articles_count_alike_overall(self) -> None:
        hit = (article(expected(amount="5 EUR"), language="fr"), result(predicted(amount="5 EUR")))
        miss = (article(expected(amount="5 EUR"), language="ja"), result())
        report = score([hit, hit, hit, miss])
        assert list(report.languages) == ["fr", "ja"]
        assert report.macro.event_recall == 0.5
        assert report.overall.events.recall == 0.75
        assert report.macro.event_precision == 1  # nothing is said of ja, where nothing was predicted
        assert report.macro.false_alarms is None

    def test_calibration(self) -> None:
        document = article(*(expected(f"Right {number}", amount="5 EUR") for number in range(3)))
        events = [predicted(f"Right {number}", "5 EUR", confidence=0.95) for number in range(3)]
        calibration = score_one(document, *events, predicted("Wrong", confidence=0.95)).overall.calibration
        assert (calibration.confident_right.count, calibration.confident_right.of) == (3, 4)
        assert calibration.confident.share == 1
        assert calibration.expected_error == pytest.approx(0.2)
        assert [one.events for one in calibration.bins] == [0] * 9 + [4]

    @pytest.mark.parametrize("confidence", [0.9, 0.0])
    def test_confident_means_above_nine_tenths(self, confidence: float) -> None:
        report = score_one(article(expected()), predicted(confidence=confidence))
        assert report.overall.calibration.confident.count == 0

    def test_a_report_of_nothing_has_no_ratios(self) -> None:
        report = score([])
        assert report.overall.events.f1 is None
        assert report.macro.event_f1 is None
        assert report.overall.calibration.expected_error is None

    @given(NAMED_SUMS, NAMED_SUMS)
    def test_pairs_are_the_overlap_of_both_sides(
        self, gold: list[tuple[str, str]], found: list[tuple[str, str]]
    ) -> None:
        document = article(*(expected(name, amount=amount) for name, amount in gold))
        events = score_one(document, *(predicted(name, amount) for name, amount in found)).overall.events
        assert events.correct == sum(min(gold.count(pair), found.count(pair)) for pair in set(gold))
        assert (events.predicted, events.expected) == (len(found), len(gold))


class TestReport:
    def test_what_the_annotation_says_scores_full_marks(self) -> None:
        documents = read_corpus([CORPUS / "fr.yaml", CORPUS / "ja.yaml"])
        report = score((document, perfect(document)) for document in documents)
        for figures in (report.overall, *report.languages.values()):
            assert figures.events.f1 == figures.all_slots.f1 == figures.exact_records.share == 1
            assert figures.companies.f1 == figures.amounts.f1 == figures.investor_roles.share == 1
            assert figures.false_alarms.share == 0

    def test_it_goes_to_json_with_its_ratios(self) -> None:
        report = score_one(article(expected(amount="5 EUR")), predicted(amount="5 EUR"))
        data = json.loads(report.model_dump_json())
        assert data["overall"]["events"] == {
            "correct": 1,
            "predicted": 1,
            "expected": 1,
            "precision": 1.0,
            "recall": 1.0,
            "f1": 1.0,
        }
        assert data["languages"]["fr"]["slots"]["lead"]["f1"] is None

    @pytest.mark.parametrize(("by", "rows"), [("language", ["fr", "macro", "all"]), ("slot", ["lead", "date"])])
    def test_it_prints_as_a_table(self, by: Any, rows: list[str]) -> None:
        console = Console(file=io.StringIO(), width=200)
        console.print(report_table(score_one(article(expected(amount="5 EUR"))), by=by))
        printed = console.file.getvalue()  # type: ignore[attr-defined]
        lines = [line.split() for line in printed.splitlines()]
        for row in rows:
            assert any(row in line[:2] for line in lines), printed


class Recorder:
    """An extractor that finds nothing and remembers what it was given."""

    def __init__(self) -> None:
        self.calls: list[tuple[str | None, str | None, str | None]] = []

    def extract(
        self,
        text: str,
        *,
        title: str | None = None,
        published: str | None = None,
        language: str | None = None,
    ) -> Result:
        self.calls.append((title, published, language))
        return result()


@pytest.fixture
def evaluate() -> Callable[..., tuple[Report, Recorder]]:
    def run(**options: Any) -> tuple[Report, Recorder]:
        recorder = Recorder()
        report = evaluate_corpus([CORPUS / "fi.yaml", CORPUS / "uk.yaml"], lambda: recorder, **options)
        return report, recorder

    return run


class TestEvaluateCorpus:
    def test_parts_add_up_to_all(self, evaluate: Callable[..., tuple[Report, Recorder]]) -> None:
        sizes = {part: evaluate(part=part)[0].overall.articles for part in ("all", "tuning", "held-out")}
        assert sizes["tuning"] > sizes["held-out"] > 0
        assert sizes["tuning"] + sizes["held-out"] == sizes["all"]

    def test_languages_restrict_the_articles(self, evaluate: Callable[..., tuple[Report, Recorder]]) -> None:
        assert list(evaluate(languages=["uk"])[0].languages) == ["uk"]

    def test_the_extractor_detects_the_language_itself(self, evaluate: Callable[..., tuple[Report, Recorder]]) -> None:
        report, recorder = evaluate()
        assert len(recorder.calls) == report.overall.articles
        assert {language for _, _, language in recorder.calls} == {None}
        assert all(published is None or len(published) == 10 for _, published, _ in recorder.calls)

    def test_progress_is_told(self, evaluate: Callable[..., tuple[Report, Recorder]]) -> None:
        seen: list[tuple[int, int]] = []
        report, _ = evaluate(languages=["uk"], watch=lambda done, of: seen.append((done, of)))
        number = report.overall.articles
        assert seen == [(done, number) for done in range(1, number + 1)]
