"""Word lists find what a reader of the language would find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsextract.lexicon import Lexicon, fold


def found(lexicon: Lexicon[str], text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(text[m.start : m.end], m.labels) for m in lexicon.finditer(text)]


def test_whole_words_only_where_words_are_spaced() -> None:
    lexicon = Lexicon({"led": ["lead"]})
    assert found(lexicon, "It was Led by X, called Ledger, and pooled.") == [("Led", ("lead",))]


def test_a_star_stands_for_further_letters() -> None:
    lexicon = Lexicon({"investier*": ["invest"], "invest": ["noun"]})
    assert found(lexicon, "Sie investieren, das Invest, Investition") == [
        ("investieren", ("invest",)),
        ("Invest", ("noun",)),
    ]


def test_a_star_inside_a_phrase() -> None:
    lexicon = Lexicon({"tour* de table": ["round"]})
    assert found(lexicon, "un tour de table, des tours de table") == [
        ("tour de table", ("round",)),
        ("tours de table", ("round",)),
    ]


def test_the_longest_entry_wins() -> None:
    lexicon = Lexicon({"raised": ["raise"], "total raised": ["total"], "total raised to date": ["total"]})
    assert found(lexicon, "total raised to date; raised") == [
        ("total raised to date", ("total",)),
        ("raised", ("raise",)),
    ]


def test_one_entry_may_have_several_labels() -> None:
    lexicon = Lexicon({"fund": ["investor", "fund"]})
    assert found(lexicon, "the fund") == [("fund", ("investor", "fund"))]


@pytest.mark.parametrize("text", ["led by", "led\u00a0by", "led  by", "led\nby", "LED BY", "led \n  by"])
def test_a_space_is_any_white_space(text: str) -> None:
    assert found(Lexicon({"led by": ["lead"]}), f"was {text} X") == [(text, ("lead",))]


def test_an_empty_line_ends_a_phrase() -> None:
    assert found(Lexicon({"led by": ["lead"]}), "led\n\nby") == []


@pytest.mark.parametrize("text", ["pre-seed", "pre\u2011seed", "pre–seed"])
def test_hyphens_are_one(text: str) -> None:
    assert found(Lexicon({"pre-seed": ["round"]}), text) == [(text, ("round",))]


@pytest.mark.parametrize("text", ["auprès d'un", "auprès d’un"])
def test_apostrophes_are_one(text: str) -> None:
    assert found(Lexicon({"auprès d'": ["source"]}), text) == [(text[:9], ("source",))]


def test_scripts_without_spaces_match_anywhere() -> None:
    lexicon = Lexicon({"领投": ["lead"], "a轮": ["round"]}, spaced=False)
    assert found(lexicon, "由红杉领投的A轮融资") == [("领投", ("lead",)), ("A轮", ("round",))]
    assert found(lexicon, "DNA轮") == []


def test_prefixes_written_without_a_space_are_skipped() -> None:
    lexicon = Lexicon({"شركة": ["company"]}, prefixes=["و", "ال", "وال"])
    assert found(lexicon, "والشركة قالت") == [("شركة", ("company",))]


def test_dotted_and_dotless_i_are_one() -> None:
    assert found(Lexicon({"yatırım": ["funding"]}), "YATIRIM Yatırım") == [
        ("YATIRIM", ("funding",)),
        ("Yatırım", ("funding",)),
    ]


def test_an_empty_entry_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Lexicon({" * ": ["x"]})


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(
    st.text(alphabet="ab *'-轮xİ\n", max_size=40),
    st.lists(st.text(alphabet="ab轮", min_size=1, max_size=4), max_size=5),
)
def test_matches_lie_inside_and_in_order(text: str, words: list[str]) -> None:
    for spaced in (True, False):
        lexicon = Lexicon({word: ["x"] for word in words}, spaced=spaced)
        end = 0
        for match in lexicon.finditer(text):
            assert end <= match.start < match.end <= len(text)
            assert match.labels == ("x",)
            assert fold(text[match.start : match.end]) in {fold(word) for word in words}
            end = match.end
