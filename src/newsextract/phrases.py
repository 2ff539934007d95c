"""Phrases matched at one given position of a text, forwards or backwards, in any script.

Entries are written as in :mod:`newsextract.lexicon`: ``*`` stands for any further letters, a space for
any white space. Unlike a lexicon, which scans a text, a :class:`Phrases` answers "what stands here?"
and gives the value of the longest entry; it is what hand-written parsers are made of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Generic, TypeVar

from newsextract.lexicon import fold

ValueT = TypeVar("ValueT")

# Letters, digits and the marks that are part of a word in Arabic, Devanagari, Thai and decomposed Latin.
WORD = r"\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
GAP = r"(?:[ \t\u00a0\u202f\u2009\u3000]{1,3}(?:\r?\n[ \t]{0,8})?|\r?\n[ \t]{0,8}(?![\r\n]))"

# What goes on a word of a script that puts spaces between words: any of the above but CJK letters.
_SAME_WORD = rf"(?:(?![\u2e80-\ud7ff\uf900-\uffff])[{WORD}])"
_LONGEST = 64
_STEM_ENDING = r"\w{0,20}"
_VARIANTS = {"'": "['’ʼ‘´`]", "-": "[-‐‑‒–]", " ": GAP}
_KEPT_SURFACES = 5000


def _western(character: str) -> bool:
    return character.isalnum() and ord(character) < 0x0E80


class _Node(Generic[ValueT]):
    __slots__ = ("children", "values")

    def __init__(self) -> None:
        self.children: dict[str, _Node[ValueT]] = {}
        self.values: list[ValueT] = []


class Phrases(Generic[ValueT]):
    """Entries with values; the first value given for an entry counts.

    ``bounded`` asks that an entry ending in a letter of a script that puts spaces between words is not
    followed by a letter.
    """

    def __init__(self, entries: Iterable[tuple[str, ValueT]], *, bounded: bool = True) -> None:
        self._bounded = bounded
        self._root: _Node[ValueT] = _Node()
        self._mirror: _Node[ValueT] = _Node()
        self._surfaces: dict[tuple[str, bool], ValueT | None] = {}
        # Entries that must end where a word ends, and the others: one check behind each, not one an entry.
        sides: list[tuple[_Node[ValueT], _Node[ValueT]]] = [(_Node(), _Node()), (_Node(), _Node())]
        for entry, value in entries:
            for form in _forms(entry):
                for mirrored, root in enumerate((self._root, self._mirror)):
                    written = form[::-1] if mirrored else form
                    _insert(root, written, value)
                    _insert(sides[mirrored][0 if self._is_bounded(written) else 1], written, value)
        # Most places are told by one character to hold no entry.
        self._first = _possible(self._root)
        self._last = _possible(self._mirror)
        self._forwards = self._compiled(*sides[0], False)
        self._backwards = self._compiled(*sides[1], True)

    @property
    def pattern(self) -> str | None:
        """The expression of the entries, read forwards; None where there are none."""
        return "|".join(pattern.pattern for pattern in self._forwards) or None

    def match(self, folded: str, position: int) -> tuple[int, ValueT] | None:
        """Return the end and the value of the longest entry that starts at the position."""
        if self._first is not None and folded[position : position + 1] not in self._first:
            return None
        best = _longest(self._forwards, folded, position)
        value = self._value(best.group(), False) if best is not None else None
        return None if best is None or value is None else (best.end(), value)

    def match_before(self, folded: str, position: int) -> tuple[int, ValueT] | None:
        """Return the start and the value of the longest entry that ends at the position."""
        if not position or (self._last is not None and folded[position - 1] not in self._last):
            return None
        mirrored = folded[max(0, position - _LONGEST) : position][::-1]
        best = _longest(self._backwards, mirrored, 0)
        value = self._value(best.group(), True) if best is not None else None
        return None if best is None or value is None else (position - best.end(), value)

    def _is_bounded(self, form: str) -> bool:
        """Tell whether what follows the form must not continue its last word."""
        last = "a" if form[-1] == "*" else form[-1]
        return self._bounded and last.isalnum() and _western(last)

    def _compiled(self, bounded: _Node[ValueT], free: _Node[ValueT], mirrored: bool) -> tuple[re.Pattern[str], ...]:
        patterns: list[str] = []
        if bounded.children:
            # Read backwards, words never start inside a word.
            stop = r"(?![^\W\d_\u2e80-\uffff])" if mirrored else rf"(?!{_SAME_WORD})"
            patterns.append(self._branch(bounded, mirrored) + stop)
        if free.children:
            patterns.append(self._branch(free, mirrored))
        return tuple(re.compile(f"(?:{pattern})") for pattern in patterns)

    def _branch(self, node: _Node[ValueT], mirrored: bool) -> str:
        branches: list[str] = []
        for character, child in sorted(node.children.items(), key=lambda item: (item[0] == "*", item[0])):
            if character == "*":
                # Read backwards the ending comes first: as little as it takes.
                literal = _STEM_ENDING + ("?" if mirrored and not child.values else "")
            else:
                literal = _VARIANTS.get(character) or re.escape(character)
            inner = self._branch(child, mirrored) if child.children else ""
            branches.append(literal + (f"(?:{inner}|)" if inner and child.values else inner))
        return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"

    def _value(self, surface: str, mirrored: bool) -> ValueT | None:
        key = (surface, mirrored)
        if key not in self._surfaces:
            if len(self._surfaces) > _KEPT_SURFACES:
                self._surfaces.clear()
            self._surfaces[key] = _walk(self._mirror if mirrored else self._root, surface)
        return self._surfaces[key]


def _longest(patterns: tuple[re.Pattern[str], ...], text: str, position: int) -> re.Match[str] | None:
    best: re.Match[str] | None = None
    for pattern in patterns:
        match = pattern.match(text, position)
        if match is not None and (best is None or match.end() > best.end()):
            best = match
    return best


def _possible(root: _Node[ValueT]) -> frozenset[str] | None:
    """Return the characters that entries start with; None where a "*" allows any."""
    if "*" in root.children:
        return None
    return frozenset(sign for key in root.children for sign in _VARIANTS.get(key, key))


def _forms(entry: str) -> set[str]:
    """Return the entry as texts may encode it: composed, decomposed, with and without composed nuktas."""
    folded = fold(" ".join(entry.split()))
    if not folded.strip("* "):
        raise ValueError(f"empty entry {entry!r}")
    composed = unicodedata.normalize("NFC", folded)
    forms = {folded, composed, unicodedata.normalize("NFD", folded)}
    nukta = composed
    for plain, joined in (("\u0921\u093c", "\u095c"), ("\u0922\u093c", "\u095d"), ("\u091c\u093c", "\u095b")):
        nukta = nukta.replace(plain, joined)
    return forms | {nukta}


def _insert(root: _Node[ValueT], form: str, value: ValueT) -> None:
    node = root
    for character in form:
        node = node.children.setdefault(character, _Node())
    node.values.append(value)


def _walk(root: _Node[ValueT], surface: str) -> ValueT | None:
    """Find the value of a matched surface: of the entry with the most letters of its own."""
    best: tuple[int, ValueT] | None = None
    stack: list[tuple[_Node[ValueT], int, int]] = [(root, 0, 0)]
    while stack:
        node, position, own = stack.pop()
        if position == len(surface) and node.values and (best is None or own > best[0]):
            best = (own, node.values[0])
        for key, child in node.children.items():
            if key == "*":
                end = position
                while True:
                    stack.append((child, end, own))
                    if end == len(surface) or surface[end].isspace():
                        break
                    end += 1
            elif position == len(surface):
                continue
            elif key == " ":
                end = position
                while end < len(surface) and surface[end].isspace():
                    end += 1
                if end > position:
                    stack.append((child, end, own + 1))
            elif surface[position] == key or surface[position] in _VARIANTS.get(key, ""):
                stack.append((child, position + 1, own + 1))
    return None if best is None else best[1]
