"""Candidates for names: every stretch of words that could be one, in any script.

High recall, on purpose: where names are capitalised, every run of capitalised words and its parts;
elsewhere, short runs of words that hold an uncommon one. What is a name, and where its borders are,
is decided by scores over the features computed here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np

from newsextract import languages
from newsextract.context import FAR, Context, Indices, Matrix, Positions
from newsextract.document import Document, build_lexicon, cue_classes
from newsextract.lexicon import Lexicon
from newsextract.vocabulary import Vocabulary, vocabulary

_LONGEST_NAME = 7  # units
_MOST_CANDIDATES = 20_000
_COMMON = 5.3  # Zipf: words above are ordinary where a language has no capitals
_SHORTEST_STEM = 3
_FUNCTION = 6.5  # Zipf: words above do not start or end a name there
_OPENING = frozenset("\"'«„“‘「『《‹(（[【")
_CLOSING = frozenset("\"'»“”’」』》›)）]】")
_QUOTED = re.compile(r"[«„“「『《‹\"]([^«»„“”「」『』《》‹›\"\n]{1,60})[»“”」』》›\"]")
_DOMAIN = re.compile(
    r"^[\w-]{2,40}\.(?:io|ai|com|de|fr|app|co|net|org|vc|eu|tech|me|bio|xyz|ng|ma|pl|it|es|se|dk|no|fi|nl)$"
)


@dataclass(frozen=True)
class Units:
    """The words of a document, in parallel arrays: offsets, and what each word looks like.

    For languages without spaces these are the words that the vocabulary cuts, elsewhere tokens; a
    separable particle at the end of a Korean word is left out of its unit.
    """

    start: Indices
    end: Indices
    zipf: Matrix
    head: Matrix
    capital: Matrix
    letter: Matrix
    digit: Matrix
    western: Matrix
    kana: Matrix
    mixed: Matrix
    joiner: Matrix
    article: Matrix
    conjunction: Matrix
    comma: Matrix
    organisation: Matrix
    person: Matrix
    not_name: Matrix
    legal: Matrix
    cue: Matrix
    number: Matrix
    particle: Matrix
    text: tuple[str, ...]


@cache
def _name_words(code: str) -> dict[str, frozenset[str]]:
    names = languages.load(code).names
    from newsextract.lexicon import fold

    return {key: frozenset(fold(word) for word in getattr(names, key)) for key in type(names).model_fields}


@cache
def _kinds_of_words(code: str) -> Lexicon[str]:
    language = languages.load(code)
    names = language.names
    lists = {"not_name": names.not_names, "organisation": names.organisation_words, "person": names.person_words}
    return build_lexicon(lists, language)


@cache
def _particles(code: str) -> tuple[str, ...]:
    return tuple(sorted(_name_words(code)["particles"], key=len, reverse=True))


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿" or character == "々"


def _is_kana(character: str) -> bool:
    return "぀" <= character <= "ヿ"


def _is_western(character: str) -> bool:
    return character.isalpha() and ord(character) < 0x0250


def _unit_spans(document: Document, words: Vocabulary) -> list[tuple[int, int]]:
    """Cut the text into units."""
    header = document.language.language
    text = document.text
    tokens = document.tokens
    if header.spaced:
        letters = frozenset(prefix for prefix in header.glued_prefixes if len(prefix) == 1)
        if not letters:
            return [(token.start, token.end) for token in tokens]
        return [span for token in tokens for span in _without_prefix(text, token.start, token.end, letters)]
    spans: list[tuple[int, int]] = []
    index = 0
    particles = _particles(header.code)
    hangul_only = "Kore" in header.scripts
    while index < len(tokens):
        token = tokens[index]
        first = text[token.start]
        if _is_han(first) or _is_kana(first):
            end = index
            while end + 1 < len(tokens) and tokens[end + 1].start == tokens[end].end:
                following = text[tokens[end + 1].start]
                if not (_is_han(following) or _is_kana(following)) or tokens[end + 1].end - token.start > 400:
                    break
                end += 1
            run = document.folded[token.start : tokens[end].end]
            position = token.start
            for cut in words.cut(run):
                spans.append((position, token.start + cut))
                position = token.start + cut
            index = end + 1
            continue
        start, stop = token.start, token.end
        if hangul_only and stop - start >= 3:
            word = text[start:stop]
            for particle in particles:
                if word.endswith(particle) and len(word) - len(particle) >= 2:
                    spans.append((start, stop - len(particle)))
                    start = stop - len(particle)
                    break
        spans.append((start, stop))
        index += 1
    return spans


def _without_prefix(text: str, start: int, end: int, letters: frozenset[str]) -> list[tuple[int, int]]:
    """Cut a one-letter prefix off a word, which may or may not be one: a name can start at either unit."""
    if end - start > _SHORTEST_STEM and text[start] in letters:
        return [(start, start + 1), (start + 1, end)]
    return [(start, end)]


def units_of(document: Document, numbers: list[tuple[int, int]]) -> Units:
    """Cut a document into units and look at each; ``numbers`` are stretches that are no names (sums, dates)."""
    code = document.language.language.code
    words = vocabulary(code)
    spans = _unit_spans(document, words)
    text, folded = document.text, document.folded
    count = len(spans)
    lists = _name_words(code)
    surfaces = tuple(text[start:end] for start, end in spans)
    lowered = [folded[start:end] for start, end in spans]
    columns: dict[str, Matrix] = {
        name: np.zeros(count, dtype=np.float32)
        for name in Units.__dataclass_fields__
        if name not in ("start", "end", "text")
    }
    for index, (surface, lower) in enumerate(zip(surfaces, lowered, strict=True)):
        first = surface[0]
        columns["zipf"][index] = words.zipf(lower)
        if first.isalpha() or _is_han(first) or _is_kana(first) or unicodedata.category(first)[0] == "L":
            columns["letter"][index] = 1
            if columns["zipf"][index] == 0 and len(lower) >= 6:
                columns["head"][index] = words.head_zipf(lower)
        columns["capital"][index] = first.isupper() or first.istitle()
        columns["digit"][index] = any(character.isdigit() for character in surface)
        if first.isdigit() and any(character.isalpha() for character in surface):
            columns["letter"][index] = columns["capital"][index] = 1
        columns["western"][index] = _is_western(first)
        columns["kana"][index] = "゠" <= first <= "ヿ"
        inner = surface[1:]
        columns["mixed"][index] = (any(character.isupper() for character in inner) and not surface.isupper()) or bool(
            _DOMAIN.match(lower)
        )
        columns["joiner"][index] = lower in lists["joiners"]
        columns["article"][index] = lower in lists["articles"]
        columns["conjunction"][index] = lower in lists["conjunctions"]
        columns["comma"][index] = surface in (",", "、", "，", "،", "・", "/", ";")
        columns["legal"][index] = lower in lists["legal_forms"]
        columns["particle"][index] = lower in lists["particles"]
    starts = np.array([start for start, _ in spans], dtype=np.int64)
    ends = np.array([end for _, end in spans], dtype=np.int64)
    for match in _kinds_of_words(code).finditer(text, folded=folded):
        for label in match.labels:
            _mark(columns[label], starts, ends, match.start, match.end)
    for cue in document.cues:
        _mark(columns["cue"], starts, ends, cue.start, cue.end)
    for start, end in numbers:
        _mark(columns["number"], starts, ends, start, end)
    return Units(start=starts, end=ends, text=surfaces, **columns)


def _mark(column: Matrix, starts: Indices, ends: Indices, start: int, end: int) -> None:
    first = int(np.searchsorted(ends, start, side="right"))
    last = int(np.searchsorted(starts, end, side="left"))
    column[first:last] = 1


def find_candidates(document: Document, units: Units) -> list[tuple[int, int]]:
    """Return candidates as half-open unit intervals, sorted, without repeats."""
    header = document.language.language
    found: set[tuple[int, int]] = set()
    if header.capitals:
        _capitalised_runs(document, units, found)
    else:
        _uncommon_runs(document, units, found)
        _capitalised_runs(document, units, found)
    for match in _QUOTED.finditer(document.text):
        first = int(np.searchsorted(units.start, match.start(1), side="left"))
        last = int(np.searchsorted(units.end, match.end(1), side="right"))
        if 0 < last - first <= _LONGEST_NAME and not units.number[first:last].all():
            found.add((first, last))
    return sorted(found)[:_MOST_CANDIDATES]


def _touching(document: Document, units: Units, index: int) -> bool:
    """Tell whether a unit and the one before it are separated by nothing but a blank or a line break."""
    gap = document.text[int(units.end[index - 1]) : int(units.start[index])]
    return len(gap) <= 2 and gap.count("\n") <= 1


def _capitalised_runs(document: Document, units: Units, found: set[tuple[int, int]]) -> None:
    """Add all parts of runs of capitalised words, with lower-case joiners inside."""
    count = len(units.text)
    usable = (units.letter > 0) & (units.number == 0)
    lone_digit = (units.digit > 0) & (units.letter == 0) & (units.number == 0)
    starter = ((units.capital > 0) | (units.mixed > 0)) & usable
    if not document.language.language.capitals:
        starter = starter | ((units.western > 0) & (units.number == 0))
    telling = usable & (units.organisation > 0)
    linking = frozenset("&.+'’-–@!/")
    for first in range(count):
        if not (starter[first] or lone_digit[first] or telling[first]):
            continue
        last = first
        described = False  # a word such as "fund" or "university": lower-case words may follow
        while last < count and last - first < _LONGEST_NAME:
            if last > first and not _touching(document, units, last):
                break
            described = described or bool(telling[last])
            if starter[last] or telling[last] or (lone_digit[last] and last > first):
                found.add((first, last + 1))
            elif last > first and units.text[last - 1] in "'’" and len(units.text[last]) <= 2 and usable[last]:
                found.add((first, last + 1))  # "McDonald's"; the form without it is a candidate too
            elif described and usable[last]:
                if not units.joiner[last]:
                    found.add((first, last + 1))
            elif not (units.joiner[last] > 0 or units.text[last] in linking):
                # A lower-case word may stand before the telling one: "Dagens industri fund".
                following = last + 1
                if not (usable[last] and following < count and (telling[following] or telling[last])):
                    break
            last += 1


def _uncommon_runs(document: Document, units: Units, found: set[tuple[int, int]]) -> None:
    """Add short runs of words that hold an uncommon word or one that belongs to organisations' names."""
    count = len(units.text)
    linking = frozenset("・&·-–.＆")
    usable = (units.letter > 0) & (units.number == 0)
    prefix = np.zeros(count, dtype=bool)
    prefix[:-1] = (units.end[:-1] == units.start[1:]) & (units.end[:-1] - units.start[:-1] == 1)
    prefix &= document.language.language.spaced
    edge = usable & ((units.zipf < _FUNCTION) | (units.organisation > 0) | prefix) & (units.particle == 0)
    telling = (units.zipf < _COMMON) | (units.organisation > 0) | (units.western > 0) | (units.kana > 0)
    for first in range(count):
        if not edge[first]:
            continue
        seen = False
        last = first
        while last < count and last - first < _LONGEST_NAME:
            if last > first and not _touching(document, units, last):
                break
            if not (usable[last] or units.text[last] in linking or (units.digit[last] > 0 and units.number[last] == 0)):
                break
            seen = seen or bool(telling[last])
            if seen and (edge[last] or units.digit[last] > 0):
                found.add((first, last + 1))
            last += 1


_FLAGS = (
    "zipf",
    "head",
    "capital",
    "digit",
    "western",
    "kana",
    "mixed",
    "joiner",
    "article",
    "conjunction",
    "comma",
    "organisation",
    "person",
    "not_name",
    "legal",
    "cue",
    "number",
    "particle",
    "letter",
)
_EDGE_FLAGS = ("zipf", "head", "capital", "mixed", "organisation", "not_name", "cue", "kana", "digit", "person")


def candidate_features(
    document: Document,
    context: Context,
    units: Units,
    candidates: list[tuple[int, int]],
    others: dict[str, list[tuple[int, int]]],
) -> Matrix:
    """Describe candidates by numbers, one row each.

    Args:
        others: stretches of other kinds by name (``sum``, ``date``, ``round``, ``count``): the distance
            to the nearest of each kind on both sides becomes a feature.
    """
    count = len(candidates)
    if count == 0:
        return np.zeros((0, 0), dtype=np.float32)
    pairs = np.array(candidates, dtype=np.int64)
    first, last = pairs[:, 0], pairs[:, 1]
    total = len(units.text)
    header = document.language.language
    columns: list[Matrix] = [(last - first).astype(np.float32)]
    columns.append((units.end[last - 1] - units.start[first]).astype(np.float32))
    for name in _FLAGS:
        column: Matrix = getattr(units, name)
        sums = np.concatenate([[0.0], np.cumsum(column)]).astype(np.float32)
        columns.append((sums[last] - sums[first]) / (last - first))
    for name in _EDGE_FLAGS:
        column = getattr(units, name)
        columns.append(column[first])
        columns.append(column[last - 1])
    columns.append(np.array([units.zipf[a:b].min() for a, b in candidates], dtype=np.float32))
    columns.append(np.array([units.zipf[a:b].max() for a, b in candidates], dtype=np.float32))
    # The neighbours on both sides, two deep; a gap (a line break, a sentence border) shows as -1.
    for offset in (1, 2):
        left = first - offset
        right = last - 1 + offset
        for name in _FLAGS:
            column = getattr(units, name)
            columns.append(np.where(left >= 0, column[np.maximum(left, 0)], -1).astype(np.float32))
            columns.append(np.where(right < total, column[np.minimum(right, total - 1)], -1).astype(np.float32))
    surfaces = [document.text[int(units.start[a]) : int(units.end[b - 1])] for a, b in candidates]
    repeats: dict[str, int] = {}
    for surface in surfaces:
        repeats[surface] = repeats.get(surface, 0) + 1
    columns.append(np.array([repeats[surface] for surface in surfaces], dtype=np.float32))
    columns.append(np.array([_occurrences(document.text, surface) for surface in surfaces], dtype=np.float32))
    title = document.text[: document.title_end]
    columns.append(np.array([surface in title for surface in surfaces], dtype=np.float32))
    lowered = document.text
    columns.append(
        np.array([surface[:1].isupper() and surface.lower() in lowered for surface in surfaces], dtype=np.float32)
    )
    text = document.text
    before = [text[int(units.start[a]) - 1] if units.start[a] > 0 else "\n" for a, _ in candidates]
    after = [text[int(units.end[b - 1])] if units.end[b - 1] < len(text) else "\n" for _, b in candidates]
    opened = np.array([character in _OPENING for character in before], dtype=np.float32)
    closed = np.array([character in _CLOSING for character in after], dtype=np.float32)
    columns += [opened, closed, opened * closed]
    columns.append(np.array([character in "(（[" for character in before], dtype=np.float32))
    columns.append(
        np.array([text[int(units.end[b - 1]) :][:2].lstrip()[:1] in ("(", "（") for _, b in candidates]).astype(
            np.float32
        )
    )
    columns.append(np.array([character == "-" for character in after], dtype=np.float32))
    columns.append(np.array([surface.isupper() for surface in surfaces], dtype=np.float32))

    spans = [(int(units.start[a]), int(units.end[b - 1])) for a, b in candidates]
    token_first, token_last = context.token_spans(spans)
    sentence, floor, ceiling = context.sentence_bounds(token_first)
    columns.append((token_first - floor).astype(np.float32))
    columns.append((ceiling - token_last).astype(np.float32))
    columns.append(sentence.astype(np.float32))
    columns.append((sentence / max(1, len(document.sentences))).astype(np.float32))
    paragraph = np.array([document.paragraph_at(start) for start, _ in spans], dtype=np.float32)
    columns.append(paragraph)
    columns.append(np.array([start < document.title_end for start, _ in spans], dtype=np.float32))
    columns.append(np.full(count, len(document.sentences), dtype=np.float32))
    for name in ("spaced", "verb_final", "capitals", "capitals_for_nouns"):
        columns.append(np.full(count, float(getattr(header, name)), dtype=np.float32))
    for stretches in others.values():
        positions = context.positions(stretches)
        columns.append(positions.before(token_first, floor))
        columns.append(positions.after(token_last, ceiling))
    head, tail = _list_borders(units, context, candidates, token_first, token_last)
    columns.append((token_first - head).astype(np.float32))
    columns.append((tail - token_last).astype(np.float32))
    nearest = context.cue_distances(token_first, token_last, cue_classes())
    from_list = context.cue_distances(head, tail, _LIST_CLASSES)
    return np.concatenate([np.stack(columns, axis=1), nearest, from_list], axis=1)


_LIST_CLASSES = (
    "lead_by",
    "lead_verb",
    "join_with",
    "join_verb",
    "source",
    "target",
    "raise_verb",
    "invest_verb",
    "investor_noun",
    "company_noun",
    "customer",
    "adviser",
    "media",
    "person_title",
)


def _occurrences(text: str, surface: str) -> int:
    return min(text.count(surface), 50)


def _list_borders(
    units: Units,
    context: Context,
    candidates: list[tuple[int, int]],
    token_first: Indices,
    token_last: Indices,
) -> tuple[Indices, Indices]:
    """Return where the enumeration around each candidate starts and ends, in tokens.

    "led by A, B and C": for C, the left border is that of A, so that "led by" is near all three.
    """
    covered = np.zeros(len(units.text) + 1, dtype=bool)
    for a, b in candidates:
        covered[a:b] = True
    glue = (units.comma > 0) | (units.conjunction > 0)
    previous_start = np.arange(len(units.text) + 1)
    # For every unit: the start of the chain of candidates and glue that reaches it from the left.
    for index in range(1, len(units.text)):
        linked = covered[index] or glue[index]
        before = covered[index - 1] or glue[index - 1]
        gap = units.start[index] - units.end[index - 1]
        if linked and before and gap <= 2:
            previous_start[index] = previous_start[index - 1]
    next_end = np.arange(1, len(units.text) + 2)
    for index in range(len(units.text) - 2, -1, -1):
        if (covered[index] or glue[index]) and (covered[index + 1] or glue[index + 1]):
            gap = units.start[index + 1] - units.end[index]
            if gap <= 2:
                next_end[index] = next_end[index + 1]
    heads: list[int] = []
    tails: list[int] = []
    for (a, b), own_first, own_last in zip(candidates, token_first, token_last, strict=True):
        head_token = context.token_span(int(units.start[previous_start[a]]), int(units.end[previous_start[a]]))[0]
        end_unit = int(next_end[b - 1]) - 1
        tail_token = context.token_span(int(units.start[end_unit]), int(units.end[end_unit]))[1]
        heads.append(min(head_token, int(own_first)))
        tails.append(max(tail_token, int(own_last)))
    return np.array(heads, dtype=np.int64), np.array(tails, dtype=np.int64)


__all__ = ["FAR", "Positions", "Units", "candidate_features", "find_candidates", "units_of"]
