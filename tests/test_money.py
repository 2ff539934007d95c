"""Sums of money as the press of each language writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsextract import languages
from newsextract.money import MoneyGrammar, find_money

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
    # Digits with every separator in use.
    ("fr", "soit 1 234 567 euros au total", "1 234 567 euros", "1234567", "EUR", "exact"),
    ("fr", "soit 1\u202f234\u202f567 € au total", "1\u202f234\u202f567 €", "1234567", "EUR", "exact"),
    ("fr", "soit 1'000'000 francs suisses", "1'000'000 francs suisses", "1000000", "CHF", "exact"),
    ("en", "worth Rs 12,50,000 in all", "Rs 12,50,000", "1250000", "INR", "exact"),
    ("hi", "कुल ₹१२,५०,००० मिले", "₹१२,५०,०००", "1250000", "INR", "exact"),
    ("ar", "بقيمة ٢٫٧ مليار جنيه", "٢٫٧ مليار جنيه", "2700000000", "EGP", "exact"),
    ("ja", "総額３５億円の契約", "３５億円", "3500000000", "JPY", "exact"),
    ("es", "busca 1,400 mdp en bolsa", "1,400 mdp", "1400000000", "MXN", "exact"),
    # Number words and compounds.
    (
        "fr",
        "quatre-vingt-dix-sept millions d'euros",
        "quatre-vingt-dix-sept millions d'euros",
        "97000000",
        "EUR",
        "exact",
    ),
    ("fr", "soixante et onze mille euros", "soixante et onze mille euros", "71000", "EUR", "exact"),
    ("de", "nur anderthalb Milliarden Dollar", "anderthalb Milliarden Dollar", "1500000000", "USD", "exact"),
    ("de", "die fünfundzwanzigtausend Euro", "fünfundzwanzigtausend Euro", "25000", "EUR", "exact"),
    ("es", "un préstamo de mil millones de euros", "mil millones de euros", "1000000000", "EUR", "exact"),
    ("pt", "uns bons dois mil milhões de euros", "dois mil milhões de euros", "2000000000", "EUR", "exact"),
    ("it", "un milione e mezzo di euro", "un milione e mezzo di euro", "1500000", "EUR", "exact"),
    ("it", "seed da ottocentomila euro", "ottocentomila euro", "800000", "EUR", "exact"),
    ("nl", "haalt tweeënhalf miljoen euro op", "tweeënhalf miljoen euro", "2500000", "EUR", "exact"),
    ("nl", "leende 2,5 ton, zegt hij", "2,5 ton", "250000", "EUR", "exact"),
    ("sv", "tar in tjugofem miljoner kronor", "tjugofem miljoner kronor", "25000000", "SEK", "exact"),
    ("da", "rejser halvanden milliard kroner", "halvanden milliard kroner", "1500000000", "DKK", "exact"),
    ("fi", "keräsi puoli miljoonaa euroa", "puoli miljoonaa euroa", "500000", "EUR", "exact"),
    ("pl", "zebrała trzy i pół miliona złotych", "trzy i pół miliona złotych", "3500000", "PLN", "exact"),
    ("cs", "získala půl miliardy korun", "půl miliardy korun", "500000000", "CZK", "exact"),
    ("ru", "получил полтора миллиарда рублей", "полтора миллиарда рублей", "1500000000", "RUB", "exact"),
    ("uk", "залучив півтора мільйона доларів", "півтора мільйона доларів", "1500000", "USD", "exact"),
    ("ro", "o jumătate de milion de euro", "o jumătate de milion de euro", "500000", "EUR", "exact"),
    ("hi", "डेढ़ सौ करोड़ रुपये जुटाए", "डेढ़ सौ करोड़ रुपये", "1500000000", "INR", "exact"),
    ("tr", "tam yarım milyon lira aldı", "yarım milyon lira", "500000", "TRY", "exact"),
    ("zh", "募得三十五億元資金", "三十五億元", "3500000000", "TWD", "exact"),
    ("ko", "총 3조2천억원을 유치", "3조2천억원", "3200000000000", "KRW", "exact"),
    ("ko", "한 병 값은 1만 8천 원이다", "1만 8천 원", "18000", "KRW", "exact"),
    ("vi", "gọi vốn hai tỷ rưỡi đồng", "hai tỷ rưỡi đồng", "2500000000", "VND", "exact"),
    # Abbreviations and the places of the currency.
    ("en", "it sold 40 MUSD of notes", "40 MUSD", "40000000", "USD", "exact"),
    ("es", "unos fondos, 125 USD millones", "125 USD millones", "125000000", "USD", "exact"),
    ("es", "colocó S/ 310 millones", "S/ 310 millones", "310000000", "PEN", "exact"),
    ("it", "raccoglie € 6,5 mln in seed", "€ 6,5 mln", "6500000", "EUR", "exact"),
    ("de", "ein Zuschuss von € 780.000,–.", "€ 780.000,–", "780000", "EUR", "exact"),
    ("sv", "serie A, 36 Mkr från", "36 Mkr", "36000000", "SEK", "exact"),
    ("fr", "reçoit 620 MDH hier", "620 MDH", "620000000", "MAD", "exact"),
    # A point belongs to an abbreviation that is written with it, else to the sentence.
    ("ru", "штраф в 550 тыс. рублей", "550 тыс. рублей", "550000", "RUB", "exact"),
    ("da", "Den fik 23 mio. kr. Selskabet", "23 mio. kr.", "23000000", "DKK", "exact"),
    ("pl", "Dopłaca 11 zł. Wystarczy", "11 zł", "11", "PLN", "exact"),
    # Subunits and words of the press.
    ("de", "je Stück 45 Rappen mehr", "45 Rappen", "0.45", "CHF", "exact"),
    ("en", "about 20 quid each", "20 quid", "20", "GBP", "about"),
    ("ru", "из расчёта 12 рублей 40 копеек", "12 рублей 40 копеек", "12.40", "RUB", "exact"),
    # Open sums are lower or upper bounds.
    ("fr", "apporte plusieurs millions d'euros", "plusieurs millions d'euros", "2000000", "EUR", "at_least"),
    ("en", "invested a seven-figure sum", "seven-figure sum", "1000000", "USD", "at_least"),
    ("zh", "完成近亿元融资", "亿元", "100000000", "CNY", "at_most"),
    ("zh", "借款三十几万元", "三十几万元", "300000", "CNY", "at_least"),
    ("zh", "手上现金有7亿多元", "7亿多元", "700000000", "CNY", "at_least"),
    ("ja", "対価は4億円弱", "4億円", "400000000", "JPY", "at_most"),
    ("ja", "数億円を出資", "数億円", "100000000", "JPY", "at_least"),
]


@pytest.mark.parametrize(("language", "text", "surface", "value", "currency", "qualifier"), ONE)
def test_one_sum(language: str, text: str, surface: str, value: str, currency: str, qualifier: str) -> None:
    found = [(m.text, m.value, m.currency, m.qualifier.value) for m in find_money(text, language)]
    assert found == [(surface, Decimal(value), currency, qualifier)]


def sums(text: str, language: str, region: str | None = None) -> list[tuple[str, str]]:
    """Return the surfaces of the sums of a text, with the currency."""
    return [(found.text, found.currency) for found in find_money(text, language, region)]


@pytest.mark.parametrize(
    ("language", "text", "surface", "value", "upper"),
    [
        ("fr", "une somme de 6 à 8 M€", "6 à 8 M€", 6_000_000, 8_000_000),
        ("de", "von 10-12 Mrd. Euro", "10-12 Mrd. Euro", 10**10, 12 * 10**9),
        ("pl", "od 40 do 50 mln zł", "od 40 do 50 mln zł", 40_000_000, 50_000_000),
        ("it", "tra 120 e 150 milioni di dollari", "tra 120 e 150 milioni di dollari", 120_000_000, 150_000_000),
        ("en", "worth $30-35 million", "$30-35 million", 30_000_000, 35_000_000),
        ("ja", "1億5000万〜2億ドルを狙う", "1億5000万〜2億ドル", 150_000_000, 200_000_000),
    ],
)
def test_a_range_holds_between_but_not_from(language: str, text: str, surface: str, value: int, upper: int) -> None:
    (found,) = find_money(text, language)
    assert (found.text, found.value, found.upper, found.qualifier.value) == (surface, value, upper, "range")


def test_a_change_and_an_alternative_are_two_sums() -> None:
    assert [text for text, _ in sums("Revenue rose from £1.2m to £2.9m.", "en")] == ["£1.2m", "£2.9m"]
    assert [text for text, _ in sums("haggles over £4m or £5m", "en")] == ["£4m", "£5m"]
    assert [text for text, _ in sums("we think of 10 or 12 million euros", "en")] == ["10 or 12 million euros"]


def test_a_bare_sum_takes_the_currency_of_its_paragraph() -> None:
    text = "Acme lève 20 millions de dollars, dont 5 millions de dette.\n\nBeta a 3 millions. Gamma visait 4 M€."
    assert sums(text, "fr") == [
        ("20 millions de dollars", "USD"),
        ("5 millions", "USD"),
        ("3 millions", "EUR"),
        ("4 M€", "EUR"),
    ]
    assert sums("It costs €7,000 now. Last year it was 8,700.", "en") == [("€7,000", "EUR"), ("8,700", "EUR")]


def test_a_second_currency_in_brackets_is_a_conversion() -> None:
    grammar = MoneyGrammar.of(languages.load("de"))
    first, second = grammar.find("12 Mio. Franken (umgerechnet 12,6 Mio. Euro)")
    assert (first.conversion_of, second.conversion_of) == (None, 0)


@pytest.mark.parametrize(
    ("language", "text", "region", "currency"),
    [
        ("en", "raised $5 million", None, "USD"),
        ("en", "raised $5 million", "CA", "CAD"),
        ("en", "Perth miner Yule raised $5 million, the Australian said in Sydney", None, "AUD"),
        ("en", "Pyrois of Melbourne got A$12 million, Sky of Santa Rosa $18 million", None, "USD"),
        ("es", "La chilena Kusi, de Santiago, obtuvo $120.000.000", None, "CLP"),
        ("es", "Kusi, de Bogotá, obtuvo 500 millones de pesos", None, "COP"),
        ("fr", "La danoise Byg lève 600 millions de couronnes", None, "DKK"),
        ("sv", "Danska Byg tar in 600 miljoner kronor", None, "SEK"),
        ("zh", "鴻海宣布，這家公司為新創募資500萬元", None, "TWD"),
        ("ar", "جمعت الشركة في الدار البيضاء 5 ملايين درهم بالمغرب", None, "MAD"),
        ("de", "sammelt 5 Mio. Franken ein", None, "CHF"),
    ],
)
def test_open_words_are_decided_by_region_custom_and_text(
    language: str, text: str, region: str | None, currency: str
) -> None:
    assert sums(text, language, region)[-1][1] == currency


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
