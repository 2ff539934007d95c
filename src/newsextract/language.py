"""The language of a text: script first, then langdetect and function words together.

Scripts that belong to one supported language decide at once. Among languages of one script, the
probabilities of langdetect (Nakatani 2010; seeded, so that the same text always gives the same answer)
are joined with counts of frequent words and characteristic letters from the language files: langdetect is
strong on long texts, function words on short ones full of foreign names.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources

from langdetect import DetectorFactory, LangDetectException
from langdetect.detector_factory import PROFILES_DIRECTORY

from newsextract import languages

UNDETERMINED = "und"

_SAMPLE = 6000
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SEED = 0
_ALIASES = {"zh-cn": "zh", "zh-tw": "zh"}
_MISSED = 1e-4  # probability for a language that langdetect does not name
_WORD_WEIGHT = 1.6
_LETTER_WEIGHT = 1.2
_KANA, _HAN, _HANGUL = r"[\u3041-\u30ff]", r"[\u3400-\u9fff]", r"[\uac00-\ud7a3\u1100-\u11ff]"
_OTHER_ARABIC = re.compile(r"[پچژگکیٹڈڑےں]")


@dataclass(frozen=True)
class Detection:
    """A language code or ``"und"``, how sure it is (0 to 1), and why."""

    language: str
    confidence: float
    explanation: str


@dataclass(frozen=True)
class _Profile:
    words: frozenset[str]
    letters: frozenset[str]
    scripts: frozenset[str]


@cache
def _profiles() -> dict[str, _Profile]:
    found: dict[str, _Profile] = {}
    for code in languages.codes():
        text = resources.files(languages).joinpath(f"{code}.toml").read_text(encoding="utf-8")
        data = tomllib.loads(text)
        section = data["detection"]
        found[code] = _Profile(
            frozenset(section["frequent_words"]), frozenset(section["letters"]), frozenset(data["language"]["scripts"])
        )
    return found


@cache
def _factory() -> DetectorFactory:
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    factory.set_seed(_SEED)
    return factory


def _of_script(*scripts: str) -> list[str]:
    return [code for code, profile in _profiles().items() if profile.scripts & set(scripts)]


def _sample(text: str, title: str | None) -> str:
    """Return the title and the beginning, middle and end of the text."""
    body = text
    if len(body) > _SAMPLE:
        third = _SAMPLE // 3
        middle = len(body) // 2
        body = f"{body[:third]} {body[middle : middle + third]} {body[-third:]}"
    return f"{title[:500]}\n{body}" if title else body


def detect(text: str, title: str | None = None, hint: str | None = None) -> Detection:
    """Detect the language of a text.

    Args:
        text: the body; only a sample of a long one is looked at.
        title: counts with the body.
        hint: a code to prefer where the text itself does not decide.
    """
    sample = _sample(text, title)
    counts = Counter(_script(character) for character in sample if character.isalpha())
    total = sum(counts.values())
    if total == 0:
        return _undetermined("the text has no letters", hint)
    kana, han, hangul = counts["kana"], counts["han"], counts["hangul"]
    if kana + han + hangul >= 0.25 * total:
        if hangul > kana + han:
            return _single("Kore", hangul / total, "Hangul")
        if kana >= 0.08 * (kana + han):
            return _single("Jpan", (kana + han) / total, "kana")
        return _single("Hans", han / total, "Chinese characters without kana")
    script, count = max(
        ((name, counts[name]) for name in ("latin", "cyrillic", "arabic", "devanagari", "other")),
        key=lambda item: item[1],
    )
    if script == "other":
        return _undetermined("the text is in a script of no supported language", hint)
    if script == "devanagari":
        return _single("Deva", count / total, "Devanagari")
    if script == "arabic":
        foreign = len(_OTHER_ARABIC.findall(sample))
        if foreign > 0.02 * count:
            return _undetermined("Arabic script, with letters that Arabic does not have", hint)
        return _single("Arab", count / total, "Arabic script")
    candidates = _of_script("Cyrl") if script == "cyrillic" else _of_script("Latn")
    return _among(sample, candidates, hint)


def _script(character: str) -> str:
    point = ord(character)
    if point < 0x0250 or 0x1E00 <= point < 0x1F00:
        return "latin"
    if 0x0400 <= point < 0x0530:
        return "cyrillic"
    if 0x0600 <= point < 0x0780:
        return "arabic"
    if 0x0900 <= point < 0x0980:
        return "devanagari"
    if 0x3041 <= point < 0x3100:
        return "kana"
    if 0x3400 <= point < 0xA000:
        return "han"
    if 0xAC00 <= point < 0xD7A4 or 0x1100 <= point < 0x1200:
        return "hangul"
    return "other"


def _single(script: str, share: float, reason: str) -> Detection:
    codes = _of_script(script)
    if not codes:
        return Detection(UNDETERMINED, 0.0, f"{reason}: no supported language is written so")
    return Detection(codes[0], round(min(0.999, 0.6 + 0.4 * share), 4), reason)


def _undetermined(reason: str, hint: str | None) -> Detection:
    if hint in languages.codes():
        return Detection(str(hint), 0.5, f"{reason}; taken from the hint")
    return Detection(UNDETERMINED, 0.0, reason)


def _among(sample: str, candidates: list[str], hint: str | None) -> Detection:
    """Choose among languages of one script by langdetect, frequent words and letters together."""
    profiles = _profiles()
    words = Counter(word.lower() for word in _WORD.findall(sample))
    lowered = sample.lower()
    guessed, unsupported = _langdetect(sample)
    total = sum(words.values())
    scores: dict[str, float] = {}
    hits: dict[str, int] = {}
    for code in candidates:
        profile = profiles[code]
        own = {word: count for word, count in words.items() if word in profile.words}
        hits[code] = sum(own.values())
        evidence = sum(math.log1p(count) for count in own.values())
        letters = sum(math.log1p(lowered.count(letter)) for letter in profile.letters if letter in lowered)
        strange = sum(
            math.log1p(lowered.count(letter))
            for other in candidates
            for letter in profiles[other].letters - profile.letters
            if letter in lowered
        )
        scores[code] = (
            math.log(max(guessed.get(code, 0.0), _MISSED))
            + _WORD_WEIGHT * evidence
            + _LETTER_WEIGHT * letters
            - 0.25 * strange
        )
    ranked = sorted(scores, key=lambda code: (-scores[code], code != hint, code))
    if not ranked:
        return _undetermined("no supported language is written in this script", hint)
    best = ranked[0]
    if hits[best] == 0 and guessed.get(best, 0.0) < 0.5:
        return _undetermined("no known function words and no clear letters", hint)
    if unsupported > 0.9 and hits[best] < 0.12 * total:
        return _undetermined("most like a language that is not supported", hint)
    rest = sum(math.exp(max(-50.0, scores[code] - scores[best])) for code in ranked)
    return Detection(best, round(min(0.999, 1.0 / rest), 4), "letters and function words")


def _langdetect(sample: str) -> tuple[dict[str, float], float]:
    """Return langdetect's probabilities of supported languages, and the best of the others."""
    detector = _factory().create()
    detector.append(sample)
    try:
        guesses = detector.get_probabilities()
    except LangDetectException:
        return {}, 0.0
    supported = set(languages.codes())
    found: dict[str, float] = {}
    other = 0.0
    for guess in guesses:
        code = _ALIASES.get(guess.lang, guess.lang)
        if code in supported:
            found[code] = found.get(code, 0.0) + float(guess.prob)
        else:
            other = max(other, float(guess.prob))
    return found, other
