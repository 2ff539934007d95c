"""Sums of money in running text: one grammar for all languages, fed by their files.

A sum is a quantity (:mod:`newsextract.numbers`) with a currency before it, after it, or between numeral
and scale. The grammar reads a text in four steps, each linear in its length:

1. **pieces**: every quantity with the currency that stands at it;
2. **groups**: quantities that share a currency or scale with a neighbour ("3, 4 and 12 million euros",
   "6 à 8 M€", "from 24 to 17 dollars"), and ranges, which become one sum with an upper value;
3. **follow-ups**: quantities without any currency that must be sums all the same ("of the 20 million, 5
   million are debt") take the currency of the sum before them;
4. **decisions**: open words become one currency (see :mod:`newsextract.currencies`), words around the sum
   its qualifier, and a second currency right after a sum its conversion.

A span holds number, scale and currency; a qualifier stays outside, except in a range. No sum crosses an
empty line.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from newsextract import currencies, languages
from newsextract.languages.model import Language
from newsextract.lexicon import Lexicon, fold
from newsextract.numbers import NumberGrammar, Quantity
from newsextract.phrases import GAP, Phrases
from newsextract.records import Money, Qualifier

_ONE = Decimal(1)
_HUNDREDTH = Decimal("0.01")
_THOUSAND = Decimal(1000)
_MILLION = Decimal(1_000_000)
_GAP = re.compile(GAP)
_JOINED = re.compile(rf"{GAP}|[-‐‑‒–](?=\w)")
_GAP_BEFORE = re.compile(r"[ \t\u00a0\u202f\u2009\u3000]{1,3}$|[ \t]{0,2}\r?\n[ \t]{0,3}$")
_DASHES = "-–—−‐‑~〜～∼－"
_LIST_SIGNS = ",、，;؛/·،"
_OPENING = "([（［〔「"
_YEAR_LOW, _YEAR_HIGH = 1900, 2100
_SENTENCE_END = re.compile(r"[\s\u00a0]*\Z|[ \t\u00a0]*\r?\n|[ \t\u00a0]+(?:[–—-] )?[«„“\"(•–—-]{0,2}[^\W_a-zа-яёіїєґ]")
_SENTENCE_BREAK = re.compile(r"[.!?]\s|[。！？\n]")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
# Prepositions are shorter than most adjectives that stand between a number and its noun.
_SHORTEST_ADJECTIVE = 5
_SHORTEST_NOUN = 4
# How far back a sum may be that a bare number repeats the currency of.
_FAR = 240
_LONGEST_LIST = 16
_NEXT_WORD = re.compile(r"[^\W\d_]{1,24}")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_LONGEST_SUFFIX = re.compile(r",[-–—]{1,2}(?!\d)")


@dataclass(frozen=True)
class FoundSum:
    """A sum found: half-open offsets, value, and what the text says about it.

    ``conversion_of`` is the index, in the list that holds the sum, of the sum it restates in another
    currency; ``bare`` tells that the currency was taken from the context; ``qualifier_start`` is where the
    sum starts with its qualifier words.
    """

    start: int
    end: int
    value: Decimal
    upper: Decimal | None
    currency: str
    qualifier: Qualifier
    conversion_of: int | None
    bare: bool
    qualifier_start: int


@dataclass(frozen=True)
class _Unit:
    """A currency word: what it names, how much of it, and whether it is a sign or code."""

    target: str
    factor: Decimal = _ONE
    sign: bool = False


@dataclass
class _Piece:
    """A quantity on its way to become a sum."""

    start: int
    end: int
    value: Decimal
    quantity: Quantity
    unit: _Unit | None = None
    before: bool = False
    after: bool = False
    excess: bool = False
    shared: bool = False
    upper: Decimal | None = None
    bare: bool = False
    dropped: bool = False

    @property
    def scaled(self) -> bool:
        return self.quantity.scale > 1


class _Context:
    """What currency a sum without one has: that of the last sum of its paragraph, else that of
    the language where the text names it, else the text's usual one.

    Sums in brackets restate others and decide nothing.
    """

    def __init__(self, text: str, anchors: list[_Piece], default: _Unit) -> None:
        self._breaks = [match.start() for match in _PARAGRAPH.finditer(text)] if anchors else []
        self._anchors = [anchor for anchor in anchors if not _in_brackets(text, anchor.start)] or anchors
        self._starts = [anchor.start for anchor in self._anchors]
        units = Counter(anchor.unit for anchor in self._anchors if anchor.unit is not None)
        at_home = [unit for unit in units if unit.target == default.target]
        self._usual = at_home[0] if at_home else max(units, key=lambda unit: units[unit], default=default)

    def unit_at(self, position: int) -> _Unit:
        """Return the currency of a sum without one that starts at the position."""
        place = bisect_right(self._starts, position)
        if not place:
            return self._usual
        anchor = self._anchors[place - 1]
        together = bisect_right(self._breaks, anchor.start) == bisect_right(self._breaks, position)
        return anchor.unit if together and anchor.unit is not None else self._usual


class MoneyGrammar:
    """Finds the sums of one language's texts."""

    def __init__(self, language: Language) -> None:
        self._language = language
        data = language.money
        self._numbers = NumberGrammar(language)
        after: list[tuple[str, _Unit]] = []
        for written, words in data.scaled_names.items():
            factor, target = written.split()
            after += [(word, _Unit(target, Decimal(factor))) for word in words]
        for target, words in data.subunits.items():
            after += [(word, _Unit(target, _HUNDREDTH)) for word in words]
        after += [(sign, _Unit(target, sign=True)) for sign, target in currencies.signs_after()]
        for target, words in data.names.items():
            after += [(word, _Unit(target)) for word in words]
        after += [(name, _Unit(code)) for name, code in currencies.cldr_names(language.language.code)]
        self._after = Phrases(after)
        before = [(word, _Unit(target, sign=True)) for target, words in data.before.items() for word in words]
        before += [(sign, _Unit(target, sign=True)) for sign, target in currencies.signs_before()]
        self._before = Phrases(before)
        cues, names = language.cues, language.names
        phrases = (*names.articles, *names.conjunctions, *cues.source, *cues.target, *data.changes, *data.parts)
        # Words that start another phrase, behind which no counted noun of this one is looked for.
        self._function_words = frozenset(fold(phrase.split()[0]) for phrase in phrases)
        lists = [*language.numbers.scales.values(), *data.names.values(), *data.scaled_names.values()]
        self._usually_pointed = frozenset(
            fold(word) for words in lists for place, word in enumerate(words) if word + "." in words[:place]
        )
        self._connectors = _flags(data.connectors)
        self._genitives = _flags(word for word in data.connectors if word not in language.cues.target)
        self._excess = _flags(language.numbers.excess)
        self._ranges = _flags(data.ranges)
        self._changes = _flags(data.changes)
        self._change_openers = _flags(data.change_openers)
        self._conjunctions = _flags(data.conjunctions, bool(language.language.glued_prefixes))
        self._conversions = _flags(data.conversions)
        self._counted = _flags(data.counted)
        self._parts = _flags(data.parts)
        self._openers = Phrases((opener, opener) for opener, _ in data.between)
        glued = bool(language.language.glued_prefixes)
        self._pairs = {
            fold(opener): _flags((second for first, second in data.between if first == opener), glued)
            for opener, _ in data.between
        }
        spaced = not language.numbers.free
        vague = {word: [Decimal(value)] for value, entries in data.vague_sums.items() for word in entries}
        self._vague_sums: Lexicon[Decimal] = Lexicon(vague, spaced=spaced)
        fixed = {word: [written] for written, entries in data.sums.items() for word in entries}
        self._fixed_sums: Lexicon[str] = Lexicon(fixed, spaced=spaced)
        found = language.qualifiers
        self._qualifiers = Phrases(
            [(word, Qualifier.AT_LEAST) for word in found.at_least]
            + [(word, Qualifier.AT_MOST) for word in found.at_most]
            + [(word, Qualifier.ABOUT) for word in found.about]
        )
        self._qualifiers_after = Phrases(
            [(word, Qualifier.AT_LEAST) for word in found.at_least_after]
            + [(word, Qualifier.AT_MOST) for word in found.at_most_after]
            + [(word, Qualifier.ABOUT) for word in found.about_after]
        )
        self._fillers = _flags(found.fillers)

    @staticmethod
    def of(language: Language) -> MoneyGrammar:
        """Return the grammar of a language, built once."""
        return _grammar_of(language.language.code)

    def find(self, text: str, region: str | None = None) -> list[FoundSum]:
        """Return the sums of a text, sorted by start, without overlap.

        ``region`` is an ISO 3166 country code; it decides what open words like "dollar" stand for.
        """
        folded = fold(text)
        pieces = self._pieces(text, folded)
        if not pieces:
            return []
        self._group(folded, pieces)
        self._follow_up(text, folded, pieces, region)
        kept = [piece for piece in pieces if piece.unit is not None and not piece.dropped]
        if not kept:
            return []
        marked = [
            (p.start, p.unit.target, p.unit.sign) for p in kept if p.unit and p.unit.target.isupper() and not p.bare
        ]
        evidence = currencies.Evidence(self._language, folded, region, marked)
        return self._decide(folded, kept, evidence)

    # Step 1: pieces.

    def _pieces(self, text: str, folded: str) -> list[_Piece]:
        pieces: list[_Piece] = []
        # Plain numbers far behind the last sum count only just before another one.
        waiting: deque[_Piece] = deque(maxlen=_LONGEST_LIST)
        previous = reach = 0
        for quantity in self._numbers.scan(text, folded):
            piece = self._piece(text, folded, quantity, previous)
            if piece is None:
                continue
            previous = piece.end
            if piece.unit is not None or piece.scaled:
                reach = piece.end + _FAR
            elif piece.start > reach:
                waiting.append(piece)
                continue
            pieces += (*waiting, piece)
            waiting.clear()
        return self._with_fixed(text, folded, self._with_subunits(folded, pieces))

    def _piece(self, text: str, folded: str, quantity: Quantity, previous: int) -> _Piece | None:
        piece = _Piece(quantity.start, quantity.end, quantity.value, quantity)
        found_before = self._unit_before(text, folded, quantity.start, previous)
        found_after = self._unit_after(text, folded, piece, found_before is not None)
        if (
            quantity.weak
            and found_after is None
            and (_letter_at(text, quantity.end) or (found_before is None and quantity.end - quantity.numeral_end > 2))
        ):
            # The letter was no scale: "5 members".
            quantity = replace(quantity, end=quantity.numeral_end, value=quantity.plain, scale=_ONE, weak=False)
            piece = _Piece(quantity.start, quantity.end, quantity.value, quantity)
            found_after = self._unit_after(text, folded, piece, found_before is not None)
        if quantity.digits and found_before is None and _letter_before(text, quantity.start):
            return None
        if found_before is not None:
            piece.start, piece.unit, piece.before = found_before[0], found_before[1], True
        if found_after is not None and (piece.unit is None or _compatible(piece.unit, found_after[1])):
            end, unit, excess = found_after
            piece.end, piece.after, piece.excess = end, True, excess
            piece.unit = unit if piece.unit is None or piece.unit.target in currencies.FAMILIES else piece.unit
            piece.value *= unit.factor
            self._scale_after_currency(folded, piece, unit)
        elif piece.before:
            suffix = _LONGEST_SUFFIX.match(folded, piece.end)
            if suffix:
                piece.end = suffix.end()
            excess_match = self._excess.match(folded, piece.end)
            if excess_match:
                piece.end, piece.excess = excess_match[0], True
        self._leave_full_stop(text, folded, piece)
        if piece.unit is None and quantity.words and quantity.scale == 1 and not quantity.digits:
            # A number word alone is a sum only next to one.
            piece.bare = False
        return piece

    def _leave_full_stop(self, text: str, folded: str, piece: _Piece) -> None:
        """Give a point back to the sentence it ends where the last word is also written without: "5 млн."."""
        if text[piece.end - 1] != "." or not _SENTENCE_END.match(text, piece.end):
            return
        word = _LAST_WORD.search(folded, max(piece.start, piece.end - 16), piece.end - 1)
        if word is None:
            return
        plain = word.group()
        found = self._numbers.scale_at(plain, 0) or self._after.match(plain, 0)
        if found is not None and found[0] == len(plain) and plain not in self._usually_pointed:
            piece.end -= 1

    def _scale_after_currency(self, folded: str, piece: _Piece, unit: _Unit) -> None:
        """Read a scale put after a sign: "125 USD millones"."""
        if not unit.sign or piece.scaled:
            return
        found = self._numbers.scale_at(folded, _skip(folded, piece.end))
        if found is not None:
            piece.end = found[0]
            piece.value *= found[1]
            piece.quantity = replace(piece.quantity, scale=found[1])

    def _unit_before(self, text: str, folded: str, start: int, previous: int) -> tuple[int, _Unit] | None:
        for position in (start, _skip_back(folded, start)):
            found = self._before.match_before(folded, position)
            if found is None:
                continue
            begin, unit = found
            surface = text[begin:position]
            if begin < previous or (currencies.needs_capitals(surface) and not surface.isupper()):
                continue
            return begin, unit
        return None

    def _unit_after(self, text: str, folded: str, piece: _Piece, has_before: bool) -> tuple[int, _Unit, bool] | None:
        """Return the end of the currency after the quantity, the currency, and whether "odd" precedes it."""
        start, excess = piece.quantity.end, False
        more = self._excess.match(folded, _skip(folded, start))
        if more is not None:
            start, excess = more[0], True
        position = _skip(folded, start, joined=True)
        connector = self._connectors.match(folded, position) if position > start else None
        starts = [position]
        if connector is not None:
            starts.insert(0, _skip(folded, connector[0]))
        for begin in starts:
            found = self._after.match(folded, begin)
            if found is None:
                continue
            end, unit = found
            surface = text[begin:end]
            if currencies.needs_capitals(surface) and not surface.isupper():
                continue
            if piece.quantity.weak and begin == piece.quantity.end and surface.isalpha() and not surface.isupper():
                # "MSEK" names a currency, "mars" is a month.
                continue
            if unit.sign and self._belongs_to_next(text, folded, piece, begin, end, has_before):
                continue
            return end, unit, excess
        return None

    def _belongs_to_next(self, text: str, folded: str, piece: _Piece, begin: int, end: int, has_before: bool) -> bool:
        """Tell whether a sign between two numbers is the second one's: "in 2021 $5m"."""
        following = _skip(folded, end)
        if not text[following : following + 1].isdigit():
            return False
        if has_before:
            return True
        return begin > piece.quantity.end and (following == end or not piece.scaled)

    def _with_subunits(self, folded: str, pieces: list[_Piece]) -> list[_Piece]:
        """Join a sum and the hundredths after it: "12 roubles 40 kopecks"."""
        joined: list[_Piece] = []
        for piece in pieces:
            last = joined[-1] if joined else None
            if last is not None and self._are_hundredths(folded, last, piece):
                last.end, last.value = piece.end, last.value + piece.value
            else:
                joined.append(piece)
        return joined

    def _are_hundredths(self, folded: str, last: _Piece, piece: _Piece) -> bool:
        if last.unit is None or piece.unit is None or not last.after or last.scaled or piece.value >= 1:
            return False
        if piece.unit.factor != _HUNDREDTH or last.unit.factor != _ONE:
            return False
        if not _compatible(last.unit, piece.unit) and piece.unit.target != "cent":
            return False
        start = _skip(folded, last.end)
        conjunction = self._conjunctions.match(folded, start)
        return start == piece.start or (conjunction is not None and _skip(folded, conjunction[0]) == piece.start)

    def _with_fixed(self, text: str, folded: str, pieces: list[_Piece]) -> list[_Piece]:
        """Add sums that hold no number: "a seven-figure sum", "een ton"."""
        added: list[_Piece] = []
        for match in self._vague_sums.finditer(text, folded=folded):
            quantity = Quantity(match.start, match.end, match.labels[0], _MILLION, vague=True)
            piece = _Piece(match.start, match.end, match.labels[0], quantity)
            found = self._unit_after(text, folded, piece, False)
            if found is not None:
                piece.end, piece.unit, piece.after = found[0], found[1], True
            added.append(piece)
        for fixed in self._fixed_sums.finditer(text, folded=folded):
            value, target = fixed.labels[0].split()
            quantity = Quantity(fixed.start, fixed.end, Decimal(value), _THOUSAND)
            added.append(_Piece(fixed.start, fixed.end, Decimal(value), quantity, _Unit(target), after=True))
        if not added:
            return pieces
        added = [piece for index, piece in enumerate(added) if not any(_overlap(piece, one) for one in added[:index])]
        kept = _without_overlap(pieces, added)
        return sorted([*kept, *added], key=lambda piece: piece.start)

    # Step 2: groups.

    def _group(self, folded: str, pieces: list[_Piece]) -> None:
        index = len(pieces) - 2
        while index >= 0:
            self._share_backwards(folded, pieces, index)
            index -= 1
        for index in range(len(pieces) - 1):
            self._share_forwards(folded, pieces, index)
        for index in range(len(pieces) - 1):
            first, second = pieces[index], pieces[index + 1]
            if not first.dropped and first.unit is not None and second.unit is not None:
                self._join_range(folded, first, second)

    def _between(self, folded: str, first: _Piece, second: _Piece) -> str | None:
        """Name what stands between two pieces: "range", "change", "and", "list", or None."""
        kind = self._joint(folded, first, second)
        if kind == "range" and self._matches_before(self._change_openers, folded, first.start):
            return "change"
        return kind

    def _joint(self, folded: str, first: _Piece, second: _Piece) -> str | None:
        if second.start - first.end > 24 or second.start < first.end:
            return None
        start = _skip(folded, first.end)
        end = _skip_back(folded, second.start)
        if start < end:
            sign = folded[start:end]
            if sign in _DASHES:
                # At the start of a line a dash marks a new item.
                return None if "\n" in folded[first.end : start] else "range"
            if sign in _LIST_SIGNS:
                return "list"
            opener = self._opener(folded, first)
            if opener is not None:
                pair = self._pairs[opener[1]].match(folded, start)
                if pair is not None and pair[0] >= end:
                    return "range"
            for phrases, name in (
                (self._ranges, "range"),
                (self._changes, "change"),
                (self._conjunctions, "and"),
            ):
                found = phrases.match(folded, start)
                if found is not None and _skip(folded, found[0]) >= end:
                    complete = first.unit is not None and second.unit is not None and not first.shared
                    if name == "range" and complete and self._conjunctions.match(folded, start):
                        # "£4m or £5m" are two sums, "10 or 12 million" is one.
                        return "and"
                    return name
            if folded[start] in ",，、":
                found = self._conjunctions.match(folded, _skip(folded, start + 1))
                if found is not None and _skip(folded, found[0]) >= end:
                    return "and"
        return None

    def _opener(self, folded: str, piece: _Piece) -> tuple[int, str] | None:
        found = self._openers.match_before(folded, _skip_back(folded, piece.start))
        return None if found is None else (found[0], fold(found[1]))

    def _share_backwards(self, folded: str, pieces: list[_Piece], index: int) -> None:
        """Give a number without currency that of its right neighbour: "3, |4| and 12 million euros"."""
        first, second = pieces[index], pieces[index + 1]
        if first.unit is not None or second.unit is None or (second.before and not second.after):
            return
        kind = self._between(folded, first, second)
        if kind == "list" and not second.shared:
            return
        if kind is None or (_is_year(first) and (second.scaled or kind != "range")):
            return
        if kind in ("and", "list") and first.quantity.value == 0:
            return
        first.unit, first.shared = second.unit, True
        first.value *= second.unit.factor
        self._share_scale(first, second)

    def _share_forwards(self, folded: str, pieces: list[_Piece], index: int) -> None:
        """Give a number without currency that of its left neighbour: "$30-|35| million"."""
        first, second = pieces[index], pieces[index + 1]
        if first.unit is None or second.unit is not None or (first.after and not first.shared):
            return
        kind = self._between(folded, first, second)
        if kind is None or (kind in ("list", "and") and not second.scaled and not first.shared):
            return
        if not second.scaled and (_is_year(second) or self._is_counted(folded, second)):
            return
        second.unit, second.shared = first.unit, True
        second.value *= first.unit.factor
        self._share_scale(first, second)

    @staticmethod
    def _share_scale(first: _Piece, second: _Piece) -> None:
        if not first.scaled and second.scaled and first.quantity.value < _THOUSAND:
            first.value *= second.quantity.scale
            first.quantity = replace(first.quantity, scale=second.quantity.scale)

    def _join_range(self, folded: str, first: _Piece, second: _Piece) -> None:
        if self._between(folded, first, second) != "range" or first.unit is None or second.unit is None:
            return
        if not _compatible(first.unit, second.unit):
            return
        low = first.value
        if not first.scaled and second.scaled and first.before and first.quantity.value < _THOUSAND:
            # "$30-35 million": the scale belongs to both.
            low *= second.quantity.scale
        if low >= second.value or first.upper is not None:
            first.value = low if first.shared else first.value
            return
        opener = self._opener(folded, first)
        start = first.start
        if opener is not None and self._pairs[opener[1]].match(folded, _skip(folded, first.end)):
            start = opener[0]
        second.upper, second.value, second.start = second.value, low, start
        first.dropped = True

    # Step 3: follow-ups.

    def _follow_up(self, text: str, folded: str, pieces: list[_Piece], region: str | None) -> None:
        """Give currencies to quantities that can only be sums although they name none."""
        anchors = [piece for piece in pieces if piece.unit is not None and not piece.dropped]
        context = _Context(text, anchors, _Unit(currencies.home_currency(self._language, folded, region)))
        last: _Piece | None = None
        for index, piece in enumerate(pieces):
            if piece.unit is not None or piece.dropped:
                last = piece if not piece.dropped else last
                continue
            ranged = index > 0 and self._between(folded, pieces[index - 1], piece) == "range"
            if not self._can_be_bare(text, folded, piece, last, ranged):
                continue
            piece.unit = _Unit(context.unit_at(piece.start).target)
            piece.bare = True
            if not piece.scaled and last is not None and last.scaled and piece.quantity.value < _THOUSAND:
                piece.value *= last.quantity.scale
            last = piece
        for first, second in itertools.pairwise(pieces):
            self._join_bare_range(folded, first, second)

    def _join_bare_range(self, folded: str, first: _Piece, second: _Piece) -> None:
        """Join the ends of a range that names no currency: "between |15| and 20 million"."""
        if not second.bare or second.unit is None or first.dropped or self._between(folded, first, second) != "range":
            return
        if first.unit is None and not _is_year(first):
            first.unit, first.shared, first.bare = second.unit, True, True
            self._share_scale(first, second)
        self._join_range(folded, first, second)

    def _can_be_bare(self, text: str, folded: str, piece: _Piece, last: _Piece | None, ranged: bool) -> bool:
        quantity = piece.quantity
        if self._numbers.is_percentage(folded, quantity) or self._numbers.percent_before(folded, quantity):
            return False
        if quantity.weak and (quantity.scale > _MILLION or quantity.end - quantity.numeral_end > 2):
            return False
        if _letter_at(text, piece.end) or (
            not ranged and text[max(0, piece.start - 1) : piece.start] in tuple("#-–.,/")
        ):
            return False
        if self._is_counted(folded, piece):
            return False
        if self._language.numbers.free and not quantity.digits and quantity.value == quantity.scale:
            # 亿 alone is a sum only with its currency: 近亿元.
            return False
        if quantity.scale >= _MILLION or (self._language.numbers.free and quantity.value >= _MILLION):
            return True
        if piece.scaled:
            # Thousands are counted more often than paid: no noun may follow.
            return (quantity.digits or last is not None) and self._stands_alone(folded, piece.end)
        return last is not None and self._is_part(folded, piece, last)

    def _stands_alone(self, folded: str, end: int) -> bool:
        """Tell whether a number ends its phrase: no word follows, or one that starts another phrase."""
        if self._language.numbers.free:
            return True
        word = _NEXT_WORD.match(folded, _skip(folded, end, joined=True))
        return word is None or word.group() in self._function_words or len(word.group()) < _SHORTEST_NOUN

    def _is_part(self, folded: str, piece: _Piece, last: _Piece) -> bool:
        """Tell whether an unscaled number can only be a sum like the last one: "dont |9|", "€7,000, then |8,700|"."""
        quantity = piece.quantity
        if not quantity.digits or piece.start - last.end > _FAR or _is_year(piece):
            return False
        if _PARAGRAPH.search(folded, last.end, piece.start):
            return False
        together = not _SENTENCE_BREAK.search(folded, last.end, piece.start)
        if together and self._matches_before(self._parts, folded, piece.start):
            return True
        if not self._stands_alone(folded, piece.end):
            return False
        surface = folded[piece.start : piece.end]
        if surface.isdigit():
            return False
        if quantity.value >= _THOUSAND:
            return last.value >= _THOUSAND and last.quantity.scale < _MILLION
        return together and last.quantity.scale >= _MILLION and quantity.value != quantity.value.to_integral_value()

    def _is_counted(self, folded: str, piece: _Piece) -> bool:
        """Tell whether a counted noun follows, at most two adjectives on."""
        position = piece.end
        excess = self._excess.match(folded, position)
        position = _skip(folded, excess[0] if excess is not None else position, joined=True)
        for _ in range(3):
            if self._counted.match(folded, position) is not None:
                return True
            connector = self._genitives.match(folded, position)
            if connector is not None:
                position = _skip(folded, connector[0])
                if self._counted.match(folded, position) is not None:
                    return True
            word = _NEXT_WORD.match(folded, position)
            if word is None or self._language.numbers.free or len(word.group()) < _SHORTEST_ADJECTIVE:
                return False
            if word.group() in self._function_words or self._numbers.is_number_word(folded, position):
                return False
            following = _GAP.match(folded, word.end())
            if following is None:
                return False
            position = following.end()
        return False

    # Step 4: decisions.

    def _decide(self, folded: str, pieces: list[_Piece], evidence: currencies.Evidence) -> list[FoundSum]:
        found: list[FoundSum] = []
        for piece in pieces:
            assert piece.unit is not None
            qualifier, qualifier_start = self._qualifier(folded, piece)
            one = FoundSum(
                piece.start,
                piece.end,
                piece.value,
                piece.upper,
                evidence.resolve(piece.unit.target, piece.start),
                qualifier,
                None,
                piece.bare,
                qualifier_start,
            )
            if found and found[-1].end > one.start:
                continue
            index = len(found) - 1
            if found and self._is_conversion(folded, found[-1], one):
                # A chain "A (B, C)" restates A.
                first = found[-1].conversion_of
                one = replace(one, conversion_of=index if first is None else first)
            found.append(one)
        return found

    def _qualifier(self, folded: str, piece: _Piece) -> tuple[Qualifier, int]:
        start = piece.start
        if piece.upper is not None:
            return Qualifier.RANGE, start
        position = start
        for _ in range(3):
            position = _skip_back(folded, position)
            match = self._qualifiers.match_before(folded, position)
            if match is not None:
                return (Qualifier.AT_LEAST if piece.quantity.vague else match[1]), match[0]
            filler = self._fillers.match_before(folded, position)
            if filler is None:
                break
            position = filler[0]
        if piece.quantity.vague or piece.excess:
            return Qualifier.AT_LEAST, start
        after = self._qualifiers_after.match(folded, _skip(folded, piece.end, joined=True))
        return (after[1] if after is not None else Qualifier.EXACT), start

    def _is_conversion(self, folded: str, first: FoundSum, second: FoundSum) -> bool:
        if first.currency == second.currency or second.bare or second.qualifier_start - first.end > 40:
            return False
        between = folded[first.end : second.qualifier_start].strip()
        if not between:
            return False
        opened = between[0] in _OPENING
        rest = between.strip("([（［〔,，;:=-–—/ ")
        if not rest:
            return opened or between in ("/", "=", "-", "–", "—")
        position = 0
        while position < len(rest):
            match = self._conversions.match(rest, position) or self._qualifiers.match(rest, position)
            match = match or self._fillers.match(rest, position)
            if match is None:
                return False
            position = _skip(rest, match[0])
        return opened or self._conversions.match(rest, 0) is not None

    def _matches_before(self, phrases: Phrases[bool], folded: str, position: int) -> bool:
        return phrases.match_before(folded, _skip_back(folded, position)) is not None


def _flags(words: Iterable[str], glued: bool = False) -> Phrases[bool]:
    """Make a set of words; ``glued`` ones may be written on what follows."""
    return Phrases(((word, True) for word in words), bounded=not glued)


def _skip(folded: str, position: int, joined: bool = False) -> int:
    match = (_JOINED if joined else _GAP).match(folded, position)
    return match.end() if match else position


def _skip_back(folded: str, position: int) -> int:
    window = folded[max(0, position - 8) : position]
    match = _GAP_BEFORE.search(window)
    return position - (len(window) - match.start()) if match else position


def _letter_at(text: str, position: int) -> bool:
    """Tell whether a letter of a script with spaces between words stands here."""
    sign = text[position : position + 1]
    return sign.isalpha() and sign < "\u2e80"


def _letter_before(text: str, position: int) -> bool:
    sign = text[max(0, position - 1) : position]
    return sign.isalpha() and sign < "\u0590"


def _is_year(piece: _Piece) -> bool:
    quantity = piece.quantity
    return (
        quantity.digits
        and not piece.scaled
        and quantity.end - quantity.start == 4
        and _YEAR_LOW <= quantity.value <= _YEAR_HIGH
    )


def _compatible(first: _Unit, second: _Unit) -> bool:
    """Tell whether two currency words can name the same currency."""
    if first.target == second.target:
        return True
    one, other = currencies.FAMILIES.get(first.target), currencies.FAMILIES.get(second.target)
    if one is not None and other is not None:
        return bool(set(one.values()) & set(other.values()))
    if one is not None:
        return second.target in one.values()
    return other is not None and first.target in other.values()


def _in_brackets(text: str, position: int) -> bool:
    """Tell whether a bracket opens shortly before the position."""
    before = text[max(0, position - 24) : position]
    opened = max(before.rfind(sign) for sign in "([（")
    return opened > max(before.rfind(sign) for sign in ")]）")


def _overlap(first: _Piece, second: _Piece) -> bool:
    return first.start < second.end and second.start < first.end


def _without_overlap(pieces: list[_Piece], added: list[_Piece]) -> list[_Piece]:
    """Drop the pieces that overlap one of those added (both sorted by start)."""
    spans = sorted((piece.start, piece.end) for piece in added)
    starts = [start for start, _ in spans]
    kept: list[_Piece] = []
    for piece in pieces:
        place = bisect_right(starts, piece.end - 1)
        if not place or spans[place - 1][1] <= piece.start:
            kept.append(piece)
    return kept


@cache
def _grammar_of(code: str) -> MoneyGrammar:
    return MoneyGrammar(languages.load(code))


def find_money(text: str, language: str | None = None, region: str | None = None) -> list[Money]:
    """Find all sums of money in a text.

    Args:
        text: any text; offsets of the result refer to it.
        language: ISO 639-1 code; detected where it is None.
        region: ISO 3166 code of the country whose press wrote the text, which decides open words.

    Returns:
        The sums, sorted by start, without overlap; ``text[sum.start:sum.end] == sum.text``.
    """
    if language is None:
        language = _detect(text)
    if language is None:
        return []
    return [
        Money(
            start=found.start,
            end=found.end,
            text=text[found.start : found.end],
            value=found.value,
            upper=found.upper,
            currency=found.currency,
            qualifier=found.qualifier,
        )
        for found in _grammar_of(language).find(text, region)
    ]


def _detect(text: str) -> str | None:
    from newsextract.language import detect

    code = detect(text).language
    return code if code in languages.codes() else "en"  # signs and digits read alike
