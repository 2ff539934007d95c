"""Date mentions in running text, and the ISO dates they stand for.

A date in news is rarely a full one: "mardi", "in May", 去年6月 or "geçen ay" count from the day of
publication. Searching running text with a general date parser is slow and takes sums for dates, so mentions are
found by one expression a language, made of its file's words and CLDR's names of months and weekdays, and
resolved here. Nothing is invented: what needs a publication date and has none keeps no ISO date.

A weekday is the last such day not after publication, a month the last such month, unless a word for the
future stands by it. A part of a month gives the month, a week the month of that week, a season, quarter or
half-year the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from babel import Locale

from newsextract import languages
from newsextract.languages.model import Language
from newsextract.lexicon import fold

Precision = Literal["day", "month", "year"]

_GAP = r"[ \u00a0\u202f]{0,2}\n?[ ]{0,2}"
_SPACE = r"(?:[ \u00a0\u202f]{1,2}|[ ]?\n[ ]{0,2})"
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_WORD = r"[^\W_]"


@dataclass(frozen=True)
class DateMention:
    """A date in the text: half-open offsets, ISO date of any precision or None, precision of the words."""

    start: int
    end: int
    iso: str | None
    precision: Precision
    relative: bool


def _options(words: Iterable[str]) -> str:
    """Return an alternative of folded words, longest first; ``*`` stands for an ending."""
    ordered = sorted({fold(word) for word in words if word}, key=lambda word: (-len(word), word))
    escaped = [re.escape(word.rstrip("*")) + (r"\w{0,8}" if word.endswith("*") else "") for word in ordered]
    return "|".join(part.replace(r"\ ", _SPACE) for part in escaped) or r"(?!)"


class DateGrammar:
    """The date words of one language, compiled into one expression."""

    def __init__(self, language: Language) -> None:
        words = language.dates
        header = language.language
        self._months = _values(words.months or _names(header.code, "months"))
        self._weekdays = _values(words.weekdays or _names(header.code, "days"))
        self._relative = {fold(word): key for key, entries in words.relative.items() for word in entries}
        self._seasons = frozenset(fold(word) for word in words.seasons)
        self._next = frozenset(fold(word) for word in words.next)
        self._last = frozenset(fold(word) for word in words.last)
        self._month_first = words.month_first
        left, right = (rf"(?<!{_WORD})", rf"(?!{_WORD})") if header.spaced else ("", "")
        if header.glued_prefixes:
            prefixes = "|".join(map(re.escape, header.glued_prefixes))
            left = rf"(?:(?<!{_WORD})|(?<=(?<!{_WORD})[وبفلك]))" if prefixes else left
        month = f"(?:{_options(self._months)})"
        near = f"(?:{_options((*words.last, *words.next, *words.this))})"
        part = f"(?:{_options(words.part)})"
        of = f"(?:{_options(words.of)})"
        after = f"(?:{_options(words.year_after)})"
        before = f"(?:{_options(words.year_before)})"
        relative = f"(?:{_options(self._relative)})"
        season = f"(?:{_options(self._seasons)})"
        years = [key for word, key in self._relative.items() if key.startswith("year")]
        year_words = f"(?:{_options(w for w, k in self._relative.items() if k in years)})"
        ordinal = f"(?:{_options(words.ordinal)})?"
        day = rf"(?P<DAY>[0-3]?\d){ordinal}"
        year = rf"(?P<YEAR>{_YEAR})(?:{_SPACE}{after})?"
        sign = self._signs(words.signs, part, season, year_words)
        join = rf"(?:{_SPACE}{of})?{_SPACE}"
        forms = [
            rf"(?<![\d.])(?P<ISO>{_YEAR}[-/.][01]?\d[-/.][0-3]?\d)(?!\d)",
            rf"(?<![\d.])(?P<FULL>[0-3]?\d[./-]{_GAP}[01]?\d[./-]{_GAP}(?:{_YEAR}))(?!\d)",
            *sign,
            rf"(?<![\d.,]){day}{join}(?P<MONTH>{month})(?:,?{join}(?:{year}|(?P<WHEN>{year_words}|{near})))?{right}",
            rf"{left}(?P<MONTH>{month}){_SPACE}{day}(?![\d.,]*\d)(?:,?{_SPACE}{year})?{right}"
            if self._month_first
            else None,
            rf"{left}(?:(?P<NEAR>{near}){_SPACE})?(?:{part}{join}|{part})?(?P<MONTH>{month})"
            rf"(?:{join}(?:{year}|(?P<WHEN>{year_words}|{near})))?{right}",
            rf"{left}(?P<SEASON>{season})(?:{join}(?:{before}{_SPACE})?(?:{year}|(?P<WHEN>{year_words}|{near})))?{right}"
            if header.spaced
            else None,
            rf"{left}(?P<RELATIVE>{relative}){right}",
            rf"{left}(?:(?P<NEAR>{near}){_SPACE})?(?P<WEEKDAY>{_options(self._weekdays)})(?:{_SPACE}(?P<WHEN>{near}))?{right}",
            rf"(?<![\w.,€$£¥-])(?P<YEAR>{_YEAR})(?![\d%‰°]|[.,]\d|{_GAP}%|-\d)(?![a-z])",
        ]
        self._forms = [re.compile(_unique(form)) for form in forms if form]

    def _signs(self, signs: tuple[str, ...], part: str, season: str, year_words: str) -> list[str]:
        """Return the forms of languages that mark year, month and day by signs: 年 月 日."""
        if len(signs) != 3:
            return []
        y, m, d = (re.escape(fold(sign)) for sign in signs)
        if fold(signs[1]).isascii() or signs[1] == "tháng":
            return [
                rf"(?<!\w)(?:{d} )?(?P<DAY>[0-3]?\d)[/ ](?:{m} )?(?P<MONTHNUMBER>[01]?\d)(?:[/ ](?:{y} )?(?P<YEAR>{_YEAR}))?(?!\w)",
                rf"(?<!\w)(?:{part} )?{m} ?(?P<MONTHNUMBER>[01]?\d)(?:[/ ](?:(?:{y} )?(?P<YEAR>{_YEAR})|(?P<WHEN>{year_words})))?(?!\w)",
            ]
        when = rf"(?:(?P<YEAR>{_YEAR}) ?{y}|(?P<WHEN>{year_words}))"
        return [
            rf"(?:{when}{_GAP})?(?P<MONTHNUMBER>[01]?\d) ?{m}(?:{_GAP}(?P<DAY>[0-3]?\d) ?{d}|{_GAP}{part})?",
            rf"(?P<MONTHWORD>{_options(k for k, v in self._relative.items() if v.startswith('month'))}){_GAP}(?P<DAY>[0-3]?\d) ?{d}",
            rf"{when}{_GAP}(?P<SEASON>{season})",
            rf"{when}(?:{_GAP}{part})?",
            rf"(?<![\d.月월])(?P<DAY>[0-3]?\d){d}(?=[ に、,，(（]|$)",
        ]

    def find(self, text: str, published: date | None) -> list[DateMention]:
        """Return the dates in a text, sorted, without overlap; the earlier and the longer of two wins."""
        folded = fold(text)
        found: list[tuple[int, int, int, re.Match[str]]] = []
        for rank, form in enumerate(self._forms):
            for match in form.finditer(folded):
                if match.end() > match.start():
                    found.append((match.start(), -match.end(), rank, match))
        found.sort(key=lambda item: item[:3])
        mentions: list[DateMention] = []
        position = 0
        for start, _, _, match in found:
            if start < position or self._is_common_word(text, match):
                continue
            mention = self._resolve(match, published)
            if mention is not None:
                mentions.append(mention)
                position = mention.end
        return mentions

    def _is_common_word(self, text: str, match: re.Match[str]) -> bool:
        """Tell whether a month is written like the common word it also is: "may", "march"."""
        return self._month_first and match.group() in ("may", "march") and not text[match.start()].isupper()

    def _resolve(self, match: re.Match[str], published: date | None) -> DateMention | None:
        group = {re.sub(r"\d+$", "", key): value for key, value in match.groupdict().items() if value}
        start, end = match.span()
        if "ISO" in group or "FULL" in group:
            parts = [int(number) for number in re.findall(r"\d+", group.get("ISO") or group["FULL"])]
            if "FULL" in group:
                parts = parts[::-1] if not self._month_first else [parts[2], parts[0], parts[1]]
                if parts[1] > 12:
                    parts = [parts[0], parts[2], parts[1]]
            iso = _iso(*parts)
            return DateMention(start, end, iso, "day", False) if iso else None
        if "RELATIVE" in group:
            return self._relative_mention(start, end, re.sub(r"\s+", " ", group["RELATIVE"]), published)
        if "WEEKDAY" in group:
            return self._weekday(start, end, group, published)
        if "SEASON" in group:
            year = self._year(group, published)
            return DateMention(start, end, _iso(year), "year", "YEAR" not in group)
        if "MONTH" in group or "MONTHNUMBER" in group or "MONTHWORD" in group:
            return self._month(start, end, group, published)
        if "DAY" in group:
            return self._day_alone(start, end, int(group["DAY"]), published)
        if "WHEN" in group:
            return self._relative_mention(start, end, group["WHEN"], published)
        return DateMention(start, end, group["YEAR"], "year", False)

    def _year(self, group: dict[str, str], published: date | None, month: int | None = None) -> int | None:
        if "YEAR" in group:
            return int(group["YEAR"])
        if published is None:
            return None
        when = re.sub(r"\s+", " ", group.get("WHEN") or group.get("NEAR") or "")
        key = self._relative.get(when)
        if key is not None and key.startswith("year"):
            return published.year + int(key.split()[1])
        if month is None:
            return (
                published.year - 1
                if when in self._last
                else published.year + 1
                if when in self._next
                else published.year
            )
        if when in self._next:
            return published.year + (month <= published.month)
        return published.year - (month > published.month or (month == published.month and when in self._last))

    def _month(self, start: int, end: int, group: dict[str, str], published: date | None) -> DateMention | None:
        if "MONTHWORD" in group:
            if published is None:
                return DateMention(start, end, None, "day", True)
            year, month = _add_months(published, int(self._relative[group["MONTHWORD"]].split()[1]))
            return DateMention(start, end, _iso(year, month, int(group["DAY"])), "day", True)
        number = int(group["MONTHNUMBER"]) if "MONTHNUMBER" in group else self._months_of(group["MONTH"])
        if not 1 <= number <= 12:
            return None
        own = self._year(group, published, number)
        day = int(group["DAY"]) if "DAY" in group else None
        iso = _iso(own, number, day)
        if day is not None and own is not None and iso is None:
            return None
        return DateMention(start, end, iso, "day" if day else "month", "YEAR" not in group)

    def _months_of(self, word: str) -> int:
        return _look_up(self._months, word)

    def _weekday(self, start: int, end: int, group: dict[str, str], published: date | None) -> DateMention:
        if published is None:
            return DateMention(start, end, None, "day", True)
        wanted = _look_up(self._weekdays, group["WEEKDAY"]) - 1
        back = (published.weekday() - wanted) % 7
        when = group.get("NEAR") or group.get("WHEN") or ""
        day = published + timedelta(days=(7 - back)) if when in self._next else published - timedelta(days=back)
        return DateMention(start, end, day.isoformat(), "day", True)

    def _relative_mention(self, start: int, end: int, words: str, published: date | None) -> DateMention:
        unit, offset = self._relative[words].split()
        by = int(offset)
        precision: Precision = "day" if unit == "day" else "year" if unit == "year" else "month"
        if published is None:
            return DateMention(start, end, None, precision, True)
        if unit == "year":
            return DateMention(start, end, _iso(published.year + by), "year", True)
        if unit == "month":
            return DateMention(start, end, _iso(*_add_months(published, by)), "month", True)
        day = published + timedelta(days=by * (7 if unit == "week" else 1))
        iso = day.isoformat()
        return DateMention(start, end, iso if unit == "day" else iso[:7], precision, True)

    @staticmethod
    def _day_alone(start: int, end: int, day: int, published: date | None) -> DateMention | None:
        """A day of the month alone: the last such day not after publication."""
        if published is None:
            return DateMention(start, end, None, "day", True)
        for back in range(3):
            iso = _iso(*_add_months(published, -back), day)
            if iso is not None and iso <= published.isoformat():
                return DateMention(start, end, iso, "day", True)
        return None


def _unique(form: str) -> str:
    """Number repeated group names, which an expression may not have."""
    seen: dict[str, int] = {}

    def rename(match: re.Match[str]) -> str:
        name = match.group(1)
        seen[name] = seen.get(name, 0) + 1
        return f"(?P<{name}{seen[name]}>"

    return re.sub(r"\(\?P<([A-Z]+)>", rename, form)


def _values(table: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    return {fold(word): number for number, words in enumerate(table, start=1) for word in words}


def _look_up(table: dict[str, int], word: str) -> int:
    flat = re.sub(r"\s+", " ", word)
    if flat in table:
        return table[flat]
    return next(number for entry, number in table.items() if entry.endswith("*") and flat.startswith(entry[:-1]))


def _names(code: str, what: Literal["months", "days"]) -> tuple[tuple[str, ...], ...]:
    """Return CLDR's wide names of months or weekdays, in both forms, Monday first."""
    locale = Locale.parse("nb" if code == "no" else code)
    table = getattr(locale, what)
    keys = range(1, 13) if what == "months" else range(7)
    return tuple(tuple({table[form]["wide"][key] for form in ("format", "stand-alone")}) for key in keys)


def _add_months(day: date, by: int) -> tuple[int, int]:
    total = day.year * 12 + day.month - 1 + by
    return total // 12, total % 12 + 1


def _iso(year: int | None, month: int | None = None, day: int | None = None) -> str | None:
    """Write a date; None where the year is unknown or the calendar has no such day."""
    if year is None or not 1 <= year <= 9999:
        return None
    if month is None:
        return f"{year:04}"
    if day is None:
        return f"{year:04}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


@cache
def _grammar(code: str) -> DateGrammar:
    return DateGrammar(languages.load(code))


def find_dates(text: str, language: Language, published: date | None) -> list[DateMention]:
    """Return the dates in a text of a language, resolved against the day of publication."""
    return _grammar(language.language.code).find(text, published)
