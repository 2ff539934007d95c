"""Every language file is complete."""

import pytest

from newsextract import languages
from newsextract.document import cue_classes
from newsextract.errors import LanguageFileError

MARKERS = ("subject_marker", "object_marker")


@pytest.mark.parametrize("code", languages.codes())
def test_every_section_says_something(code: str) -> None:
    language = languages.load(code)
    assert language.language.code == code
    for name in cue_classes():
        assert getattr(language.cues, name) or name in MARKERS, name
    for section in (language.numbers.scales, language.money.names, language.dates.relative):
        assert section
    assert language.detection.frequent_words
    assert language.qualifiers.about
    assert language.qualifiers.at_least or language.qualifiers.at_least_after


def test_at_least_twenty_four_languages() -> None:
    wanted = {
        "en",
        "fr",
        "de",
        "es",
        "pt",
        "it",
        "nl",
        "sv",
        "da",
        "no",
        "fi",
        "pl",
        "cs",
        "ru",
        "uk",
        "tr",
        "ar",
        "ja",
        "ko",
        "zh",
        "id",
        "vi",
        "hi",
        "ro",
    }
    assert wanted <= set(languages.codes())


def test_an_unknown_language_is_one_line() -> None:
    with pytest.raises(LanguageFileError, match="not supported"):
        languages.load("xx")
