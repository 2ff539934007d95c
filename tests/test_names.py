"""Names compared: one key for all ways to write a name, short forms joined to full ones."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsextract.names import name_key, name_words, same_party

SPELLINGS = [
    ("Siemens AG", "SIEMENS"),
    ("Société Générale S.A.", "société générale"),
    ("Doctolib SAS", "Doctolib"),
    ("Satispay S.p.A.", "Satispay"),
    ("Klarna Bank AB (publ)", "Klarna Bank"),
    ("Kahoot! ASA", "Kahoot"),
    ("Novo Nordisk A/S", "Novo Nordisk"),
    ("Wolt Oy", "Wolt"),
    ("Adyen N.V.", "Adyen"),
    ("Allegro sp. z o.o.", "Allegro"),
    ("Rohlík s.r.o.", "Rohlík"),
    ("Trendyol A.Ş.", "Trendyol"),
    ("Müller GmbH & Co. KG", "Müller"),
    ("ООО «Ромашка»", "Ромашка"),
    ("ПАТ Укрнафта", "Укрнафта"),
    ("株式会社メルカリ", "メルカリ"),
    ("(株)メルカリ", "メルカリ"),
    ("주식회사 토스", "토스"),
    ("(주)토스", "토스"),
    ("北京字节跳动有限公司", "北京字节跳动"),
    ("小米股份有限公司", "小米"),
    ("PT Bukalapak Tbk", "Bukalapak"),
    ("Công ty Cổ phần VNG", "VNG"),
    ("ज़ोमैटो प्रा. लि.", "ज़ोमैटो"),
    ("Nubank S.A. de C.V.", "Nubank"),
    ("ＳＢＩ", "SBI"),
    ("Marks & Spencer", "Marks&Spencer"),
    ("a-b  c", "ABC"),
    ("GETİR", "getir"),
]


class TestKey:
    @pytest.mark.parametrize(("written", "plain"), SPELLINGS)
    def test_spellings_of_one_name_share_a_key(self, written: str, plain: str) -> None:
        assert name_key(written) == name_key(plain)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Nähe", "Nahe"),
            ("Série", "Serie"),
            ("Sequoia Capital", "Sequoia"),
            ("Alpha Beta", "Beta Alpha"),
            ("Series 1", "Series 2"),
            ("की", "का"),
        ],
    )
    def test_accents_words_and_their_order_distinguish(self, one: str, other: str) -> None:
        assert name_key(one) != name_key(other)

    def test_composed_and_decomposed_accents_are_one(self) -> None:
        assert name_key(unicodedata.normalize("NFD", "Nähe")) == name_key("Nähe")

    def test_a_legal_form_that_is_the_whole_name_stays(self) -> None:
        assert name_key("Company") == "company"
        assert name_key("株式会社") == "株式会社"
        assert name_key("SE AG") == "se"

    def test_a_legal_form_inside_a_name_or_a_word_stays(self) -> None:
        assert name_words("Co Foundry") == ("co", "foundry")
        assert name_words("Asana") == ("asana",)

    def test_punctuation_alone_is_its_own_key(self) -> None:
        assert name_key("!?") == "!?"
        assert name_key("") == ""

    @given(st.text(max_size=40))
    def test_a_key_is_its_own_key_but_for_forms_it_uncovers(self, name: str) -> None:
        key = name_key(name)
        assert len(name_key(key)) <= len(key)
        assert name_key(name) == key

    @given(st.text(st.sampled_from("abcdXYZéñ "), min_size=3, max_size=30))
    def test_case_and_white_space_never_matter(self, name: str) -> None:
        assert name_key(f"  {name.upper()} ") == name_key(name.upper()) == name_key(name)


SAME = [
    ("Bessemer", "Bessemer Venture Partners"),
    ("Sequoia", "Sequoia Capital"),
    ("AGC", "Asahi Glass Company"),
    ("QIA", "Qatar Investment Authority"),
    ("KfW", "Kreditanstalt für Wiederaufbau"),
    ("a16z", "Andreessen Horowitz"),
    ("Klarnas", "Klarna"),
    ("OpenAI'ın", "OpenAI"),
    ("Ovaria’s", "Ovaria"),
    ("Booking", "Booking.com"),
    ("Сбербанка", "Сбербанк"),
    ("Northzonen", "Northzone"),
    ("Industrifondens", "Industrifonden"),
    ("Narodowego Banku", "Narodowego Bank"),
    ("红杉", "红杉资本"),
    ("ソフトバンク", "ソフトバンクグループ"),
    ("アマツカゼ", "アマツカゼ宇宙工業"),
    ("미래에셋", "미래에셋벤처투자"),
    ("速铺", "Shoply速铺"),
    ("Orlen", "PKN Orlen"),
    ("Musk", "Elon Musk"),
]
DIFFERENT = [
    ("Deutsche Bank", "Deutsche Telekom"),
    ("Deutsche", "Deutsche Bank"),
    ("Bank", "Bank of America"),
    ("Capital", "Sequoia Capital"),
    ("Index Ventures", "Accel Ventures"),
    ("Peak Ventures", "Peak Ventures IV"),
    ("Peak Fund 2", "Peak Fund 3"),
    ("Alpha", "Alphabet"),
    ("AG", "Asahi Glass"),
    ("资本", "红杉资本"),
    ("红杉资本", "高瓴资本"),
    ("", "Klarna"),
    ("x", "x y"),
]


class TestSameParty:
    @pytest.mark.parametrize(("short", "full"), SAME)
    def test_short_forms_and_case_endings(self, short: str, full: str) -> None:
        assert same_party(short, full)
        assert same_party(full, short)

    @pytest.mark.parametrize(("one", "other"), DIFFERENT)
    def test_names_that_share_only_a_kind_or_a_stem(self, one: str, other: str) -> None:
        assert not same_party(one, other)
        assert not same_party(other, one)

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_any_texts_compare_and_symmetrically(self, one: str, other: str) -> None:
        assert same_party(one, one)
        assert same_party(one, other) == same_party(other, one)

    def test_a_text_far_too_long_for_a_name_is_compared_at_once(self) -> None:
        assert not same_party("Alpha " * 100_000, "Beta, " * 100_000)
