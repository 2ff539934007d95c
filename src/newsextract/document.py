"""An article as the extractors see it: one text, with its sentences, tokens and cues.

Title and body are joined by an empty line, so that one set of offsets serves both;
:meth:`Document.mention` turns a stretch back into offsets of the title or the body as given. The
joined text is normalised (NFC); where that changes lengths, an alignment keeps the offsets true.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from newsextract import languages
from newsextract.languages.model import Language
from newsextract.lexicon import Lexicon, Match, fold
from newsextract.records import Mention

SEPARATOR = "\n\n"

# Vowel signs and other marks that belong to the letter before them, in the scripts we read.
_MARK = r"\u0300-\u036f\u05b0-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0e31\u0e34-\u0e4e\u200c\u200d"
_LETTER = rf"(?:[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[{_MARK}])"
_TOKEN = re.compile(
    r"[\u3040-\u30ff]{1,60}"  # a run of kana
    r"|[\u3400-\u9fff\uf900-\ufaff々]"  # one Han character
    rf"|{_LETTER}{{1,80}}(?:[-‐‑.&+_@]{_LETTER}{{1,80}}){{0,8}}"
    r"|\S"
)
_SENTENCE_END = re.compile(r"[.!?…؟।](?:[\"'”’»)\]]|”)*(?=[ \u00a0\n])|[。！？](?:[」』”）])*|\n[ \t\r]*\n\s*|\n")
_WRAPPED_WIDTH = 60


@dataclass(frozen=True)
class Span:
    """Half-open offsets into a document's joined text."""

    start: int
    end: int


def _align(original: str, normal: str) -> list[int] | None:
    """Map every offset of the normal form to one of the original; None where they are the same."""
    if original == normal:
        return None
    offsets: list[int] = []
    start = 0
    length = len(original)
    while start < length:
        end = start + 1
        while end < length and unicodedata.combining(original[end]):
            end += 1
        piece = unicodedata.normalize("NFC", original[start:end])
        offsets.extend([start] * len(piece))
        start = end
    offsets.append(length)
    # Rare compositions across the boundaries used here (Hangul jamo) change the length: no alignment then.
    return offsets if len(offsets) == len(normal) + 1 else []


class Document:
    """A title and a body, read in one language.

    Args:
        body: the article's text as given.
        title: its title as given, or None.
        language: the language file to read it by.
    """

    def __init__(self, body: str, title: str | None, language: Language) -> None:
        self.language = language
        self._title = title or ""
        self._body = body
        joined = self._title + SEPARATOR + body if self._title else body
        normal = joined if unicodedata.is_normalized("NFC", joined) else unicodedata.normalize("NFC", joined)
        alignment = _align(joined, normal)
        if alignment == []:
            normal, alignment = joined, None
        self.text = normal
        self._joined = joined
        self._alignment = alignment
        self.body_start = len(self._title) + len(SEPARATOR) if self._title else 0

    @cached_property
    def folded(self) -> str:
        """The text in lower case, of the same length."""
        return fold(self.text)

    @cached_property
    def title_end(self) -> int:
        """Offset in the joined text where the title ends; 0 without a title."""
        if not self._title:
            return 0
        if self._alignment is None:
            return len(self._title)
        return bisect_right(self._alignment, len(self._title) - 1)

    def mention(self, start: int, end: int) -> Mention:
        """Return the stretch as a mention of the title or the body, in their own offsets."""
        if self._alignment is not None:
            start, end = self._alignment[start], self._alignment[end]
        if start < len(self._title):
            end = min(end, len(self._title))
            return Mention(start=start, end=end, text=self._title[start:end], source="title")
        start, end = start - self.body_start, end - self.body_start
        return Mention(start=start, end=end, text=self._body[start:end])

    @cached_property
    def paragraphs(self) -> list[Span]:
        """Stretches between empty lines."""
        return [Span(m.start(), m.end()) for m in re.finditer(r"\S(?:[^\n]|\n(?![ \t\r]*\n)){0,}", self.text)]

    @cached_property
    def sentences(self) -> list[Span]:
        """Sentences, in order; line breaks inside hard-wrapped paragraphs do not end one."""
        spans: list[Span] = []
        start = 0
        for match in _SENTENCE_END.finditer(self.text):
            end = match.end()
            if self._continues(start, match):
                continue
            if self.text[start:end].strip():
                spans.append(Span(start, end))
            start = end
        if self.text[start:].strip():
            spans.append(Span(start, len(self.text)))
        return spans

    def _continues(self, start: int, match: re.Match[str]) -> bool:
        """Tell whether a full stop or a line break stands inside a sentence."""
        mark = match.group()
        if mark == "\n":
            line_start = self.text.rfind("\n", 0, match.start()) + 1
            before = self.text[line_start : match.start()]
            wrapped = _WRAPPED_WIDTH <= len(before.rstrip()) <= 2 * _WRAPPED_WIDTH + 20
            return wrapped and before.rstrip()[-1:] not in ".!?:。！？।"
        if not mark.startswith("."):
            return False
        following = self.text[match.end() : match.end() + 3].lstrip()
        if following and (following[0].islower() or following[0] in ",;)"):
            return True
        word_start = match.start()
        while word_start > start and not self.text[word_start - 1].isspace() and match.start() - word_start < 16:
            word_start -= 1
        word = fold(self.text[word_start : match.start()]).lstrip("(\"'«„“")
        if len(word) == 1 and word.isalpha():
            return True
        return word in _abbreviations(self.language.language.code)

    @cached_property
    def tokens(self) -> list[Span]:
        """Words, single Han characters, runs of kana and signs."""
        return [Span(m.start(), m.end()) for m in _TOKEN.finditer(self.text)]

    @cached_property
    def token_starts(self) -> list[int]:
        """Start offsets of the tokens."""
        return [token.start for token in self.tokens]

    def token_at(self, offset: int) -> int:
        """Return the index of the token at or before an offset; -1 before the first."""
        return bisect_right(self.token_starts, offset) - 1

    @cached_property
    def sentence_starts(self) -> list[int]:
        """Start offsets of the sentences."""
        return [sentence.start for sentence in self.sentences]

    def sentence_at(self, offset: int) -> int:
        """Return the index of the sentence around an offset."""
        return max(0, bisect_right(self.sentence_starts, offset) - 1)

    @cached_property
    def paragraph_starts(self) -> list[int]:
        """Start offsets of the paragraphs."""
        return [paragraph.start for paragraph in self.paragraphs]

    def paragraph_at(self, offset: int) -> int:
        """Return the index of the paragraph around an offset."""
        return max(0, bisect_right(self.paragraph_starts, offset) - 1)

    @cached_property
    def cues(self) -> list[Match[str]]:
        """Cue words of the language file, left to right; a cue's labels are its classes."""
        return list(cue_lexicon(self.language.language.code).finditer(self.text, folded=self.folded))


def build_lexicon(classes: Mapping[str, Sequence[str]], language: Language) -> Lexicon[str]:
    """Compile word lists by class into one lexicon that follows the language's spelling."""
    entries: dict[str, list[str]] = {}
    for name, words in classes.items():
        for word in words:
            entries.setdefault(word, []).append(name)
    header = language.language
    return Lexicon(entries, spaced=header.spaced, prefixes=header.glued_prefixes)


@cache
def cue_lexicon(code: str) -> Lexicon[str]:
    """Return the compiled cues of a language."""
    language = languages.load(code)
    return build_lexicon({name: getattr(language.cues, name) for name in cue_classes()}, language)


@cache
def cue_classes() -> tuple[str, ...]:
    """Return the names of all cue classes, in their fixed order."""
    from newsextract.languages.model import Cues

    return tuple(Cues.model_fields)


@cache
def _abbreviations(code: str) -> frozenset[str]:
    """Words that a full stop may follow inside a sentence."""
    names = languages.load(code).names
    words = {word.rstrip(".") for word in (*names.legal_forms, *names.person_words) if word.endswith(".")}
    scales = {"mio", "mill", "mrd", "md", "mln", "mld", "bn", "tys", "млн", "млрд", "тыс", "тис", "mil", "mia"}
    general = {
        "no",
        "nr",
        "vs",
        "ca",
        "st",
        "approx",
        "resp",
        "bzw",
        "proc",
        "kb",
        "fr",
        "rs",
        "u.s",
        "u.k",
        "e.g",
        "i.e",
    }
    return frozenset(fold(word) for word in words | scales | general)
