"""The language of an article, a short item, or nothing at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsextract import languages
from newsextract.corpus import read_corpus
from newsextract.language import detect

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("en", "The start-up has raised five million dollars from Sequoia."),
        ("fr", "La jeune pousse a levé cinq millions d'euros auprès de Bpifrance."),
        ("de", "Das Start-up hat fünf Millionen Euro von HV Capital erhalten."),
        ("da", "Selskabet har hentet 20 millioner kroner, siger direktøren, efter et år hvor det blev svært."),
        ("no", "Selskapet har hentet 20 millioner kroner, sier lederen etter et år hvor det ble vanskelig."),
        ("sv", "Bolaget har tagit in 20 miljoner kronor, säger vd:n efter ett år som inte var lätt."),
        ("pt", "A empresa recebeu uma rodada de 5 milhões de reais, segundo o fundador, não revelado até agora."),
        ("es", "La empresa cerró una ronda de 5 millones de euros, según el fundador, y no dio más datos."),
        ("cs", "Firma získala od investorů 5 milionů korun, řekl její zakladatel, který ji založil při škole."),
        ("sk", "Firma získala od investorov 5 miliónov eur, povedal jej zakladateľ, ktorý ju založil pri škole."),
        ("id", "Perusahaan itu telah menerima pendanaan 5 miliar rupiah dari para investor pada tahun ini."),
        ("ru", "Компания привлекла 5 млн рублей, это первый раунд в её истории."),
        ("uk", "Компанія залучила 5 млн гривень, це перший раунд в її історії."),
        ("zh", "公司宣布完成五千万元A轮融资。"),
        ("zh", "該公司宣布完成五千萬元A輪融資。"),
        ("ja", "シリーズAラウンドで3億円を調達した。"),
        ("ko", "30억원 규모의 시리즈A 투자를 유치했다."),
        ("hi", "कंपनी ने सीरीज़ A में 11 करोड़ रुपये जुटाए।"),
        ("ar", "جمعت الشركة 5 ملايين دولار في جولة تمويل."),
    ],
)
def test_one_sentence(expected: str, text: str) -> None:
    assert detect(text).language == expected


@pytest.mark.parametrize("text", ["", "   \n", "12 345 !!", "€ 5", "Η εταιρεία συγκέντρωσε πέντε εκατομμύρια ευρώ."])
def test_nothing_to_go_on_is_said(text: str) -> None:
    found = detect(text)
    assert (found.language, found.confidence) == ("und", 0.0)
    assert found.explanation


def test_a_hint_decides_only_where_the_text_does_not() -> None:
    assert detect("12 345", hint="fr").language == "fr"
    assert detect("The company has raised money for its new product.", hint="fr").language == "en"


def test_corpus() -> None:
    documents = read_corpus([CORPUS])
    right = [detect(d.text, d.title).language == d.language for d in documents]
    assert sum(right) / len(right) >= 0.99
    short = [detect(d.text).language == d.language for d in documents if len(d.text) < 300]
    assert sum(short) / len(short) >= 0.97


@given(st.text(max_size=200), st.one_of(st.none(), st.text(max_size=50)))
def test_any_text_has_an_answer_and_always_the_same(text: str, title: str | None) -> None:
    found = detect(text, title)
    assert found == detect(text, title)
    assert found.language in (*languages.codes(), "und")
    assert 0 <= found.confidence <= 1
