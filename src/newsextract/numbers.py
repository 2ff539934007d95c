"""Numbers in digits and words: reading ``6,5 millions``, ``zweieinhalb Millionen``, ``3조2천억``, ``12,50,000``.

A quantity is a numeral and the scales after it. Its parts are read by one grammar for all languages,
fed by the ``[numbers]`` section of the language's file:

    quantity = section ((joiner) section)*          each smaller than the scale before it
    section  = (digits | number words) scale*       or a scale alone that means one of it

A sign between digits is read by the language's custom; where one sign with three digits after it could
be either, a number without a scale is grouped (nobody writes a thousandth of a euro), and a number with
a scale follows what the rest of the text does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Literal

from newsextract import languages
from newsextract.languages.model import Language
from newsextract.lexicon import fold
from newsextract.phrases import GAP, WORD, Phrases

Kind = Literal["number", "article", "times", "scale", "short", "added", "vague", "prefix", "joiner", "excess"]
Token = tuple[Kind, Decimal]

_ZERO = Decimal(0)
_ONE = Decimal(1)
_TEN = Decimal(10)
_HUNDRED = Decimal(100)
# The key of the scale that East Asian numbers count by.
_MYRIAD = "10000"
_MOST_PARTS = 16
_MOST_SECTIONS = 6
# More digits than any sum has; a longer run is no number of the world.
_MOST_DIGITS = 24

_THIN_SPACES = "\u00a0\u202f\u2009"
_POINTS = ".,٫·"
_APOSTROPHES = "'’"
_GROUP_SIGNS = ".,'’٬" + _THIN_SPACES
_SPACE = re.compile(r"[ \t\u00a0\u202f\u2009]{1,2}")
_HYPHEN = re.compile(r"[-‐‑](?=[^\W\d_])")
_GAP = re.compile(GAP)
_LETTER_NEXT = re.compile(r"[^\W\d_]")
_DECIMAL_POINT = re.compile(r"(?<![\d.,])\d{1,3}\.(?:\d{1,2}|\d{4,6})(?![\d.,]\d|\d)")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])\d{1,3},(?:\d{1,2}|\d{4,6})(?![\d.,]\d|\d)")


@dataclass(frozen=True)
class Quantity:
    """A number found: half-open offsets, its value and how it is written.

    ``scale`` is the last scale word's value (1 without one), ``unscaled`` the value of what precedes that
    scale; ``digits`` tells that it starts with a digit, ``words`` that it holds number words; ``vague``
    that the value is a lower bound; ``weak`` that its last scale is a mere letter ("40m"), which starts after ``numeral_end``;
    ``plain`` is what its digits are worth where no scale follows them.
    """

    start: int
    end: int
    value: Decimal
    scale: Decimal = _ONE
    unscaled: Decimal = _ZERO
    digits: bool = False
    words: bool = False
    vague: bool = False
    weak: bool = False
    numeral_end: int = 0
    plain: Decimal = _ZERO


@dataclass(frozen=True)
class _Section:
    end: int
    tokens: tuple[Token, ...]
    digits: bool
    words: bool
    numeral_end: int
    plain: Decimal


class Style:
    """How one text writes decimals, found out when first asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._signs: frozenset[str] | None = None

    @property
    def decimals(self) -> frozenset[str]:
        """The signs that are without doubt used as decimal signs."""
        if self._signs is None:
            sample = self._text[:200_000]
            signs = {"."} if _DECIMAL_POINT.search(sample) else set()
            if _DECIMAL_COMMA.search(sample):
                signs.add(",")
            self._signs = frozenset(signs)
        return self._signs


class NumberGrammar:
    """Reads the quantities of one language."""

    def __init__(self, language: Language) -> None:
        data = language.numbers
        self._data = data
        self._decimal = data.decimal
        entries: list[tuple[str, Token]] = []

        def add(kind: Kind, table: dict[str, tuple[str, ...]]) -> None:
            entries.extend((word, (kind, Decimal(value))) for value, words in table.items() for word in words)

        entries.extend((word, ("article", _ONE)) for word in data.articles)
        add("number", data.units)
        add("times", data.multipliers)
        add("scale", data.scales)
        add("vague", data.vague)
        add("prefix", data.prefixes)
        self._starts: Phrases[Token] = Phrases(entries)
        # Arabic writes "and" on the number that follows: "4 مليارات و200 مليون".
        self._joiners: Phrases[Token] = Phrases(
            [(word, ("joiner", _ZERO)) for word in data.joiners], bounded=not language.language.glued_prefixes
        )
        self._added: Phrases[Decimal] = Phrases(
            (word, Decimal(value)) for value, words in data.added.items() for word in words
        )
        self._excess: Phrases[bool] = Phrases((word, True) for word in data.excess)
        self._short: Phrases[Decimal] = Phrases(
            ((word, Decimal(value)) for value, words in data.short_scales.items() for word in words), bounded=False
        )
        self._alone = frozenset(fold(word) for word in data.alone)
        parts = [*entries, *((word, ("joiner", _ZERO)) for word in data.joiners if " " not in word)]
        parts += [(word, ("added", Decimal(v))) for v, words in data.added.items() for word in words if " " not in word]
        self._parts: Phrases[Token] | None = (
            Phrases([(word.rstrip("*"), token) for word, token in parts], bounded=False) if data.compounds else None
        )
        self._numeral = re.compile(_numeral_pattern(" " in data.grouping))
        self._seed = self._seed_pattern(language)
        self._percent = Phrases((word, True) for word in ("%", "％", "٪", *data.percent))
        self._percent_before = Phrases((word, True) for word in data.percent_before)
        self._tenths = Phrases((word, True) for word in data.tenths)

    def _seed_pattern(self, language: Language) -> re.Pattern[str]:
        words = (self._parts or self._starts).pattern
        if words is None:
            return re.compile(r"(?<!\d)(?=\d)")
        if self._data.free:
            return re.compile(rf"(?<!\d)(?=\d)|(?={words})")
        prefixes = "|".join(re.escape(prefix) for prefix in language.language.glued_prefixes)
        glued = f"(?:{prefixes}){{0,2}}" if prefixes else ""
        return re.compile(rf"(?<!\d)(?=\d)|(?<![{WORD}]){glued}(?={words})")

    def scan(self, text: str, folded: str | None = None) -> Iterator[Quantity]:
        """Yield the quantities of a text from left to right, without overlap."""
        folded = fold(text) if folded is None else folded
        style = Style(text)
        position = 0
        for seed in self._seed.finditer(folded):
            start = seed.end()
            if start < position:
                continue
            quantity = self.read(text, folded, start, style)
            if quantity is not None:
                position = quantity.end
                yield quantity

    def read(self, text: str, folded: str, start: int, style: Style) -> Quantity | None:
        """Read the quantity that starts at the position, if any."""
        section = self._section(text, folded, start, style)
        if section is None:
            return None
        tokens = list(section.tokens)
        digits, words, end = section.digits, section.words, section.end
        for _ in range(_MOST_SECTIONS):
            if tokens[-1][0] not in ("scale", "added"):
                break
            following = self._next_section(text, folded, end, tokens, style)
            if following is None:
                break
            tokens += following.tokens
            words = words or following.words
            end = following.end
        if self._data.trailing_tenths:
            tokens = _with_tenths(tokens)
        value = evaluate(tokens)
        kinds = {kind for kind, _ in tokens}
        last = tokens[-1]
        scale = _ONE
        for kind, number in reversed(tokens):
            if kind in ("scale", "short"):
                scale = number
                break
        return Quantity(
            start,
            end,
            value,
            scale,
            evaluate([token for token in tokens if token[0] not in ("scale", "short")]),
            digits,
            words,
            vague=bool(kinds & {"vague", "excess"}),
            weak=last[0] == "short",
            numeral_end=section.numeral_end,
            plain=section.plain,
        )

    def _next_section(self, text: str, folded: str, end: int, tokens: list[Token], style: Style) -> _Section | None:
        """Read one more section where it belongs to the same number: "1億|5000万", "2 млн |180 тыс."."""
        limit = next((number for kind, number in reversed(tokens) if kind == "scale"), None)
        if limit is None:
            return None
        joined = self._joiner(folded, end)
        for start in ([joined] if joined is not None else []) + [self._skip(folded, end)]:
            if text[end - 1 : end] == "." and text[start : start + 1].isupper():
                # "$170 млн. Два роки": the next sentence.
                continue
            section = self._section(text, folded, start, style)
            if section is None:
                continue
            first = section.tokens[0][0]
            scaled = section.tokens[-1][0] in ("scale", "added")
            adjacent = self._data.free and start == end
            # Korean: "1만 8천", "1만 6,000".
            adjacent = adjacent or (_MYRIAD in self._data.scales and self._is_lower_part(section, start - end))
            if first in ("vague", "article") and not scaled:
                continue
            value = evaluate(list(section.tokens))
            if (
                value < limit
                and first != "scale"
                and (scaled or adjacent or (section.words and not section.digits and value > 0))
            ):
                return section
            if not section.digits and scaled and first != "scale":
                head = evaluate([token for token in section.tokens if token[0] != "scale"])
                if head < limit and start != joined:
                    return section
        return None

    @staticmethod
    def _is_lower_part(section: _Section, gap: int) -> bool:
        """Tell whether what follows a scale of ten thousands at most a blank on is the rest of its number."""
        thousands = section.tokens[0][1] >= _HUNDRED or any(kind == "times" for kind, _ in section.tokens)
        return gap <= 1 and section.digits and thousands

    def _section(self, text: str, folded: str, start: int, style: Style) -> _Section | None:
        tokens: list[Token] = []
        digits = words = False
        surface: str | None = None
        plain = _ZERO
        position = start
        if text[start : start + 1].isdigit():
            match = self._numeral.match(text, start)
            if match is None or match.end() - start > 2 * _MOST_DIGITS:
                return None
            digits, surface, position = True, match.group(), match.end()
            tokens.append(("number", _ZERO))
        else:
            read = self._words(folded, start)
            if read is None:
                return None
            position, found = read
            tokens += found
            words = True
        position = self._more(text, folded, position, tokens, digits)
        numeral_end = position
        position = self._scales(folded, position, tokens, digits)
        if surface is not None:
            scaled = any(kind in ("scale", "short", "times") for kind, _ in tokens[1:])
            value = self.digits(surface, scaled, style)
            if value is None:
                return None
            tokens[0] = ("number", value)
            plain = value if surface.isdigit() else self.digits(surface, False, style) or _ZERO
        kinds = [kind for kind, _ in tokens]
        if kinds[-1] == "prefix" or (kinds == ["article"] and not self._data.free):
            return None
        if kinds[0] == "scale" and not self._means_one(folded[start:position], tokens):
            return None
        return _Section(position, tuple(tokens), digits, words, numeral_end, plain)

    def _means_one(self, surface: str, tokens: list[Token]) -> bool:
        return len(tokens) > 1 or surface in self._alone

    def _words(self, folded: str, start: int) -> tuple[int, list[Token]] | None:
        """Read one word: a listed one, or a compound of listed parts."""
        match = self._starts.match(folded, start)
        if match is not None and match[1][0] != "joiner" and not self._data.free:
            return match[0], [match[1]]
        if self._parts is None:
            return None if match is None else (match[0], [match[1]])
        tokens: list[Token] = []
        position = start
        for _ in range(_MOST_PARTS):
            part = self._parts.match(folded, position)
            if part is None or (not tokens and part[1][0] in ("joiner", "added")):
                break
            position = part[0]
            tokens.append(part[1])
        if not tokens or tokens[-1][0] == "joiner":
            return None
        if not self._data.free and _inside_word(folded, position):
            return None
        return position, [token for token in tokens if token[0] != "joiner"]

    def _more(self, text: str, folded: str, position: int, tokens: list[Token], digits: bool) -> int:
        """Read the rest of a numeral in words: "two hundred| and fifty", "2천|318"."""
        for _ in range(_MOST_PARTS):
            added = self._added.match(folded, self._skip(folded, position))
            if added is not None and tokens[-1][0] in ("number", "article", "scale"):
                tokens.append(("added", added[1]))
                position = added[0]
                continue
            if tokens[-1][0] == "scale":
                return position
            excess = self._excess.match(folded, self._skip(folded, position))
            if excess is not None and self._scale_at(folded, self._skip(folded, excess[0])) is not None:
                tokens.append(("excess", _ZERO))
                return excess[0]
            joined = self._joiner(folded, position)
            start = (
                self._skip(folded, position, hyphen=not digits or tokens[-1][0] == "times")
                if joined is None
                else joined
            )
            if digits and self._data.compounds and tokens[-1][0] == "times" and text[start : start + 1].isdigit():
                match = self._numeral.match(text, start)
                number = self.digits(match.group(), True, Style("")) if match else None
                if match is None or number is None:
                    return position
                tokens.append(("number", number))
                position = match.end()
                continue
            read = self._words(folded, start)
            if read is None or not self._fits(tokens, read[1], digits, joined is not None):
                return position
            position = read[0]
            tokens += read[1]
        return position

    def _fits(self, tokens: list[Token], following: list[Token], digits: bool, joined: bool) -> bool:
        """Tell whether a word goes on the numeral rather than starting another."""
        kind, value = following[0]
        last_kind, last = tokens[-1]
        if kind == "scale":
            return False
        if kind == "times":
            if digits and not self._data.compounds:
                # "94 cents" are no hundreds.
                return False
            return not joined and (
                (last_kind in ("number", "article", "vague") and last < value) or last_kind == "times"
            )
        if kind in ("number", "article"):
            if digits and last_kind != "times":
                return False
            if last_kind == "times":
                return value < last
            if last_kind == "prefix":
                return True
            if last_kind != "number" or value == 0:
                return False
            digits_of_next = Decimal(10) ** (len(str(int(value))) if value >= 1 else 1)
            return last > value and (last % digits_of_next == 0 or (last == 60 and value < 20)) and last >= 20
        if kind == "vague":
            return last_kind == "times" and not digits
        return False

    def _scales(self, folded: str, position: int, tokens: list[Token], digits: bool) -> int:
        """Read the scales after a numeral, each larger than the one before: "mil| millones"."""
        for _ in range(4):
            start = self._skip(folded, position, hyphen=True)
            found = self._scale_at(folded, start)
            if found is not None:
                end, value = found
                last = next((number for kind, number in reversed(tokens) if kind == "scale"), None)
                if tokens[-1][0] == "scale" and last is not None and last > value:
                    # "lakh crore" multiplies upwards; what is smaller starts another part.
                    return position
                tokens.append(("scale", value))
                position = end
                added = self._added.match(folded, self._skip(folded, position))
                if added is not None:
                    tokens.append(("added", added[1]))
                    return added[0]
                continue
            if digits and tokens[-1][0] == "number":
                short = self._short.match(folded, start)
                glued = start == position or (start == position + 1 and folded[position] not in "-‐‑")
                if short is not None and glued:
                    tokens.append(("short", short[1]))
                    return short[0]
            return position
        return position

    def _scale_at(self, folded: str, start: int) -> tuple[int, Decimal] | None:
        match = self._starts.match(folded, start)
        return (match[0], match[1][1]) if match is not None and match[1][0] == "scale" else None

    def is_number_word(self, folded: str, start: int) -> bool:
        """Tell whether a number word starts at the position."""
        return self._starts.match(folded, start) is not None

    def scale_at(self, folded: str, start: int) -> tuple[int, Decimal] | None:
        """Return the end and the value of the scale word at the position."""
        return self._scale_at(folded, start)

    def short_scale_at(self, folded: str, start: int) -> tuple[int, Decimal] | None:
        """Return the end and the value of the scale letter at the position ("M" of "MSEK")."""
        return self._short.match(folded, start)

    def _joiner(self, folded: str, position: int) -> int | None:
        start = self._skip(folded, position, hyphen=True)
        match = self._joiners.match(folded, start)
        if match is None or (start == position and not self._data.free and not self._glued(folded, match[0])):
            return None
        return self._skip(folded, match[0], hyphen=True)

    def _glued(self, folded: str, position: int) -> bool:
        return False

    @staticmethod
    def _skip(folded: str, position: int, hyphen: bool = False) -> int:
        match = _GAP.match(folded, position)
        if match is None and hyphen:
            match = _HYPHEN.match(folded, position)
        return match.end() if match else position

    def digits(self, surface: str, scaled: bool, style: Style) -> Decimal | None:
        """Read digits with their separators; ``scaled`` tells that a scale follows."""
        if surface.isdigit():
            return Decimal(_ascii(surface)) if len(surface) <= _MOST_DIGITS else None
        signs = [sign for sign in surface if not sign.isdigit()]
        groups = re.split(r"\D+", surface)
        whole = "".join(_ascii(group) for group in groups)
        if len(whole) > _MOST_DIGITS:
            return None
        last = len(groups[-1])
        if len(signs) > 1:
            # The last sign is a decimal sign where it differs from the others.
            mixed = signs[-1] != signs[0] and not (last == 3 and signs[0] in _APOSTROPHES)
            if mixed or (last != 3 and signs[-1] in _POINTS):
                return _decimal(groups)
            return Decimal(whole)
        sign = signs[0]
        if sign in "٫·" or (last != 3 and sign in _POINTS) or groups[0].startswith(("0", "٠", "०")):
            return _decimal(groups)
        if sign not in _POINTS or last != 3 or len(groups[0]) > 3:
            return Decimal(whole) if sign not in _POINTS else _decimal(groups)
        return _decimal(groups) if scaled and self._is_decimal(sign, style) else Decimal(whole)

    def _is_decimal(self, sign: str, style: Style) -> bool:
        seen = style.decimals
        if sign in self._data.grouping:
            # Where a language uses one sign for both (Spanish), the text has to show it as a decimal sign.
            return sign == self._decimal and sign in seen
        return not (len(seen) == 1 and sign not in seen and sign != self._decimal)

    def is_percentage(self, folded: str, quantity: Quantity) -> int | None:
        """Return the end of the percent sign or word after the quantity."""
        match = self._percent.match(folded, self._skip(folded, quantity.end, hyphen=True))
        return match[0] if match else None

    def percent_before(self, folded: str, quantity: Quantity) -> int | None:
        """Return the start of a percent sign or word in front of the quantity."""
        position = quantity.start
        match = self._percent_before.match_before(folded, position)
        if match is None and position and folded[position - 1].isspace():
            match = self._percent_before.match_before(folded, position - 1)
        return match[0] if match else None

    def tenths_after(self, folded: str, quantity: Quantity) -> int | None:
        """Return the end of a word for tenths after the quantity: 成, 割."""
        match = self._tenths.match(folded, quantity.end)
        return match[0] if match else None


def _with_tenths(tokens: list[Token]) -> list[Token]:
    """Read a last digit right after a scale as tenths of it: 七亿八 is 780 million."""
    if len(tokens) < 3 or tokens[-2][0] != "scale" or tokens[-1][0] != "number" or not _ONE <= tokens[-1][1] < _TEN:
        return tokens
    return [*tokens[:-1], ("added", tokens[-1][1] / _TEN)]


def _inside_word(folded: str, position: int) -> bool:
    return re.match(rf"[{WORD}]", folded[position : position + 1]) is not None


def _numeral_pattern(spaces: bool) -> str:
    grouped = _GROUP_SIGNS + (" " if spaces else "")
    return (
        rf"\d{{1,3}}(?P<sign>[{grouped}])\d{{3}}(?:(?P=sign)\d{{3}})*(?!\d)(?:[.,٫]\d{{1,9}}(?!\d))?"
        r"|\d{1,3}(?:,\d{2}){1,8},\d{3}(?!\d)(?:\.\d{1,2}(?!\d))?"
        r"|\d{1,40}(?:[.,٫·]\d{1,12})?"
    )


def _ascii(digits: str) -> str:
    return digits if digits.isascii() else "".join(str(unicodedata.digit(digit, 0)) for digit in digits)


def _decimal(groups: list[str]) -> Decimal:
    return Decimal("".join(_ascii(group) for group in groups[:-1]) + "." + _ascii(groups[-1]))


def evaluate(tokens: list[Token]) -> Decimal:
    """Compute the value of the tokens of one quantity.

    >>> evaluate([("number", Decimal(3)), ("scale", Decimal(10**12)), ("number", Decimal(2)), ("times", Decimal(1000)),
    ...           ("scale", Decimal(10**8))])
    Decimal('3200000000000')
    """
    terms: list[tuple[Decimal, Decimal]] = []
    done = current = extra = _ZERO
    numeral = False
    for index, (kind, value) in enumerate(tokens):
        if kind in ("number", "article"):
            current += value + extra
            extra = _ZERO
            numeral = True
        elif kind == "prefix":
            extra = value
        elif kind == "times":
            done += (current if numeral and current else _ONE) * value
            current = _ZERO
            numeral = True
        elif kind == "vague":
            if not (index and tokens[index - 1][0] == "times"):
                current += value
            numeral = True
        elif kind == "added":
            if tokens[index - 1][0] == "scale" and terms:
                terms.append((value * tokens[index - 1][1], _ONE))
            else:
                current += value
        elif kind in ("scale", "short"):
            below = _ZERO
            while terms and terms[-1][1] < value:
                number, scale = terms.pop()
                below += number * scale
            numeral_value = done + current
            if not numeral and not below:
                numeral_value = _ONE
            terms.append((below + numeral_value, value))
            done = current = _ZERO
            numeral = False
    return sum((number * scale for number, scale in terms), _ZERO) + done + current


@cache
def _grammar_of(code: str) -> NumberGrammar:
    return NumberGrammar(languages.load(code))


def _counts(reader: NumberGrammar, text: str, folded: str) -> Iterator[Quantity]:
    """Yield the quantities, without letters that are no scale but start a word: "97 |m|embers"."""
    for quantity in reader.scan(text, folded):
        if quantity.weak and text[quantity.end : quantity.end + 1].isalpha():
            quantity = replace(quantity, end=quantity.numeral_end, value=quantity.plain, scale=_ONE, weak=False)
        yield quantity


def find_numbers(text: str, language: Language) -> list[tuple[int, int, Decimal]]:
    """Return ``(start, end, value)`` of all plain numbers, in digits or words, sorted by start."""
    folded = fold(text)
    reader = _grammar_of(language.language.code)
    return [
        (quantity.start, quantity.end, quantity.value)
        for quantity in _counts(reader, text, folded)
        if reader.is_percentage(folded, quantity) is None
        and reader.percent_before(folded, quantity) is None
        and not _glued_to_letter(text, quantity)
    ]


def find_percentages(text: str, language: Language) -> list[tuple[int, int, Decimal]]:
    """Return ``(start, end, value)`` of all percentages with their sign or word, sorted by start."""
    folded = fold(text)
    reader = _grammar_of(language.language.code)
    found: list[tuple[int, int, Decimal]] = []
    for quantity in _counts(reader, text, folded):
        end = reader.is_percentage(folded, quantity)
        before = reader.percent_before(folded, quantity)
        if end is not None:
            found.append((quantity.start, end, quantity.value))
        elif before is not None:
            found.append((before, quantity.end, quantity.value))
        else:
            tenths = reader.tenths_after(folded, quantity)
            if tenths is not None:
                found.append((quantity.start, tenths, quantity.value * _TEN))
    return found


def _glued_to_letter(text: str, quantity: Quantity) -> bool:
    """Tell whether Latin letters touch the number: "5G", "B2", "12th"."""
    before, after = text[max(0, quantity.start - 1) : quantity.start], text[quantity.end : quantity.end + 1]
    if not quantity.digits:
        return False
    return any(sign.isalpha() and sign < "\u0590" for sign in (before, after) if sign)
