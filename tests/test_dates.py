"""Dates in running text, counted from the day of publication."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsextract import languages
from newsextract.dates import find_dates

PUBLISHED = date(2024, 12, 27)  # a Friday


@pytest.mark.parametrize(
    ("language", "text", "surface", "iso"),
    [
        ("en", "announced on Tuesday that", "Tuesday", "2024-12-24"),
        ("en", "raised it in October 2020 from", "October 2020", "2020-10"),
        ("en", "raised it last month from", "last month", "2024-11"),
        ("en", "it was founded in 2019 by", "2019", "2019"),
        ("en", "on May 7, 2024 it said", "May 7, 2024", "2024-05-07"),
        ("fr", "clôturé en mai, marquant", "mai", "2024-05"),
        ("fr", "annoncé mardi par", "mardi", "2024-12-24"),
        ("fr", "le 3 juin 2023 à Paris", "3 juin 2023", "2023-06-03"),
        ("de", "wie es am Mittwoch hieß", "Mittwoch", "2024-12-25"),
        ("de", "im vergangenen Jahr sammelte", "vergangenen Jahr", "2023"),
        ("es", "el mes pasado cerró", "el mes pasado", "2024-11"),
        ("pl", "zamknięta w maju 2023 r.", "maju 2023", "2023-05"),
        ("ru", "в прошлом году компания", "прошлом году", "2023"),
        ("ja", "2022年10月に調達した", "2022年10月", "2022-10"),
        ("zh", "去年6月，公司", "去年6月", "2023-06"),
        ("ko", "지난해 11월에는", "지난해 11월", "2023-11"),
    ],
)
def test_one_date(language: str, text: str, surface: str, iso: str) -> None:
    found = find_dates(text, languages.load(language), PUBLISHED)
    assert (surface, iso) in [(text[d.start : d.end], d.iso) for d in found]


def test_nothing_is_invented_without_a_day_of_publication() -> None:
    (found,) = find_dates("clôturé en mai, marquant", languages.load("fr"), None)
    assert (found.iso, found.precision, found.relative) == (None, "month", True)


def test_a_day_on_no_calendar_is_no_date() -> None:
    assert find_dates("on 2023-02-31 it", languages.load("en"), PUBLISHED) == []


@given(st.text(max_size=120), st.sampled_from(["en", "fr", "zh", "ko", "vi", "ar"]))
def test_offsets_hold_on_any_text(text: str, language: str) -> None:
    end = 0
    for found in find_dates(text, languages.load(language), PUBLISHED):
        assert end <= found.start < found.end <= len(text)
        end = found.end
