"""Values of a record in the words of a reader: ``"6 bn USD"``, ``"series A, extension"``, ``"97%"``."""

from __future__ import annotations

from decimal import Decimal

from newsextract.records import FundingEvent, Money, Qualifier, Result, Round, decimal_text

_SCALES = (("tn", Decimal(10) ** 12), ("bn", Decimal(10) ** 9), ("m", Decimal(10) ** 6))
_LONGEST_FRACTION = 3
_LARGEST_SCALED = Decimal(10) ** 18  # beyond, division might round
_SIGNS = {
    Qualifier.EXACT: "",
    Qualifier.ABOUT: "≈ ",
    Qualifier.AT_LEAST: "≥ ",
    Qualifier.AT_MOST: "≤ ",
    Qualifier.RANGE: "",
}
_CAPITALS = {Round.IPO: "IPO", Round.PRE_IPO: "pre-IPO", Round.PRE_SEED: "pre-seed"}


def money_text(money: Money) -> str:
    """Write a sum as ``"6.5 bn USD"``, ``"≥ 77,593 USD"``, ``"5–10 m EUR"``; never rounded."""
    values = [money.value] if money.upper is None else [money.value, money.upper]
    name, factor = _scale(values)
    digits = "–".join(_grouped(value / factor) for value in values)
    return f"{_SIGNS[money.qualifier]}{digits} {name}{' ' if name else ''}{money.currency}"


def round_text(event: FundingEvent) -> str:
    """Write an event's round as ``"series A, extension"``; empty where nothing is known of it."""
    words = [] if event.round is Round.UNSPECIFIED else [_round_name(event.round)]
    if event.extension:
        words.append("extension")
    return ", ".join(words)


def valuation_text(event: FundingEvent) -> str:
    """Write an event's valuation with its basis, as in ``"20 m EUR post-money"``; empty where there is none."""
    if event.valuation is None:
        return ""
    basis = f" {event.valuation_basis}-money" if event.valuation_basis else ""
    return money_text(event.valuation) + basis


def stake_text(event: FundingEvent) -> str:
    """Write the share that was sold, as in ``"12.5%"``; empty where it is unknown."""
    return "" if event.stake is None else f"{decimal_text(event.stake)}%"


def confidence_text(confidence: float) -> str:
    """Write a probability in percent, rounded down: only certainty is 100 %."""
    return f"{int(confidence * 100 + 1e-9)}%"


def language_text(result: Result) -> str:
    """Name the article's language in English, with its code."""
    from newsextract import languages

    code = result.article.language
    return f"{languages.load(code).language.name} ({code})" if code in languages.codes() else code


def nothing_found(result: Result) -> str:
    """Say that there is no event, and why if the language is the reason."""
    from newsextract import languages

    code = result.article.language
    if code == "und":
        return "No funding event: the language could not be detected; give it with --lang."
    if code not in languages.codes():
        return f"No funding event: the language ({code}) is not supported."
    return "No funding event."


def _scale(values: list[Decimal]) -> tuple[str, Decimal]:
    """Return the largest scale that shortens all values without losing a digit."""
    for name, factor in _SCALES:
        if all(
            factor <= value < _LARGEST_SCALED and _fraction(value / factor) <= _LONGEST_FRACTION for value in values
        ):
            return name, factor
    return "", Decimal(1)


def _fraction(value: Decimal) -> int:
    """Count the digits after the point."""
    return len(decimal_text(value).partition(".")[2])


def _grouped(value: Decimal) -> str:
    return format(Decimal(decimal_text(value)), ",f")


def _round_name(kind: Round) -> str:
    if kind in _CAPITALS:
        return _CAPITALS[kind]
    words, _, letter = kind.value.replace("_", " ").rpartition(" ")
    return f"{words} {letter.upper()}" if words == "series" else kind.value.replace("_", " ")
