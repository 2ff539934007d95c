"""Currencies: their signs, their names in every language, and what an open word like "dollar" stands for.

Names come from CLDR (through Babel) for all currencies in use, in all plural forms, with endings left
open where a language inflects; the language files add the press's own words.

An open word or sign (dollar, peso, krone, pound, rupee, yuan, real, lira, franc, dinar, "$", "kr", "¥")
names a *family*. :class:`Evidence` chooses one member for each place in a text, from the strongest sign
to the weakest:

1. ``region``, where the caller gives one and the family has a currency there;
2. custom: where just one region whose press writes the language has a currency of the family, the word
   means that one ("kronor" in Swedish, "lira" in Turkish); "dollar" and "$" are those of such a region or
   of the United States;
3. the text: countries, their adjectives and cities count one point each, up to four a country, and twice
   that within the paragraph; members named in full or by code ("Canadian dollars", "C$", "CAD") count
   three in the paragraph. A bare "$" beside a marked one ("US$", "A$") is read as *not* the marked one,
   and as the dollar of Singapore, Hong Kong or Taiwan only beside "US$";
4. the language's default (``defaults`` of its file), which others must beat by a point where the currency
   is one of several at home: it stands for the reader who sees nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.numbers import get_territory_currencies

from newsextract.languages.model import Language
from newsextract.lexicon import Lexicon, fold

# family -> country -> currency; the first is the one assumed where a language says nothing else.
FAMILIES: MappingProxyType[str, dict[str, str]] = MappingProxyType(
    {
        "dollar": {
            "US": "USD",
            "CA": "CAD",
            "AU": "AUD",
            "NZ": "NZD",
            "SG": "SGD",
            "HK": "HKD",
            "TW": "TWD",
            "JM": "JMD",
            "TT": "TTD",
            "BB": "BBD",
            "BS": "BSD",
            "BZ": "BZD",
            "FJ": "FJD",
            "GY": "GYD",
            "LR": "LRD",
            "NA": "NAD",
            "BN": "BND",
        },
        "dollar_sign": {
            "US": "USD",
            "CA": "CAD",
            "AU": "AUD",
            "NZ": "NZD",
            "SG": "SGD",
            "HK": "HKD",
            "TW": "TWD",
            "MX": "MXN",
            "CO": "COP",
            "CL": "CLP",
            "AR": "ARS",
            "UY": "UYU",
            "DO": "DOP",
            "BR": "BRL",
        },
        "peso": {
            "MX": "MXN",
            "CO": "COP",
            "CL": "CLP",
            "AR": "ARS",
            "UY": "UYU",
            "PH": "PHP",
            "DO": "DOP",
            "CU": "CUP",
        },
        "krone": {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "CZ": "CZK"},
        "pound": {"GB": "GBP", "EG": "EGP", "LB": "LBP", "SY": "SYP", "SD": "SDG", "SS": "SSP"},
        "rupee": {"IN": "INR", "PK": "PKR", "LK": "LKR", "NP": "NPR", "MU": "MUR", "SC": "SCR"},
        "rupee_or_rupiah": {"ID": "IDR", "IN": "INR", "PK": "PKR", "LK": "LKR", "NP": "NPR"},
        "yuan": {"CN": "CNY", "TW": "TWD", "HK": "HKD", "MO": "MOP"},
        "yen_sign": {"JP": "JPY", "CN": "CNY"},
        "real": {"BR": "BRL"},
        "lira": {"TR": "TRY", "EG": "EGP", "LB": "LBP", "SY": "SYP", "GB": "GBP"},
        "franc": {
            "CH": "CHF",
            "SN": "XOF",
            "CI": "XOF",
            "ML": "XOF",
            "BF": "XOF",
            "BJ": "XOF",
            "TG": "XOF",
            "NE": "XOF",
            "CM": "XAF",
            "GA": "XAF",
            "CG": "XAF",
            "TD": "XAF",
            "CF": "XAF",
            "GN": "GNF",
            "CD": "CDF",
            "RW": "RWF",
            "BI": "BIF",
            "DJ": "DJF",
            "KM": "KMF",
            "NC": "XPF",
            "PF": "XPF",
        },
        "cfa": {
            "SN": "XOF",
            "CI": "XOF",
            "ML": "XOF",
            "BF": "XOF",
            "BJ": "XOF",
            "TG": "XOF",
            "NE": "XOF",
            "GW": "XOF",
            "CM": "XAF",
            "GA": "XAF",
            "CG": "XAF",
            "TD": "XAF",
            "CF": "XAF",
            "GQ": "XAF",
        },
        "dinar": {
            "KW": "KWD",
            "JO": "JOD",
            "BH": "BHD",
            "IQ": "IQD",
            "TN": "TND",
            "DZ": "DZD",
            "LY": "LYD",
            "RS": "RSD",
        },
        "dirham": {"AE": "AED", "MA": "MAD"},
        "riyal": {"SA": "SAR", "QA": "QAR", "OM": "OMR", "YE": "YER", "IR": "IRR"},
        "shilling": {"KE": "KES", "UG": "UGX", "TZ": "TZS", "SO": "SOS"},
        "leu": {"RO": "RON", "MD": "MDL"},
        "rouble": {"RU": "RUB", "BY": "BYN"},
        "manat": {"AZ": "AZN", "TM": "TMT"},
        "won": {"KR": "KRW", "KP": "KPW"},
        "som": {"KG": "KGS", "UZ": "UZS"},
        "cent": {
            "EU": "EUR",
            "US": "USD",
            "CA": "CAD",
            "AU": "AUD",
            "NZ": "NZD",
            "SG": "SGD",
            "HK": "HKD",
            "ZA": "ZAR",
        },
    }
)

# Signs and short forms that are the same in all languages, put before the number, after it, or both.
SIGNS: MappingProxyType[str, str] = MappingProxyType(
    {
        "$": "dollar_sign", "＄": "dollar_sign", "€": "EUR", "£": "pound", "￡": "pound", "¥": "yen_sign",
        "￥": "yen_sign", "₩": "KRW", "￦": "KRW", "₹": "INR", "₨": "rupee", "₽": "RUB", "₴": "UAH", "₸": "KZT",
        "₺": "TRY", "₼": "AZN", "₾": "GEL", "֏": "AMD", "₪": "ILS", "₦": "NGN", "₵": "GHS", "₱": "PHP", "฿": "THB",
        "₫": "VND", "₭": "LAK", "₮": "MNT", "₲": "PYG", "₡": "CRC", "៛": "KHR", "৳": "BDT", "₿": "XBT",
        "﷼": "riyal",
        "us$": "USD", "us $": "USD", "u$s": "USD", "u$d": "USD", "usd$": "USD", "$us": "USD", "$ us": "USD",
        "c$": "CAD", "ca$": "CAD", "cad$": "CAD", "cdn$": "CAD", "$ca": "CAD", "$ ca": "CAD", "$ can": "CAD",
        "a$": "AUD", "au$": "AUD", "aud$": "AUD", "nz$": "NZD", "s$": "SGD", "sg$": "SGD",
        "sgd$": "SGD", "hk$": "HKD", "nt$": "TWD", "r$": "BRL", "mx$": "MXN", "mxn$": "MXN", "mex$": "MXN",
        "rd$": "DOP", "j$": "JMD", "tt$": "TTD", "n$": "NAD", "col$": "COP", "cop$": "COP", "ar$": "ARS",
        "clp$": "CLP", "$u": "UYU", "mop$": "MOP", "bds$": "BBD", "z$": "ZWL", "e£": "EGP", "cn¥": "CNY",
        "jp¥": "JPY", "s/.": "PEN", "s/": "PEN", "gh₵": "GHS", "gh¢": "GHS",
        "fcfa": "cfa", "f cfa": "cfa", "cfa": "cfa", "frw": "RWF", "sfr": "CHF", "sfr.": "CHF",
        "rmb": "CNY", "ntd": "TWD", "nis": "ILS", "tl": "TRY",
        "rm": "MYR", "rp": "IDR", "rp.": "IDR", "kč": "CZK", "zł": "PLN", "zl": "PLN", "ft": "HUF",
        "ksh": "KES", "ush": "UGX", "tsh": "TZS", "kshs": "KES",
    }
)  # fmt: skip

# Signs that only make sense in front of a number.
_BEFORE_ONLY = frozenset(
    [
        "us $",
        "u$s",
        "u$d",
        "usd$",
        "c$",
        "ca$",
        "cad$",
        "cdn$",
        "a$",
        "au$",
        "aud$",
        "nz$",
        "s$",
        "sg$",
        "sgd$",
        "hk$",
        "nt$",
        "mx$",
        "mxn$",
        "mex$",
        "rd$",
        "j$",
        "tt$",
        "n$",
        "col$",
        "cop$",
        "ar$",
        "clp$",
        "mop$",
        "bds$",
        "z$",
        "s/",
        "s/.",
        "rp",
        "rp.",
        "rm",
        "ksh",
        "ush",
        "tsh",
        "kshs",
    ]
)
_AFTER_ONLY = frozenset({"$us", "$ us", "$ca", "$ ca", "$ can", "ft", "f cfa"})

# A day at which "in use" is asked: fixed, so that results do not depend on the clock.
_TODAY = date(2024, 6, 1)
_EXTRA_CODES = ("XOF", "XAF", "XPF", "CNH", "CLF", "BGN", "HRK", "ZWL")
# Codes that are words or names of other things when read without case.
_LIKE_WORDS = frozenset({"all", "mad", "top", "try", "cup", "gel", "ron", "pen", "bam", "bob", "mop", "lak", "mur", "sos", "awg", "ang", "php", "amd", "std", "tmt", "tnd", "ssp", "sek", "mga", "mdl", "scr", "ern"})  # fmt: skip
_MOST_POINTS = 4
# Families that the press of a country without one of its own means the United States' by.
_WORLDWIDE = frozenset({"dollar", "dollar_sign"})
# Countries whose press writes letters before the sign: S$, HK$, NT$.
_WITH_LETTERS = ("SG", "HK", "TW")
_NEW_ITEM = re.compile(r"\n[ \t\r]*\n|\n(?=[ \t]*[-–—•*▶■·|\d])")
# How much of a text is looked at for its way of writing, and how many different marks tell it.
_SAMPLE = 100_000
_FEWEST_MARKS = 2


@cache
def codes() -> frozenset[str]:
    """Return the ISO 4217 codes of all currencies in use."""
    found = set(_EXTRA_CODES)
    for territory in map(str, Locale.parse("en").territories):
        if len(territory) == 2 and territory.isalpha():
            found.update(get_territory_currencies(territory, start_date=_TODAY, end_date=_TODAY))
    return frozenset(found)


def signs_before() -> Iterator[tuple[str, str]]:
    """Yield signs and codes that may stand before a number, with currency or family."""
    yield from ((sign, target) for sign, target in SIGNS.items() if sign not in _AFTER_ONLY)
    yield from ((code.lower(), code) for code in sorted(codes()))


def signs_after() -> Iterator[tuple[str, str]]:
    """Yield signs and codes that may stand after a number, with currency or family."""
    yield from ((sign, target) for sign, target in SIGNS.items() if sign not in _BEFORE_ONLY)
    yield from ((code.lower(), code) for code in sorted(codes()))


def needs_capitals(surface: str) -> bool:
    """Tell whether a code is a common word too, so that it counts in capitals only."""
    return fold(surface) in _LIKE_WORDS


@cache
def _locale(language: str) -> Locale | None:
    try:
        return Locale.parse("nb" if language == "no" else language)
    except (UnknownLocaleError, ValueError):
        return None


def cldr_names(language: str) -> Iterator[tuple[str, str]]:
    """Yield the CLDR names of all currencies in use, in all plural forms and with open endings."""
    locale = _locale(language)
    if locale is None:
        return
    plurals = locale._data["currency_names_plural"]
    for code in sorted(codes()):
        forms = {locale.currencies.get(code), *dict(plurals.get(code, {})).values()} - {None}
        names = sorted({re.sub(r"\s*\([^)]*\)", "", form).strip() for form in forms if form})
        for name in names:
            if (len(name) > 2 and not name.isascii()) or len(name) > 3:
                yield name, code
        if language in ("zh", "ja", "ko") or not names:
            continue
        stemmed = _stem(names)
        if stemmed:
            yield stemmed, code


def _stem(names: list[str]) -> str | None:
    """Join the forms of one name by what their words have in common: "koron* szwedzk*"."""
    words = [name.split() for name in names]
    if len({len(parts) for parts in words}) != 1:
        return None
    stems: list[str] = []
    for forms in zip(*words, strict=True):
        common = forms[0]
        for form in forms[1:]:
            while not form.startswith(common):
                common = common[:-1]
        if (len(names) == 1 and len(common) > 4 and common[-1].isalpha()) or (
            len(common) >= 3 and common[-1].isalpha()
        ):
            stems.append(common + "*")
        elif len(set(forms)) == 1:
            stems.append(common)
        else:
            return None
    return " ".join(stems) if len(stems) > 1 else None


@cache
def _territories(language: str) -> tuple[tuple[str, str], ...]:
    """Return words for countries and their cities in the language, with the country's code."""
    locale = _locale(language)
    if locale is None:
        return ()
    found: list[tuple[str, str]] = []
    wanted = {country for members in FAMILIES.values() for country in members}
    open_ended = language not in ("zh", "ja", "ko")
    for country in sorted(wanted):
        name = locale.territories.get(country)
        if name and len(name) > 1:
            name = re.sub(r"\s*\([^)]*\)", "", name)
            found.append((name, country))
            if open_ended and len(name) > 5:
                found.append((name[:-1] + "*", country))
    return tuple(found)


class Evidence:
    """What one text says about the countries whose money it may mean.

    ``folded`` is the folded text, ``marked`` gives the places of currencies that
    it names without doubt, and whether by a sign or code.
    """

    def __init__(
        self, language: Language, folded: str, region: str | None, marked: list[tuple[int, str, bool]]
    ) -> None:
        self._language = language
        self._folded = folded
        self._region = region
        self._marked = marked
        self._resolved: dict[tuple[str, int], str] = {}

    @cached_property
    def _variant(self) -> str | None:
        return _variant(self._language, self._folded)

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.end() for match in _NEW_ITEM.finditer(self._folded)]

    @cached_property
    def _countries(self) -> dict[int, Counter[str]]:
        """Countries named, by paragraph; -1 is the whole text."""
        found: dict[int, Counter[str]] = {-1: Counter()}
        for position, country in _named_countries(self._language, self._folded):
            found[-1][country] += 1
            found.setdefault(bisect_right(self._breaks, position), Counter())[country] += 1
        return found

    @cached_property
    def _named(self) -> dict[int, frozenset[str]]:
        """Currencies named in words, by paragraph; -1 holds those named in any way in the whole text."""
        found: dict[int, set[str]] = {-1: set()}
        for position, code, by_sign in self._marked:
            found[-1].add(code)
            if not by_sign:
                found.setdefault(bisect_right(self._breaks, position), set()).add(code)
        return {paragraph: frozenset(codes) for paragraph, codes in found.items()}

    def resolve(self, target: str, position: int) -> str:
        """Return the code for a currency or family that stands at a place in the text."""
        if target not in FAMILIES:
            return target
        key = (target, bisect_right(self._breaks, position))
        if key not in self._resolved:
            self._resolved[key] = self._choose(*key)
        return self._resolved[key]

    def _choose(self, family: str, paragraph: int) -> str:
        members = FAMILIES[family]
        if self._region is not None and self._region in members:
            return members[self._region]
        default = members.get(self._variant or "") or self._language.money.defaults.get(
            family, next(iter(members.values()))
        )
        at_home = [country for country in self._language.language.regions if country in members]
        if len({members[country] for country in at_home}) == 1 and family not in _WORLDWIDE:
            return members[at_home[0]]
        candidates = {"US", *at_home} if family in _WORLDWIDE else set(members)
        points: Counter[str] = Counter()
        nearby = self._countries.get(paragraph, Counter())
        for country, code in members.items():
            if country in candidates:
                points[code] += min(self._countries[-1][country], _MOST_POINTS)
                points[code] += 2 * min(nearby[country], _MOST_POINTS)
        if family == "dollar_sign":
            # "US$" and "A$" are written where "$" alone means something else.
            for code in self._named[-1] & set(members.values()):
                points[code] -= 3
            if "USD" not in self._named[-1]:
                for country in _WITH_LETTERS:
                    points[members[country]] = 0
        else:
            for code in self._named.get(paragraph, frozenset()) & set(members.values()):
                points[code] += 3
        points[default] += 1 if at_home or family in _WORLDWIDE else 0
        best = max(points.values())
        if points[default] == best or best <= 0:
            return default
        return next(code for code in members.values() if points[code] == best)


def _variant(language: Language, folded: str) -> str | None:
    """Return the region whose way of writing the text shows, where that is not the default's."""
    sample = folded[:_SAMPLE]
    best: tuple[int, str] | None = None
    for region, words in language.money.variants.items():
        marks = sum(fold(word) in sample for word in words)
        if marks >= _FEWEST_MARKS and (best is None or marks > best[0]):
            best = marks, region
    return best[1] if best is not None else None


def home_currency(language: Language, folded: str, region: str | None) -> str:
    """Return the currency of the text's readers: of the region, else of the language as it is written there."""
    region = region or _variant(language, folded)
    used = get_territory_currencies(region, start_date=_TODAY, end_date=_TODAY) if region else []
    return used[-1] if used else language.money.defaults["local"]


_LEXICONS: dict[str, Lexicon[str]] = {}


def _named_countries(language: Language, folded: str) -> Iterator[tuple[int, str]]:
    """Yield the offsets of words for countries, with the country."""
    code = language.language.code
    if code not in _LEXICONS:
        entries: dict[str, list[str]] = {}
        for word, country in _territories(code):
            entries.setdefault(word, []).append(country)
        for country, words in language.money.places.items():
            for word in words:
                entries.setdefault(word, []).append(country)
        _LEXICONS[code] = Lexicon(entries, spaced=not language.numbers.free, prefixes=language.language.glued_prefixes)
    for match in _LEXICONS[code].finditer(folded, folded=folded):
        for country in dict.fromkeys(match.labels):
            yield match.start, country
