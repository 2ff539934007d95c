"""Sums of money as the press of each language writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsextract import languages
from newsextract.money import find_money

ONE = [
    ("en", "raised $40m in a round", "$40m", "40000000", "USD", "exact"),
    ("en", "raised US$40m in a round", "US$40m", "40000000", "USD", "exact"),
    ("en", "a loan of USD34.6 million was", "USD34.6 million", "34600000", "USD", "exact"),
    ("en", "more than half a billion dollars", "half a billion dollars", "500000000", "USD", "at_least"),
    ("en", "Rs 332 crore was raised", "Rs 332 crore", "3320000000", "INR", "exact"),
    ("fr", "a levé 6,5 milliards de dollars hier", "6,5 milliards de dollars", "6500000000", "USD", "exact"),
    ("fr", "un minimum de 77 593 $.", "77 593 $", "77593", "USD", "at_least"),
    ("fr", "plus de six milliards d'euros", "six milliards d'euros", "6000000000", "EUR", "at_least"),
    ("de", "rund 7,4 Mio. Euro flossen", "7,4 Mio. Euro", "7400000", "EUR", "about"),
    ("de", "zweieinhalb Millionen Euro fließen", "zweieinhalb Millionen Euro", "2500000", "EUR", "exact"),
    ("es", "cerró 12 millones de euros ayer", "12 millones de euros", "12000000", "EUR", "exact"),
    ("pt", "captou R$ 50 milhões em rodada", "R$ 50 milhões", "50000000", "BRL", "exact"),
    ("it", "un round da 3,5 milioni di euro", "3,5 milioni di euro", "3500000", "EUR", "exact"),
    ("nl", "haalt 2,5 miljoen euro op", "2,5 miljoen euro", "2500000", "EUR", "exact"),
    ("sv", "tar in 40 miljoner kronor från", "40 miljoner kronor", "40000000", "SEK", "exact"),
    ("da", "henter 20 millioner kroner fra", "20 millioner kroner", "20000000", "DKK", "exact"),
    ("no", "henter 20 millioner kroner fra", "20 millioner kroner", "20000000", "NOK", "exact"),
    ("fi", "keräsi 7,1 miljoonaa euroa", "7,1 miljoonaa euroa", "7100000", "EUR", "exact"),
    ("pl", "pozyskała 18 mln zł od", "18 mln zł", "18000000", "PLN", "exact"),
    ("cs", "získala 30 milionů korun od", "30 milionů korun", "30000000", "CZK", "exact"),
    ("sk", "získala 3 milióny eur od", "3 milióny eur", "3000000", "EUR", "exact"),
    ("ro", "a atras 2 milioane de euro de la", "2 milioane de euro", "2000000", "EUR", "exact"),
    ("ru", "привлекла 830 млн рублей от", "830 млн рублей", "830000000", "RUB", "exact"),
    ("uk", "залучила 42 млн гривень від", "42 млн гривень", "42000000", "UAH", "exact"),
    ("tr", "1,5 milyon dolar yatırım aldı", "1,5 milyon dolar", "1500000", "USD", "exact"),
    ("ar", "جمعت 22 مليون دولار في جولة", "22 مليون دولار", "22000000", "USD", "exact"),
    ("hi", "64 करोड़ रुपये का पैकेज", "64 करोड़ रुपये", "640000000", "INR", "exact"),
    ("ja", "1億5000万円を調達した", "1億5000万円", "150000000", "JPY", "exact"),
    ("ko", "900억원을 유치했다", "900억원", "90000000000", "KRW", "exact"),
    ("zh", "完成9亿元融资", "9亿元", "900000000", "CNY", "exact"),
    ("zh", "获得数千万元投资", "数千万元", "10000000", "CNY", "at_least"),
    ("id", "meraih pendanaan Rp1,2 triliun dari", "Rp1,2 triliun", "1200000000000", "IDR", "exact"),
    ("vi", "huy động 400 tỷ đồng từ", "400 tỷ đồng", "400000000000", "VND", "exact"),
]


@pytest.mark.parametrize(("language", "text", "surface", "value", "currency", "qualifier"), ONE)
def test_one_sum(language: str, text: str, surface: str, value: str, currency: str, qualifier: str) -> None:
    found = [(m.text, m.value, m.currency, m.qualifier.value) for m in find_money(text, language)]
    assert found == [(surface, Decimal(value), currency, qualifier)]


def test_a_range_is_one_sum() -> None:
    (found,) = find_money("entre 5 et 10 millions d'euros", "fr")
    assert (found.text, found.value, found.upper) == ("entre 5 et 10 millions d'euros", 5_000_000, 10_000_000)


def test_a_list_shares_scale_and_currency() -> None:
    found = find_money("they paid 3, 4 and 12 million euros", "en")
    assert [(m.value, m.currency) for m in found] == [(3_000_000, "EUR"), (4_000_000, "EUR"), (12_000_000, "EUR")]


@pytest.mark.parametrize(
    "text", ["It grew 40 % in 2024.", "It runs 100,000 GPUs.", "a Series B round", "10 million users", "on 12 May 2024"]
)
def test_no_money(text: str) -> None:
    assert find_money(text, "en") == []


def test_every_language_has_a_case() -> None:
    assert {case[0] for case in ONE} == set(languages.codes())


@given(st.text(max_size=150), st.sampled_from(["en", "fr", "de", "zh", "ar", "hi"]))
def test_offsets_hold_on_any_text(text: str, language: str) -> None:
    end = 0
    for found in find_money(text, language):
        assert text[found.start : found.end] == found.text
        assert found.start >= end
        end = found.end
