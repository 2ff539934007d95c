"""Scores of roles: what each name and each sum of an article is, seen by itself and its kind.

Names: no name, recipient, lead investor, investor, other organisation, person. Sums: amount of a
round, part, contribution, valuation, total, total before, other money. A first look scores each
span by its own surroundings; a second one also sees how the other mentions of the same party, the
neighbours and the whole article were scored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from newsextract.candidates import candidate_features
from newsextract.context import FAR, Indices, Matrix
from newsextract.document import cue_classes
from newsextract.names import name_key, same_party
from newsextract.reading import Reading
from newsextract.records import Qualifier
from newsextract.scoring import Trees

Scorers = Callable[[str], Trees]

NAME_ROLES = ("none", "company", "lead", "investor", "org", "person")
SUM_ROLES = ("money", "amount", "tranche", "contribution", "valuation", "total", "prior_total")
COMPANY, LEAD, INVESTOR = 1, 2, 3

_IS_NAME = 0.12
_KEEP_NAME = 0.35
_MOST_PARTIES = 400

# Orders of magnitude of currencies against the dollar, so that sizes of sums compare; others count as 1.
_MAGNITUDE = {
    "JPY": 2, "KRW": 3, "IDR": 4, "VND": 4, "INR": 2, "RUB": 2, "HUF": 2, "CLP": 3, "COP": 3.5, "NGN": 3, "KES": 2,
    "TWD": 1.5, "THB": 1.5, "PHP": 1.7, "CZK": 1.3, "TRY": 1.3, "UAH": 1.5, "PKR": 2.3, "EGP": 1.5, "KZT": 2.6,
    "ISK": 2, "XOF": 2.8, "XAF": 2.8, "ARS": 2.5, "MXN": 1.3, "ZAR": 1.2, "SEK": 1, "NOK": 1, "DKK": 0.8, "CNY": 0.8,
    "HKD": 0.9, "BRL": 0.7, "PLN": 0.6, "MAD": 1, "DZD": 2, "IQD": 3, "LBP": 4, "UZS": 4, "BDT": 2, "LKR": 2.4,
}  # fmt: skip


@dataclass(frozen=True)
class NameMention:
    """A name in the text with its probabilities of roles, in the order of ``NAME_ROLES``."""

    start: int
    end: int
    text: str
    roles: tuple[float, ...]
    party: int = -1


@dataclass
class Party:
    """All mentions that name one party, and what they say together."""

    index: int
    mentions: list[NameMention] = field(default_factory=list)
    roles: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """The fullest form of the name; the most frequent, then the first, of equally long ones."""
        forms = [mention.text for mention in self.mentions]
        return max(forms, key=lambda form: (len(name_key(form)), forms.count(form), -forms.index(form)))


def name_rows(reading: Reading) -> Matrix:
    """Features of all candidates for names."""
    rows = candidate_features(reading.document, reading.context, reading.units, reading.candidates, reading.other_spans)
    spans = [reading.candidate_span(candidate) for candidate in reading.candidates]
    return np.concatenate([rows, *reading.model_columns(spans)], axis=1) if spans else rows


def first_look(reading: Reading, rows: Matrix, scorers: Scorers) -> list[NameMention]:
    """Score the candidates and keep the best that do not overlap."""
    if len(rows) == 0:
        return []
    likely = np.flatnonzero(scorers("name").positive(rows) >= _IS_NAME)
    probabilities = scorers("name_role").probabilities(rows[likely])
    order = np.argsort(probabilities[:, 0], kind="stable")
    occupied = np.zeros(len(reading.units.text) + 1, dtype=bool)
    kept: list[NameMention] = []
    for row in order:
        if 1 - probabilities[row, 0] < _KEEP_NAME:
            break
        first, last = reading.candidates[int(likely[row])]
        if occupied[first:last].any():
            continue
        occupied[first:last] = True
        start, end = reading.candidate_span((first, last))
        kept.append(NameMention(start, end, reading.document.text[start:end], tuple(map(float, probabilities[row]))))
    return sorted(kept, key=lambda mention: mention.start)


def join_parties(mentions: Sequence[NameMention]) -> list[Party]:
    """Join the mentions that name one party: equal keys first, then short forms and acronyms."""
    by_key: dict[str, list[NameMention]] = {}
    for mention in mentions:
        by_key.setdefault(name_key(mention.text), []).append(mention)
    keys = sorted(by_key, key=lambda key: (-len(key), key))[:_MOST_PARTIES]
    representative: dict[str, str] = {}
    for position, key in enumerate(keys):
        representative[key] = key
        matches = [
            other
            for other in keys[:position]
            if representative[other] == other and same_party(by_key[key][0].text, by_key[other][0].text)
        ]
        if len(matches) == 1:
            representative[key] = matches[0]
    parties: dict[str, Party] = {}
    for mention in mentions:
        key = name_key(mention.text)
        key = representative.get(key, key)
        party = parties.setdefault(key, Party(len(parties)))
        party.mentions.append(mention)
    return list(parties.values())


def party_rows(reading: Reading, mentions: Sequence[NameMention], parties: Sequence[Party]) -> Matrix:
    """Features of the second look at names, one row a mention."""
    count = len(mentions)
    if count == 0:
        return np.zeros((0, 0), dtype=np.float32)
    document = reading.document
    own = np.array([mention.roles for mention in mentions], dtype=np.float32)
    where = {(m.start, m.end): row for row, m in enumerate(mentions)}
    of_party = np.zeros(count, dtype=np.int64)
    for position, party in enumerate(parties):
        for mention in party.mentions:
            of_party[where[(mention.start, mention.end)]] = position
    size = np.zeros(len(parties), dtype=np.float32)
    mean = np.zeros((len(parties), own.shape[1]), dtype=np.float32)
    highest = np.zeros_like(mean)
    first = np.full(len(parties), 1e9, dtype=np.float32)
    for row, place in enumerate(of_party):
        position = int(place)
        size[position] += 1
        mean[position] += own[row]
        highest[position] = np.maximum(highest[position], own[row])
        first[position] = min(first[position], mentions[row].start)
    mean /= np.maximum(size, 1)[:, None]
    weight = mean[:, COMPANY] * np.log1p(size)
    rank = np.argsort(np.argsort(-weight, kind="stable"), kind="stable").astype(np.float32)
    title = name_key(document.text[: document.title_end])
    in_title = np.array([any(name_key(m.text) in title for m in party.mentions) for party in parties], dtype=np.float32)
    previous = np.vstack([np.zeros((1, own.shape[1]), dtype=np.float32), own[:-1]])
    following = np.vstack([own[1:], np.zeros((1, own.shape[1]), dtype=np.float32)])
    starts = [(m.start, m.end) for m in mentions]
    token_first, token_last = reading.context.token_spans(starts)
    sentence, floor, ceiling = reading.context.sentence_bounds(token_first)
    gap_left = np.concatenate([[FAR], np.minimum(token_first[1:] - token_last[:-1], FAR)]).astype(np.float32)
    gap_right = np.concatenate([gap_left[1:], [FAR]]).astype(np.float32)
    columns = [
        own,
        mean[of_party],
        highest[of_party],
        previous,
        following,
        size[of_party][:, None],
        in_title[of_party][:, None],
        rank[of_party][:, None],
        first[of_party][:, None] / max(1, len(document.text)),
        np.full((count, 1), weight.max(), dtype=np.float32),
        weight[of_party][:, None],
        gap_left[:, None],
        gap_right[:, None],
        sentence[:, None].astype(np.float32),
        np.full((count, 1), len(document.sentences), dtype=np.float32),
        np.full((count, 1), len(parties), dtype=np.float32),
        reading.context.cue_distances(token_first, token_last, cue_classes()),
    ]
    for stretches in reading.other_spans.values():
        positions = reading.context.positions(stretches)
        columns.append(positions.before(token_first, floor)[:, None])
        columns.append(positions.after(token_last, ceiling)[:, None])
    columns += reading.model_columns(starts)
    return np.concatenate(columns, axis=1).astype(np.float32)


def second_look(
    reading: Reading, mentions: Sequence[NameMention], scorers: Scorers
) -> tuple[list[NameMention], list[Party]]:
    """Score the names again, each in the light of all; return them with their parties."""
    parties = join_parties(mentions)
    rows = party_rows(reading, mentions, parties)
    if len(rows) == 0:
        return [], []
    probabilities = scorers("party").probabilities(rows)
    scored = [
        NameMention(m.start, m.end, m.text, tuple(map(float, p))) for m, p in zip(mentions, probabilities, strict=True)
    ]
    return settle(scored)


def settle(mentions: Sequence[NameMention]) -> tuple[list[NameMention], list[Party]]:
    """Number the parties of scored mentions and average their roles."""
    parties = join_parties(mentions)
    numbered: list[NameMention] = []
    for index, party in enumerate(parties):
        party.index = index
        party.mentions = [NameMention(m.start, m.end, m.text, m.roles, index) for m in party.mentions]
        mean = np.array([m.roles for m in party.mentions]).mean(axis=0)
        party.roles = tuple(map(float, mean))
        numbered.extend(party.mentions)
    return sorted(numbered, key=lambda mention: mention.start), parties


def _size(value: Decimal, currency: str) -> float:
    """Return the order of magnitude of a sum, roughly in dollars."""
    return float(np.log10(max(float(value), 0.01))) - _MAGNITUDE.get(currency, 0.0)


def sum_rows(reading: Reading, mentions: Sequence[NameMention]) -> Matrix:
    """Features of the first look at sums, one row a sum."""
    sums = reading.sums
    count = len(sums)
    if count == 0:
        return np.zeros((0, 0), dtype=np.float32)
    document, context = reading.document, reading.context
    spans = [(s.start, s.end) for s in sums]
    token_first, token_last = context.token_spans(spans)
    sentence, floor, ceiling = context.sentence_bounds(token_first)
    header = document.language.language
    sizes = np.array([_size(s.value, s.currency) for s in sums], dtype=np.float32)
    values = [(s.value, s.currency) for s in sums]
    in_title = {value for s, value in zip(sums, values, strict=True) if s.start < document.title_end}
    text = document.text
    title_has_sum = float(bool(in_title))
    base = np.array(
        [
            (
                sizes[i],
                sizes[i] - sizes.max(),
                float((sizes > sizes[i] + 1e-6).sum()),
                float(count),
                float(i),
                float(values.count(values[i])) if count < 500 else 1.0,
                float(values[i] in in_title),
                title_has_sum,
                float(s.start < document.title_end),
                float(s.qualifier is Qualifier.ABOUT),
                float(s.qualifier is Qualifier.AT_LEAST),
                float(s.qualifier is Qualifier.AT_MOST),
                float(s.qualifier is Qualifier.RANGE),
                float(s.bare),
                float(s.conversion_of is not None),
                float(text[max(0, s.start - 4) : s.start].rstrip()[-1:] in ("(", "（")),
                float(text[s.end : s.end + 2].lstrip()[:1] in (")", "）")),
                float(text[s.end : s.end + 1] in ("/", "-")),
                float(sentence[i]),
                float(sentence[i]) / max(1, len(document.sentences)),
                float(document.paragraph_at(s.start)),
                float(len(document.sentences)),
                float(token_first[i] - floor[i]),
                float(ceiling[i] - token_last[i]),
                float(header.verb_final),
                float(header.spaced),
                float(header.capitals),
            )
            for i, s in enumerate(sums)
        ],
        dtype=np.float32,
    )
    columns = [base, context.cue_distances(token_first, token_last, cue_classes())]
    for stretches in reading.other_spans.values():
        positions = context.positions(stretches)
        columns.append(positions.before(token_first, floor)[:, None])
        columns.append(positions.after(token_last, ceiling)[:, None])
    columns.append(_near_names(reading, mentions, token_first, token_last, floor, ceiling))
    previous = np.concatenate([[0.0], sizes[:-1]]) - sizes
    following = np.concatenate([sizes[1:], [0.0]]) - sizes
    columns.append(np.stack([previous, following], axis=1).astype(np.float32))
    columns += reading.model_columns(spans)
    return np.concatenate(columns, axis=1).astype(np.float32)


def _near_names(
    reading: Reading,
    mentions: Sequence[NameMention],
    token_first: Indices,
    token_last: Indices,
    floor: Indices,
    ceiling: Indices,
) -> Matrix:
    """The nearest names on both sides within the sentence: distance and roles; and the best of each role."""
    width = len(NAME_ROLES)
    result = np.zeros((len(token_first), 2 * (width + 1) + 6), dtype=np.float32)
    result[:, 0] = FAR
    result[:, width + 1] = FAR
    result[:, -6:] = FAR
    if not mentions:
        return result
    first, last = reading.context.token_spans([(m.start, m.end) for m in mentions])
    roles = np.array([m.roles for m in mentions], dtype=np.float32)
    for row in range(len(token_first)):
        left = int(np.searchsorted(last, token_first[row], side="right")) - 1
        if left >= 0 and first[left] >= floor[row]:
            result[row, 0] = token_first[row] - last[left]
            result[row, 1 : width + 1] = roles[left]
        right = int(np.searchsorted(first, token_last[row], side="left"))
        if right < len(mentions) and first[right] < ceiling[row]:
            result[row, width + 1] = first[right] - token_last[row]
            result[row, width + 2 : 2 * width + 2] = roles[right]
        low = int(np.searchsorted(first, floor[row], side="left"))
        high = int(np.searchsorted(first, ceiling[row], side="left"))
        for offset, role in enumerate((COMPANY, LEAD, INVESTOR)):
            for side in (0, 1):
                ahead = range(low, min(left + 1, high)) if side == 0 else range(max(right, low), high)
                distances = [
                    float(token_first[row] - last[i] if side == 0 else first[i] - token_last[row])
                    for i in ahead
                    if roles[i, role] > 0.4
                ]
                if distances:
                    result[row, 2 * width + 2 + 2 * offset + side] = min(distances)
    return result


def sum_second_rows(reading: Reading, rows: Matrix, first: Matrix) -> Matrix:
    """Features of the second look at sums: all of the first, its scores, and those of the neighbours."""
    if len(rows) == 0:
        return rows
    width = first.shape[1]
    empty = np.zeros((1, width), dtype=np.float32)
    previous = np.vstack([empty, first[:-1]])
    following = np.vstack([first[1:], empty])
    document_best = np.tile(first.max(axis=0), (len(rows), 1))
    values: dict[tuple[Decimal, str], list[int]] = {}
    for index, s in enumerate(reading.sums):
        values.setdefault((s.value, s.currency), []).append(index)
    same = np.zeros_like(first)
    for indices in values.values():
        for index in indices:
            others = [other for other in indices if other != index]
            if others:
                same[index] = first[others].max(axis=0)
    restated = np.zeros_like(first)
    for index, s in enumerate(reading.sums):
        if s.conversion_of is not None:
            restated[index] = first[s.conversion_of]
    return np.concatenate([rows, first, previous, following, document_best, same, restated], axis=1)


def score_sums(reading: Reading, mentions: Sequence[NameMention], scorers: Scorers) -> Matrix:
    """Return the probabilities of roles of all sums: (sums, ``SUM_ROLES``)."""
    rows = sum_rows(reading, mentions)
    if len(rows) == 0:
        return np.zeros((0, len(SUM_ROLES)), dtype=np.float32)
    first = scorers("sum").probabilities(rows)
    return scorers("sum_again").probabilities(sum_second_rows(reading, rows, first))
