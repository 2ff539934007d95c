"""Numbers and percentages in digits and words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsextract import languages
from newsextract.numbers import find_numbers, find_percentages

NUMBERS = [
    ("en", "97 investors", "97", "97"),
    ("en", "97 members", "97", "97"),
    ("en", "some twelve thousand people", "twelve thousand", "12000"),
    ("en", "two hundred and fifty people", "two hundred and fifty", "250"),
    ("fr", "dix-sept personnes", "dix-sept", "17"),
    ("fr", "quatre-vingt-onze fonds", "quatre-vingt-onze", "91"),
    ("fr", "les 12 000 souscripteurs", "12 000", "12000"),
    ("de", "dreihundertfünfundzwanzig Anleger", "dreihundertfünfundzwanzig", "325"),
    ("es", "veintiún inversores", "veintiún", "21"),
    ("ru", "двадцать пять инвесторов", "двадцать пять", "25"),
    ("ja", "三百五十人の株主", "三百五十", "350"),
    ("zh", "两万五的押金", "两万五", "25000"),
    ("vi", "khoảng một triệu hai người", "một triệu hai", "1200000"),
    ("ar", "٩٧ مستثمرا", "٩٧", "97"),
]

PERCENTAGES = [
    ("en", "a stake of 10 % in it", "10 %", "10"),
    ("en", "sold 10 percent of it", "10 percent", "10"),
    ("de", "hält 10 Prozent daran", "10 Prozent", "10"),
    ("fr", "prend 12,5 % du capital", "12,5 %", "12.5"),
    ("tr", "hissenin %35 kadarı", "%35", "35"),
    ("tr", "hissenin yüzde 12 kadarı", "yüzde 12", "12"),
    ("ar", "بزيادة 26 في المائة", "26 في المائة", "26"),
    ("pl", "objął 11 proc. akcji", "11 proc.", "11"),
    ("ko", "지분 10퍼센트를", "10퍼센트", "10"),
    ("zh", "出让百分之十股份", "百分之十", "10"),
    ("zh", "出让两成股份", "两成", "20"),
]


@pytest.mark.parametrize(("language", "text", "surface", "value"), NUMBERS)
def test_one_number(language: str, text: str, surface: str, value: str) -> None:
    found = [(text[start:end], number) for start, end, number in find_numbers(text, languages.load(language))]
    assert found == [(surface, Decimal(value))]


@pytest.mark.parametrize(("language", "text", "surface", "value"), PERCENTAGES)
def test_one_percentage(language: str, text: str, surface: str, value: str) -> None:
    found = [(text[start:end], number) for start, end, number in find_percentages(text, languages.load(language))]
    assert found == [(surface, Decimal(value))]


@pytest.mark.parametrize("text", ["a 5G network", "the B2 bomber", "the 12th floor"])
def test_a_number_glued_to_letters_is_none(text: str) -> None:
    assert find_numbers(text, languages.load("en")) == []


def test_a_percentage_is_no_number() -> None:
    assert find_numbers("10 % of it", languages.load("en")) == []


@given(st.text(max_size=120), st.sampled_from(languages.codes()))
def test_any_text_is_read_in_order_and_the_same_way_twice(text: str, code: str) -> None:
    language = languages.load(code)
    found = find_numbers(text, language)
    assert found == find_numbers(text, language)
    end = 0
    for start, stop, value in [*found]:
        assert end <= start < stop <= len(text)
        assert value >= 0
        end = stop
