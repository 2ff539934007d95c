"""Names of rounds become values."""

import pytest

from newsextract import languages
from newsextract.document import Document
from newsextract.rounds import find_rounds


@pytest.mark.parametrize(
    ("code", "text", "surface", "value", "extension"),
    [
        ("en", "a $5m Series B round", "Series B", "series_b", False),
        ("en", "its pre-Series A", "pre-Series A", "seed", False),
        ("en", "a pre-Series C", "pre-Series C", "series_b", False),
        ("en", "the Series A extension", "Series A extension", "series_a", True),
        ("en", "a Series A+ led by", "Series A+", "series_a", True),
        ("en", "a pre-seed round", "pre-seed", "pre_seed", False),
        ("en", "venture debt from", "venture debt", "debt", False),
        ("fr", "un tour de série B", "série B", "series_b", False),
        ("de", "eine Seed-Runde", "Seed-Runde", "seed", False),
        ("zh", "完成A轮融资", "A轮", "series_a", False),
        ("zh", "完成Pre-A轮融资", "Pre-A轮", "seed", False),
        ("zh", "完成A+轮融资", "A+轮", "series_a", True),
        ("ja", "シリーズBラウンド", "シリーズB", "series_b", False),
        ("ko", "시리즈A 투자", "시리즈A", "series_a", False),
        ("ru", "раунд A на 6 млн", "раунд A", "series_a", False),
    ],
)
def test_round_names(code: str, text: str, surface: str, value: str, extension: bool) -> None:
    found = find_rounds(Document(text, None, languages.load(code)))
    assert [(text[r.start : r.end], r.value, r.extension) for r in found] == [(surface, value, extension)]


def test_no_name_no_round() -> None:
    assert find_rounds(Document("It raised 5 million euros.", None, languages.load("en"))) == []
