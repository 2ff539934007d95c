"""Comparing names: one key for all ways to write a name, and short forms joined to full ones.

Nothing here finds names in a text. A key folds what does not distinguish names (case, width,
punctuation, white space, legal form) and keeps what does (accents, words, their order). The words this
rests on are in ``names.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

_BRACKETED_FORM = re.compile(r"\((?:株|有|同|주|유|มหาชน|publ|persero)\)")
_BETWEEN_WORDS = re.compile(r"[\s,;()&+|_\u2010-\u2015-]+")
# A case ending after an apostrophe, or the ending of an address.
_ENDING = re.compile(r"(?<=\w)['’ʼ‘`´]\w{0,6}$|(?<=\w\w)\.[A-Za-z]{2,4}$")
_SPELLINGS_OF_I = str.maketrans({"İ": "i", "ı": "i", "ـ": None})
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_KATAKANA_THEN_KANJI = re.compile(r"([\u30a0-\u30ff]{3,})[\u3400-\u9fff]+")
_TWO_SCRIPTS = re.compile(r"([a-z0-9]{2,})([^\x00-\u058f]{2,})|([^\x00-\u058f]{2,})([a-z0-9]{2,})")
_NUMERAL = re.compile(r"\d+|[ivx]{1,4}")
_SHORTEST_STEM = 4
_SHORTEST_SURNAME = 3
_SHORTEST_ACRONYM = 3
_LONGEST_ACRONYM = 8
# Longer names are compared by their beginnings; no real one comes near.
_LONGEST_NAME = 300


@dataclass(frozen=True)
class _NameWords:
    """The words of ``names.toml``, ready for look-up."""

    forms_after: frozenset[tuple[str, ...]]
    forms_before: frozenset[tuple[str, ...]]
    longest_form: int
    forms_glued: tuple[str, ...]
    kinds: frozenset[str]
    only_kinds: re.Pattern[str]
    case_endings: frozenset[str]


@cache
def _name_words() -> _NameWords:
    data = tomllib.loads(resources.files("newsextract").joinpath("names.toml").read_text(encoding="utf-8"))
    after = frozenset(tuple(form.split()) for form in data["legal_forms_after"])
    before = frozenset(tuple(form.split()) for form in data["legal_forms_before"])
    endings = sorted(data["kind_endings"], key=len, reverse=True)
    return _NameWords(
        forms_after=after,
        forms_before=before,
        longest_form=max(map(len, after | before)),
        forms_glued=tuple(sorted(data["legal_forms_glued"], key=len, reverse=True)),
        kinds=frozenset(data["kind_words"]),
        only_kinds=re.compile(f"(?:{'|'.join(map(re.escape, endings))})+"),
        case_endings=frozenset(data["case_endings"]),
    )


def _fold(text: str) -> str:
    """Fold width, case and the Turkish i; the result is composed."""
    folded = unicodedata.normalize("NFKC", text[:_LONGEST_NAME]).translate(_SPELLINGS_OF_I).casefold()
    return unicodedata.normalize("NFKC", folded)


def _bare(token: str) -> str:
    """Keep letters, digits and the marks that belong to letters."""
    return "".join(character for character in token if unicodedata.category(character)[0] in "LNM")


def _split(name: str) -> tuple[str, ...]:
    """Split a name into folded words without punctuation; dots and slashes join ("S.A." -> "sa")."""
    folded = _BRACKETED_FORM.sub(" ", _fold(name))
    return tuple(filter(None, map(_bare, _BETWEEN_WORDS.split(folded))))


def _without_form(words: tuple[str, ...]) -> tuple[str, ...]:
    """Drop legal forms from both ends, as long as something is left."""
    known = _name_words()
    shorter = words
    while True:
        for length in range(min(known.longest_form, len(words) - 1), 0, -1):
            if words[-length:] in known.forms_after:
                shorter = words[:-length]
                break
            if words[:length] in known.forms_before:
                shorter = words[length:]
                break
        if shorter == words:
            return words
        words = shorter


def _without_glued_form(word: str) -> str:
    for form in _name_words().forms_glued:
        if len(word) > len(form):
            word = word.removesuffix(form)
        if len(word) > len(form):
            word = word.removeprefix(form)
    return word


@lru_cache(maxsize=65_536)
def name_words(name: str) -> tuple[str, ...]:
    """Return the folded words of a name without its legal form: ``("bessemer", "venture", "partners")``."""
    return tuple(_without_glued_form(word) for word in _without_form(_split(name)))


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Return the key under which all ways to write one name are equal.

    Case, width, punctuation, white space and the legal form are folded; accents are kept. A name of
    nothing but a legal form keeps it, one of nothing but punctuation is its own key.
    """
    return _without_glued_form("".join(name_words(name))) or _fold(name).strip()


def _is_inflected(word: str, other: str) -> bool:
    """Tell whether two words are one, with different case endings."""
    if word == other:
        return True
    shared = 0
    for left, right in zip(word, other, strict=False):
        if left != right:
            break
        shared += 1
    if shared < _SHORTEST_STEM:
        return False
    endings = _name_words().case_endings
    return all(not ending or ending in endings for ending in (word[shared:], other[shared:]))


def _names_a_party(words: tuple[str, ...]) -> bool:
    """Tell whether words say more than a kind of organisation."""
    return any(word not in _name_words().kinds and len(word) > 1 for word in words)


def _is_short_form(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Tell whether a name is the beginning of a longer one, or its last word, and can stand for it."""
    if len(short) >= len(full) or not _names_a_party(short):
        return False
    rest = full[len(short) :]
    if any(map(_NUMERAL.fullmatch, rest)):  # a firm and its third fund are two parties
        return False
    if all(_is_inflected(left, right) for left, right in zip(short, full, strict=False)):
        return True
    return len(short) == 1 and len(short[0]) >= _SHORTEST_SURNAME and _is_inflected(short[0], full[-1])


def _is_short_form_unspaced(short: str, full: str) -> bool:
    """The same for scripts without spaces: what the short form leaves out tells only a kind."""
    if not 2 <= len(short) < len(full) or not _UNSPACED.search(full):
        return False
    parts = _TWO_SCRIPTS.fullmatch(full) or _KATAKANA_THEN_KANJI.fullmatch(full)
    if parts is not None and short in parts.groups():
        return True
    only_kinds = _name_words().only_kinds
    return (
        full.startswith(short)
        and only_kinds.fullmatch(full, len(short)) is not None
        and only_kinds.fullmatch(short) is None
    )


def _is_acronym(short: str, full: str) -> bool:
    """Tell whether a short name is the initials ("AGC") or the numeronym ("a16z") of the other."""
    key = "".join(_split(short))
    words = _split(full)
    if len(words) < 2 or not _SHORTEST_ACRONYM <= len(key) <= _LONGEST_ACRONYM:
        return False
    whole = "".join(words)
    if key == f"{whole[0]}{len(whole) - 2}{whole[-1]}":
        return True
    if sum(map(str.isupper, short)) < 2:
        return False
    capitalised = [word for word in _BETWEEN_WORDS.split(full) if word[:1].isupper()]
    return key in ("".join(word[0] for word in words), "".join(_fold(word[0]) for word in capitalised))


def _is_part(short: str, full: str) -> bool:
    short_words, full_words = name_words(short), name_words(full)
    return (
        _is_short_form(short_words, full_words)
        or _is_short_form_unspaced("".join(short_words), "".join(full_words))
        or _is_acronym(short, full)
    )


@lru_cache(maxsize=65_536)
def same_party(name: str, other: str) -> bool:
    """Tell whether two names in one article stand for one party.

    They do where their keys are equal, where they differ in case endings only ("Klarnas"), or where one
    is the beginning ("Bessemer"), the last name, the initials ("AGC") or the numeronym ("a16z") of the
    other. A beginning that only tells a kind ("Deutsche", "Bank") stands for nobody. Symmetric.
    """
    if name_key(name) == name_key(other):
        return True
    name, other = (_ENDING.sub("", one.strip()) for one in (name, other))
    if name_key(name) == name_key(other):
        return True
    first, second = name_words(name), name_words(other)
    if len(first) == len(second) and first and all(map(_is_inflected, first, second)):
        return True
    return _is_part(name, other) or _is_part(other, name)
