"""Annotated articles changed on the fly, so that the model learns the sentences and not the names in them."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from newsextract.corpus import AnnotatedDocument, AnnotatedSpan

_NAMES = ("company", "lead", "investor", "org", "person")
_SUMS = ("amount", "tranche", "contribution", "valuation", "total", "prior_total", "money")
_SWAP_NAME = 0.4
_CHANGE_DIGITS = 0.4
_LOWER_CASE = 0.02
_NO_ACCENTS = 0.02


def script_of(text: str) -> str:
    """Return the script of a text's first letter, as Unicode names it."""
    for character in text:
        if character.isalpha():
            return unicodedata.name(character, "OTHER").split(" ")[0]
    return "OTHER"


class NameBank:
    """Names of annotated articles by kind and script, to draw others from."""

    def __init__(self, documents: Iterable[AnnotatedDocument]) -> None:
        self._names: dict[tuple[str, str], list[str]] = {}
        for document in documents:
            for span in document.spans:
                if span.label in _NAMES:
                    self._names.setdefault(self._kind(span.label, span.text), []).append(span.text)

    @staticmethod
    def _kind(label: str, text: str) -> tuple[str, str]:
        kind = "person" if label == "person" else "investor" if label in ("lead", "investor") else label
        return kind, script_of(text)

    def draw(self, label: str, text: str, source: random.Random) -> str:
        """Return another name of the same kind and script; the same one where there is none."""
        names = self._names.get(self._kind(label, text))
        return source.choice(names) if names else text


@dataclass(frozen=True)
class Changed:
    """A changed title and text with the spans moved along."""

    title: str | None
    text: str
    spans: tuple[AnnotatedSpan, ...]


def augment(document: AnnotatedDocument, bank: NameBank, source: random.Random) -> Changed:
    """Swap names within kind and script, change digits of sums, at times damage case or accents."""
    swapped: dict[str, str] = {}
    for span in document.spans:
        if span.label in _NAMES and span.text not in swapped:
            swap = source.random() < _SWAP_NAME
            swapped[span.text] = bank.draw(span.label, span.text, source) if swap else span.text
    change_digits = source.random() < _CHANGE_DIGITS
    parts: list[str] = []
    spans: list[AnnotatedSpan] = []
    position = length = 0
    for span in document.spans:
        surface = span.text
        if span.label in _NAMES:
            surface = swapped[surface]
        elif span.label in _SUMS and change_digits:
            surface = _other_digits(surface, source)
        before = document.text[position : span.start]
        parts += [before, surface]
        start = length + len(before)
        spans.append(replace(span, start=start, end=start + len(surface), text=surface))
        length = start + len(surface)
        position = span.end
    parts.append(document.text[position:])
    text = "".join(parts)
    title = document.title
    if title is not None:
        for old, new in swapped.items():
            title = title.replace(old, new)
    damage = source.random()
    if damage < _LOWER_CASE:
        text = _same_length(text, str.lower)
    elif damage < _LOWER_CASE + _NO_ACCENTS:
        text = _same_length(text, lambda character: unicodedata.normalize("NFD", character)[0])
    return Changed(title, text, tuple(spans))


def _other_digits(text: str, source: random.Random) -> str:
    return "".join(
        str(source.randint(1, 9)) if character in "123456789" and source.random() < 0.6 else character
        for character in text
    )


def _same_length(text: str, change: object) -> str:
    result = [change(character) for character in text]  # type: ignore[operator]
    return "".join(new if len(new) == 1 else old for new, old in zip(result, text, strict=True))


__all__ = ["Changed", "NameBank", "augment", "script_of"]
