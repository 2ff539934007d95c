"""The reader of annotated articles, the check of the standard, and the corpus itself."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsextract.corpus import (
    AnnotatedDocument,
    AnnotatedSpan,
    AnnotatedSum,
    check,
    iter_documents,
    parse_markup,
    parse_sum,
    part_of,
    read_corpus,
    write_markup,
)
from newsextract.errors import CorpusError
from newsextract.records import Qualifier

LANGUAGES = (
    *("ar", "cs", "da", "de", "en", "es", "fi", "fr", "hi", "id", "it", "ja"),
    *("ko", "nl", "no", "pl", "pt", "ru", "sv", "tr", "uk", "vi", "zh"),
)
CORPUS = Path(__file__).parents[1] / "corpus"

ARTICLE = """\
id: fr-1
lang: fr
published: 2024-12-27
source: written
title: "Lumio lève 6 millions"
text: |
  {company:e1,e2|Lumio}, la start-up d'{person|Ana Prat}, a levé {amount:e1|6 millions d'euros}
  auprès de {lead:e1|Alba}. Un premier tour de {amount:e2|2 millions} date de {date:e2|2021}.
events:
  e1: {company: Lumio, status: closed, round: unspecified, amount: "6000000 EUR", lead: [Alba]}
  e2: {company: Lumio, status: closed, round: unspecified, amount: "~2000000 EUR", date: 2021}
"""


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "articles.yaml"
    path.write_text(textwrap.dedent(content), encoding="utf-8")
    return path


def read_one(tmp_path: Path, content: str = ARTICLE) -> AnnotatedDocument:
    (document,) = iter_documents(written(tmp_path, content))
    return document


class TestMarkup:
    def test_spans_carry_offsets_into_the_plain_text(self) -> None:
        text, spans = parse_markup("{company:e1,e2|xAI} a levé {money|6 €}.")
        assert text == "xAI a levé 6 €."
        assert spans == (
            AnnotatedSpan(0, 3, "company", ("e1", "e2"), "xAI"),
            AnnotatedSpan(11, 14, "money", (), "6 €"),
        )

    def test_escaped_braces_and_bars_are_text_inside_spans_and_out(self) -> None:
        text, spans = parse_markup(r"a \{b\} \| {org|c\|d} \x")
        assert text == r"a {b} | c|d \x"
        assert [span.text for span in spans] == ["c|d"]

    @pytest.mark.parametrize(
        ("marked", "complaint"),
        [
            ("{company:e1|xAI", "unclosed"),
            ("{company:e1|x{org|AI}}", "span within a span"),
            ("a } b", "bare '}'"),
            ("a | b", "bare '|'"),
            ("{org|}", "empty span"),
            ("{org}", "opens no span"),
            ("{Org X|a}", "opens no span"),
            ("{ org|a}", "opens no span"),
        ],
    )
    def test_broken_markup_is_refused_and_says_why(self, marked: str, complaint: str) -> None:
        with pytest.raises(CorpusError, match=complaint.replace("|", r"\|")):
            parse_markup(marked)

    @given(st.data())
    def test_what_is_written_reads_back_the_same(self, data: st.DataObject) -> None:
        # A backslash right before a border is the one thing the markup cannot say.
        text = data.draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\")))
        borders = data.draw(st.lists(st.integers(0, len(text)), unique=True, max_size=8).map(sorted))
        spans = tuple(
            AnnotatedSpan(
                start,
                end,
                data.draw(st.sampled_from(["org", "company", "prior_total"])),
                tuple(data.draw(st.lists(st.sampled_from(["e1", "e2", "e10"]), unique=True))),
                text[start:end],
            )
            for start, end in zip(borders[::2], borders[1::2], strict=False)
        )
        assert parse_markup(write_markup(text, spans)) == (text, spans)

    @given(st.text(st.sampled_from("a:|{}\\e1, _o")))
    def test_any_text_is_read_or_refused_and_offsets_hold(self, marked: str) -> None:
        try:
            text, spans = parse_markup(marked)
        except CorpusError:
            return
        assert all(text[span.start : span.end] == span.text for span in spans)

    def test_overlapping_spans_cannot_be_written(self) -> None:
        spans = [AnnotatedSpan(0, 2, "org", (), "ab"), AnnotatedSpan(1, 3, "org", (), "bc")]
        with pytest.raises(CorpusError, match="overlaps"):
            write_markup("abc", spans)

    def test_a_backslash_before_a_border_cannot_be_written(self) -> None:
        with pytest.raises(CorpusError, match="backslash"):
            write_markup("a\\b", [AnnotatedSpan(2, 3, "org", (), "b")])


class TestSums:
    @pytest.mark.parametrize(
        ("text", "value", "upper", "currency", "qualifier"),
        [
            ("6000000000 USD", "6000000000", None, "USD", Qualifier.EXACT),
            ("~14500000000 INR", "14500000000", None, "INR", Qualifier.ABOUT),
            (">77593 USD", "77593", None, "USD", Qualifier.AT_LEAST),
            ("<100000000 CNY", "100000000", None, "CNY", Qualifier.AT_MOST),
            ("5000000-10000000 EUR", "5000000", "10000000", "EUR", Qualifier.RANGE),
            ("19.40 BRL", "19.40", None, "BRL", Qualifier.EXACT),
        ],
    )
    def test_every_form(self, text: str, value: str, upper: str | None, currency: str, qualifier: Qualifier) -> None:
        expected = AnnotatedSum(Decimal(value), None if upper is None else Decimal(upper), currency, qualifier)
        assert parse_sum(text) == expected

    @pytest.mark.parametrize(
        "text",
        ["", "6 Mio. EUR", "6,000 USD", "6000", "USD 6000", "10-5 EUR", "~1-2 EUR", "-5 EUR", "1e6 EUR"],
    )
    def test_other_forms_are_refused(self, text: str) -> None:
        with pytest.raises(CorpusError):
            parse_sum(text)


class TestReading:
    def test_an_article_reads_as_typed_values(self, tmp_path: Path) -> None:
        document = read_one(tmp_path)
        assert (document.id, document.language, document.source) == ("fr-1", "fr", "written")
        assert document.published == date(2024, 12, 27)
        assert document.title == "Lumio lève 6 millions"
        assert document.text.startswith("Lumio, la start-up d'Ana Prat, a levé 6 millions")
        assert [span.text for span in document.spans_of("e1")] == ["Lumio", "6 millions d'euros", "Alba"]
        assert [span.text for span in document.spans_of("e2", "amount", "date")] == ["2 millions", "2021"]
        assert document.events["e1"].lead == ("Alba",)
        assert document.events["e2"].amount == parse_sum("~2000000 EUR")
        assert document.file == "articles.yaml"
        assert check(document) == []

    @pytest.mark.parametrize("written_date", ["2021", "2021-05", "2021-05-09"])
    def test_a_date_keeps_the_precision_it_is_written_with(self, tmp_path: Path, written_date: str) -> None:
        document = read_one(tmp_path, ARTICLE.replace("date: 2021", f"date: {written_date}"))
        assert document.events["e2"].date == written_date

    def test_names_that_yaml_takes_for_something_else_stay_names(self, tmp_path: Path) -> None:
        document = read_one(tmp_path, ARTICLE.replace("lead: [Alba]", "lead: [500, Yes, 'null']"))
        assert document.events["e1"].lead == ("500", "Yes", "null")

    def test_what_is_not_known_may_be_null_or_left_out(self, tmp_path: Path) -> None:
        content = ARTICLE.replace("published: 2024-12-27", "published: null").replace(
            'title: "Lumio lève 6 millions"\n', ""
        )
        document = read_one(tmp_path, content)
        assert document.published is None
        assert document.title is None

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ("lang: fr\n", "", "'lang' is missing"),
            ("source: written", "outlet: written", "unknown key 'outlet'"),
            ("status: closed, ", "", "'status' is missing"),
            ("lead: [Alba]", "lead: Alba", "event e1, lead: a list of names"),
            ("lead: [Alba]", "leads: [Alba]", "event e1: unknown key 'leads'"),
            ('"6000000 EUR"', "6000000", "event e1, amount: '6000000' is no sum"),
            ("date: 2021", "date: May 2021", "event e2, date: 'May 2021' is no ISO date"),
            ("lead: [Alba]", "stake: 10 %", "'10 %' is no percentage"),
            ("lead: [Alba]", "investor_count: many", "'many' is no count"),
            ("lead: [Alba]", "optional: maybe", "neither true nor false"),
            ("lead: [Alba]", "lead: []\n  e1: {}", "not YAML"),
            ("published: 2024-12-27", "published: soon", "'soon' is no ISO date"),
            ("{person|Ana Prat}", "{person|Ana Prat", "span within a span"),
            ("id: fr-1\n", "id: fr-1\nid: fr-2\n", "given twice"),
            ('title: "Lumio lève 6 millions"', "title: &t a\nsource: *t", "alias"),
            ('title: "Lumio lève 6 millions"', "title: [a]", "title is a text"),
        ],
    )
    def test_a_broken_article_is_named_with_its_file_and_what_is_wrong(
        self, tmp_path: Path, old: str, new: str, complaint: str
    ) -> None:
        assert old in ARTICLE
        content = ARTICLE.replace(old, new, 1)
        if "alias" in complaint:
            content = content.replace("source: written\n", "", 1)
        with pytest.raises(CorpusError) as caught:
            read_one(tmp_path, content)
        assert "articles.yaml" in str(caught.value)
        assert complaint in str(caught.value)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        "content",
        ["- a\n- b\n", "just text\n", "events: {}\n", "a: [\n", "[" * 5000, "!!python/name:os.system x\n"],
    )
    def test_other_yaml_is_refused(self, tmp_path: Path, content: str) -> None:
        with pytest.raises(CorpusError):
            read_one(tmp_path, content)

    def test_a_folder_stands_for_its_files_in_the_order_of_their_names(self, tmp_path: Path) -> None:
        for name in ("b.yaml", "a.yaml", "c.txt"):
            (tmp_path / name).write_text(ARTICLE.replace("id: fr-1", f"id: {name}"), encoding="utf-8")
        assert [document.id for document in read_corpus([tmp_path])] == ["a.yaml", "b.yaml"]

    def test_an_id_is_used_once(self, tmp_path: Path) -> None:
        path = written(tmp_path, f"---\n{ARTICLE}---\n{ARTICLE}")
        with pytest.raises(CorpusError, match="the id is used in"):
            read_corpus([path])

    def test_missing_files_and_empty_folders_are_errors(self, tmp_path: Path) -> None:
        with pytest.raises(CorpusError, match=r"no \*\.yaml file"):
            read_corpus([tmp_path])
        with pytest.raises(CorpusError, match=r"nowhere\.yaml"):
            read_corpus([tmp_path / "nowhere.yaml"])

    def test_a_third_is_held_out_and_stays_so(self) -> None:
        parts = {identifier: part_of(identifier) for identifier in ("fr-t501", "de-t005", "en-t247", "it-t515")}
        assert parts == {
            "fr-t501": "tuning",
            "de-t005": "tuning",
            "en-t247": "tuning",
            "it-t515": "held-out",
        }


class TestCheck:
    """Each violation of the standard is found, and nothing else."""

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ("{person|Ana Prat}", "{people|Ana Prat}", "unknown label"),
            ("{person|Ana Prat}", "{person:e1|Ana Prat}", "an entity without a role"),
            ("{person|Ana Prat}", "{company|Ana Prat}", "a role without an event"),
            ("{person|Ana Prat}", "{person| Ana Prat}", "white space at a border"),
            ("{person|Ana Prat}, a", "{person|Ana Prat,} a", "punctuation at a border"),
            ("{company:e1,e2|Lumio}", "{company:e1,e2,e3|Lumio}", "event 'e3' has no record"),
            ("{company:e1,e2|Lumio}", "{company:e1,e2,e2|Lumio}", "named twice"),
            ("{company:e1,e2|Lumio}", "{company:e1|Lumio}", "event e2: no span names the company"),
            ("{company:e1,e2|Lumio}", "{company:e1|Lumio}", "lacks its events e2"),
            ("{amount:e1|6 millions d'euros}", "6 millions d'euros", "amount is in the record alone"),
            (', amount: "6000000 EUR"', "", "amount is in the spans alone"),
            ("{date:e2|2021}", "2021", "a date that no span gives"),
            ("date: 2021", "date: 2021-13", "on no calendar"),
            ("date: 2021", "date: 2021-02-30", "on no calendar"),
            ("status: closed", "status: done", "unknown status 'done'"),
            ("round: unspecified", "round: series_z", "unknown round 'series_z'"),
            ("6000000 EUR", "6000000 EUX", "unknown currency 'EUX'"),
            ("lead: [Alba]", "lead: [Alba], valuation_basis: post", "valuation_basis without a valuation"),
            ("lead: [Alba]", "lead: [Alba], investors: [ALBA SAS]", "'ALBA SAS' is listed twice"),
            ("lead: [Alba]", "lead: [Lumio]", "among its own investors"),
            ("lead: [Alba]", "lead: [Borea]", "no span spells 'Borea'"),
            (", lead: [Alba]", "", "investors are in the spans alone"),
            ("{lead:e1|Alba}", "Alba", "investors that no span gives"),
            ("lead: [Alba]", "lead: [Alba], stake: 110", "stake 110 is no share"),
        ],
    )
    def test_violation(self, tmp_path: Path, old: str, new: str, complaint: str) -> None:
        assert old in ARTICLE
        found = check(read_one(tmp_path, ARTICLE.replace(old, new, 1)))
        assert any(complaint in violation for violation in found), found

    def test_a_name_may_be_recorded_fuller_than_a_span_gives_it(self, tmp_path: Path) -> None:
        assert check(read_one(tmp_path, ARTICLE.replace("lead: [Alba]", "lead: [Alba Capital Partners]"))) == []

    def test_a_record_of_a_company_and_nothing_else_is_no_event(self, tmp_path: Path) -> None:
        content = ARTICLE.replace("{amount:e2|2 millions}", "2 millions").replace(', amount: "~2000000 EUR"', "")
        assert check(read_one(tmp_path, content)) == ["event e2: neither amount nor round nor investor: not an event"]

    def test_language_and_title(self, tmp_path: Path) -> None:
        document = replace(read_one(tmp_path), language="french", title="{company:e1|Lumio} lève")
        assert check(document) == ["language 'french' is no two-letter code", "the title has markup"]


@pytest.fixture(scope="module")
def corpus() -> list[AnnotatedDocument]:
    return read_corpus([CORPUS])


class TestOurCorpus:
    def test_it_keeps_the_standard(self, corpus: list[AnnotatedDocument]) -> None:
        violations = [f"{one.file} {one.id}: {what}" for one in corpus for what in check(one)]
        assert violations == []

    def test_offsets_hold_and_markup_can_be_written_back(self, corpus: list[AnnotatedDocument]) -> None:
        for document in corpus:
            assert all(document.text[span.start : span.end] == span.text for span in document.spans)
            assert parse_markup(write_markup(document.text, document.spans)) == (
                document.text,
                document.spans,
            )

    def test_it_covers_the_languages_and_articles_without_events(self, corpus: list[AnnotatedDocument]) -> None:
        for language in LANGUAGES:
            articles = [document for document in corpus if document.language == language]
            assert len(articles) >= 20, language
            assert any(not document.events for document in articles), language

    def test_a_third_is_held_out(self, corpus: list[AnnotatedDocument]) -> None:
        held_out = sum(document.part == "held-out" for document in corpus)
        assert 0.30 < held_out / len(corpus) < 0.37
