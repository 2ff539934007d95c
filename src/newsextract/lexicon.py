"""Word lists compiled into one regular expression, for all scripts.

An entry is a word or phrase. ``*`` at the end of a word stands for any further letters
(``"investis*"``); a space matches any run of white space; straight apostrophes and hyphens match
their typographic forms. Matching ignores case. In languages that put spaces between words an entry
matches whole words only (after one of the language's glued prefixes, where it has some); in others,
anywhere, except that a Latin letter or digit never touches another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

LabelT = TypeVar("LabelT")

# At most this many letters are taken by a "*": a bound that keeps matching linear.
_LONGEST_ENDING = 24
_EQUIVALENT = {
    "'": "['’ʼ‘´`]",
    "-": "[-‐‑‒–]",
    " ": r"[ \t\u00a0\u202f\u2009]{1,4}(?:\r?\n[ \t]{0,8})?|\r?\n[ \t]{0,8}",
}
# A letter, digit or vowel sign: what a whole word must not touch. Marks count in the scripts that use them.
_LETTER = r"[^\W_]"
_LETTER_OR_MARK = r"(?:[^\W_]|[\u0300-\u036f\u05b0-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0e31\u0e34-\u0e4e])"
_MARKED_SCRIPTS = re.compile(r"[\u0590-\u06ff\u0900-\u097f\u0e00-\u0e7f]")


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    lowered = character.lower()
    if character in "Iİı":
        return "i"
    return lowered if len(lowered) == 1 else character


def fold(text: str) -> str:
    """Lower-case without changing the length, so that offsets stay true; dotted and dotless i are one."""
    lowered = text.lower()
    if len(lowered) == len(text) and "ı" not in lowered:
        return lowered
    return "".join(map(_fold_character, text))


@dataclass(frozen=True)
class Match(Generic[LabelT]):
    """An entry found: half-open offsets and the labels of its entry."""

    start: int
    end: int
    labels: tuple[LabelT, ...]


class _Node:
    __slots__ = ("children", "labels")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.labels: list[object] = []


def _is_western(character: str) -> bool:
    return character.isalnum() and ord(character) < 0x0590


class Lexicon(Generic[LabelT]):
    """Entries with labels, found in one pass over a text, longest match first."""

    def __init__(
        self,
        entries: Mapping[str, Iterable[LabelT]],
        *,
        spaced: bool = True,
        prefixes: Iterable[str] = (),
    ) -> None:
        self._labels: dict[str, tuple[LabelT, ...]] = {}
        self._stems: dict[str, tuple[LabelT, ...]] = {}
        marked = any(_MARKED_SCRIPTS.search(entry) for entry in entries)
        self._word = _LETTER_OR_MARK if marked else _LETTER
        self._spaced = spaced
        self._prefixes = tuple(prefixes)
        self._root = root = _Node()
        # Entries that must end where a word ends, and the others: one check behind each, not one an entry.
        bounded, free = _Node(), _Node()
        for entry, labels in entries.items():
            folded = fold(" ".join(entry.split()))
            if not folded.strip("* "):
                raise ValueError(f"empty lexicon entry {entry!r}")
            for tree in (root, bounded if self._is_bounded(folded) else free):
                known = tree
                for character in folded:
                    known = known.children.setdefault(character, _Node())
                known.labels.extend(labels)
        self._regex = re.compile(self._pattern(bounded, free)) if entries else None

    def _is_bounded(self, entry: str) -> bool:
        """Tell whether an entry must not be followed by another letter."""
        last = "a" if entry[-1] == "*" else entry[-1]
        if self._spaced:
            return re.match(self._word, last) is not None
        return _is_western(last)

    def _pattern(self, bounded: _Node, free: _Node) -> str:
        """Return the whole expression; the first group holds the entry, without a glued prefix."""
        boundary = f"(?<!{_LETTER})" if self._spaced else r"(?<![a-z0-9])(?=[a-z0-9])|(?![a-z0-9])"
        if self._spaced and self._word != _LETTER:
            boundary = f"(?<!{_LETTER})(?<!{self._word[3:-1].split('|')[1]})"
        start = f"(?:{boundary})"
        if self._prefixes:
            # As little as possible: "السلسلة" is an entry of its own before it is a prefix and "سلسلة".
            glued = "|".join(re.escape(prefix) for prefix in sorted(self._prefixes, key=len))
            start = rf"{start}(?:{glued})??"
        parts: list[str] = []
        if free.children:
            parts.append(self._branch(free))
        if bounded.children:
            stop = f"(?!{self._word})" if self._spaced else r"(?![a-z0-9])"
            parts.append(self._branch(bounded) + stop)
        return f"{start}({'|'.join(parts)})"

    def _branch(self, node: _Node) -> str:
        branches: list[str] = []
        for character, child in sorted(node.children.items(), key=lambda item: (item[0] == "*", item[0])):
            if character == "*":
                literal = f"{self._word}{{0,{_LONGEST_ENDING}}}"
            elif character == " ":
                literal = f"(?:{_EQUIVALENT[' ']})"
            else:
                literal = _EQUIVALENT.get(character) or re.escape(character)
            inner = self._branch(child) if child.children else ""
            branches.append(literal + (f"(?:{inner}|)" if inner and child.labels else inner))
        return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"

    @lru_cache(maxsize=20_000)  # noqa: B019 - lexicons live as long as the process
    def _labels_of(self, surface: str) -> tuple[LabelT, ...]:
        """Find the labels of a matched surface by walking the trie, longest literal first."""
        found: list[tuple[int, list[object]]] = []

        def walk(node: _Node, position: int, literal: int) -> None:
            if position == len(surface):
                if node.labels:
                    found.append((literal, node.labels))
                star = node.children.get("*")
                if star is not None and star.labels:
                    found.append((literal, star.labels))
                return
            character = surface[position]
            for key, child in node.children.items():
                if key == "*":
                    for end in range(position, min(len(surface), position + _LONGEST_ENDING) + 1):
                        walk(child, end, literal)
                        if end < len(surface) and not re.match(self._word, surface[end]):
                            break
                elif key == " ":
                    end = position
                    while end < len(surface) and surface[end].isspace():
                        end += 1
                    if end > position:
                        walk(child, end, literal + 1)
                elif key == character or (key in _EQUIVALENT and character in _EQUIVALENT[key]):
                    walk(child, position + 1, literal + 1)

        walk(self._root, 0, 0)
        if not found:
            return ()
        best = max(literal for literal, _ in found)
        labels: dict[object, None] = {}
        for literal, names in found:
            if literal == best:
                labels.update(dict.fromkeys(names))
        return tuple(labels)  # type: ignore[arg-type]

    def finditer(self, text: str, *, folded: str | None = None) -> Iterator[Match[LabelT]]:
        """Yield the entries in ``text``, left to right, without overlap. ``folded`` is ``fold(text)``."""
        if self._regex is None:
            return
        haystack = fold(text) if folded is None else folded
        for match in self._regex.finditer(haystack):
            if match.end(1) > match.start(1):
                yield Match(match.start(1), match.end(1), self._labels_of(match.group(1)))
