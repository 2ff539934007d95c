"""Scores of links: which name receives an anchor's money, which spans belong to it.

An anchor is what an event is built around: a sum that may be a round's amount (with its restatements in
other currencies), or the name of a round without a sum. Three scorers look at pairs: anchor and
party (the recipient), anchor and span (an argument), anchor and anchor (the same event told twice).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsextract.context import FAR, Indices, Matrix, Positions
from newsextract.document import cue_classes
from newsextract.names import name_key
from newsextract.reading import Reading
from newsextract.roles import COMPANY, INVESTOR, LEAD, NAME_ROLES, SUM_ROLES, NameMention, Party, Scorers

KINDS = ("name", "sum", "round", "date", "stake", "count")
_PARTIES_AN_ANCHOR = 16
_MAYBE_AMOUNT = 0.2
_MOST_ANCHORS = 400

_BETWEEN = (
    "raise_verb",
    "invest_verb",
    "funding_noun",
    "lead_by",
    "lead_verb",
    "join_with",
    "join_verb",
    "source",
    "target",
    "prior",
    "total",
    "valuation",
    "company_noun",
    "investor_noun",
    "customer",
    "acquisition",
    "announced",
    "tranche",
    "contribution",
)
_AROUND = (
    "raise_verb",
    "invest_verb",
    "lead_by",
    "lead_verb",
    "join_verb",
    "prior",
    "planned",
    "rumored",
    "failed",
    "announced",
    "fund",
    "target",
    "source",
    "company_noun",
    "valuation",
    "total",
    "aggregate",
)


@dataclass(frozen=True)
class Anchor:
    """A sum (with its restatements) or the name of a round that may be an event.

    ``sums`` are indices into ``Reading.sums``, the main one first; ``round`` is an index into
    ``Reading.rounds`` where there is no sum. ``probability`` is that of being an event's amount or name.
    """

    start: int
    end: int
    sums: tuple[int, ...]
    round: int | None
    probability: float


@dataclass(frozen=True)
class Item:
    """A span that may be an argument: its kind, its index in the reading's list of that kind, its scores."""

    kind: str
    index: int
    start: int
    end: int
    scores: tuple[float, ...]
    party: int = -1


class Layout:
    """Where everything stands: tokens, sentences, paragraphs of anchors, names and items."""

    def __init__(
        self,
        reading: Reading,
        mentions: Sequence[NameMention],
        parties: Sequence[Party],
        sum_roles: Matrix,
        anchors: Sequence[Anchor],
    ) -> None:
        self.reading = reading
        self.mentions = list(mentions)
        self.parties = list(parties)
        self.anchors = list(anchors)
        self.items = list_items(reading, mentions, sum_roles)
        context = reading.context
        self.mention_first, self.mention_last = context.token_spans([(m.start, m.end) for m in self.mentions])
        self.mention_sentence = context.sentence_bounds(self.mention_first)[0]
        self.mention_paragraph = _paragraphs(reading, [m.start for m in self.mentions])
        self.anchor_first, self.anchor_last = context.token_spans([(a.start, a.end) for a in self.anchors])
        self.anchor_sentence, self.anchor_floor, self.anchor_ceiling = context.sentence_bounds(self.anchor_first)
        self.anchor_paragraph = _paragraphs(reading, [a.start for a in self.anchors])
        self.sum_positions = context.positions([(s.start, s.end) for s in reading.sums])
        likely = [(m.start, m.end) for m in self.mentions if m.roles[COMPANY] > 0.4]
        self.name_positions = context.positions([(m.start, m.end) for m in self.mentions])
        self.company_positions = context.positions(likely)
        self.anchor_positions = Positions(
            [(int(f), int(e)) for f, e in zip(self.anchor_first, self.anchor_last, strict=True)]
        )
        roles = np.array([p.roles for p in self.parties], dtype=np.float32).reshape(len(self.parties), len(NAME_ROLES))
        sizes = np.array([len(p.mentions) for p in self.parties], dtype=np.float32)
        self.party_roles = roles
        self.party_sizes = sizes
        self.party_weight = roles[:, COMPANY] * np.log1p(sizes)
        title = name_key(reading.document.text[: reading.document.title_end])
        self.party_in_title = np.array(
            [any(name_key(m.text) in title for m in p.mentions) for p in self.parties], dtype=np.float32
        )
        self.party_rank = np.argsort(np.argsort(-self.party_weight, kind="stable"), kind="stable").astype(np.float32)
        self.party_of_mention = np.array([m.party for m in self.mentions], dtype=np.int64)


def _paragraphs(reading: Reading, starts: list[int]) -> Indices:
    return np.array([reading.document.paragraph_at(start) for start in starts], dtype=np.int64)


def list_items(reading: Reading, mentions: Sequence[NameMention], sum_roles: Matrix) -> list[Item]:
    """List all spans that may be arguments, by kind."""
    items = [
        Item("name", index, m.start, m.end, m.roles, m.party)
        for index, m in enumerate(mentions)
        if m.roles[LEAD] + m.roles[INVESTOR] > 0.15
    ]
    items += [
        Item("sum", index, s.start, s.end, tuple(map(float, sum_roles[index])))
        for index, s in enumerate(reading.sums)
        if 1 - sum_roles[index, 0] - sum_roles[index, 1] > 0.15
    ]
    items += [Item("round", index, r.start, r.end, ()) for index, r in enumerate(reading.rounds)]
    items += [Item("date", index, d.start, d.end, ()) for index, d in enumerate(reading.dates)]
    items += [Item("stake", index, s.start, s.end, ()) for index, s in enumerate(reading.stakes)]
    items += [Item("count", index, c.start, c.end, ()) for index, c in enumerate(reading.counts)]
    return items


def sum_anchors(reading: Reading, sum_roles: Matrix) -> list[Anchor]:
    """Group sums that may be amounts with their restatements."""
    groups: dict[int, list[int]] = {}
    for index, found in enumerate(reading.sums):
        main = index
        if found.conversion_of is not None and found.conversion_of in groups:
            main = found.conversion_of
        groups.setdefault(main, []).append(index)
    anchors: list[Anchor] = []
    for main, members in groups.items():
        probability = float(sum_roles[members, 1].max())
        if probability >= _MAYBE_AMOUNT and reading.sums[main].start >= reading.document.title_end:
            found = reading.sums[main]
            anchors.append(Anchor(found.start, found.end, tuple(members), None, probability))
    if len(anchors) > _MOST_ANCHORS:
        anchors = sorted(anchors, key=lambda a: (-a.probability, a.start))[:_MOST_ANCHORS]
        anchors.sort(key=lambda a: a.start)
    return anchors


def _anchor_columns(layout: Layout, index: Indices) -> list[Matrix]:
    """What is said of the anchors themselves."""
    anchors = layout.anchors
    context = layout.reading.context
    first, last = layout.anchor_first[index], layout.anchor_last[index]
    around = context.cue_distances(layout.anchor_first, layout.anchor_last, _AROUND)[index]
    probability = np.array([a.probability for a in anchors], dtype=np.float32)[index]
    is_round = np.array([float(a.round is not None) for a in anchors], dtype=np.float32)[index]
    same_sentence = np.array(
        [float((layout.anchor_sentence == s).sum()) for s in layout.anchor_sentence], dtype=np.float32
    )[index]
    return [
        probability,
        is_round,
        index.astype(np.float32),
        np.full(len(index), len(anchors), dtype=np.float32),
        same_sentence,
        layout.anchor_sentence[index].astype(np.float32),
        layout.anchor_paragraph[index].astype(np.float32),
        (first - layout.anchor_floor[index]).astype(np.float32),
        (layout.anchor_ceiling[index] - last).astype(np.float32),
        *around.T,
    ]


def recipient_pairs(layout: Layout) -> list[tuple[int, int]]:
    """List the pairs (anchor, party) worth a score: the likely and the near parties of each anchor."""
    pairs: list[tuple[int, int]] = []
    if not layout.parties:
        return pairs
    for anchor in range(len(layout.anchors)):
        distance = np.full(len(layout.parties), 1e6)
        gaps = np.abs(layout.mention_first - layout.anchor_first[anchor]).astype(float)
        np.minimum.at(distance, layout.party_of_mention, gaps)
        worth = layout.party_roles[:, COMPANY] + 0.5 / (1.0 + distance / 10.0)
        chosen = np.argsort(-worth, kind="stable")[:_PARTIES_AN_ANCHOR]
        pairs.extend((anchor, int(party)) for party in sorted(chosen))
    return pairs


def _between(layout: Layout, low: Indices, high: Indices) -> list[Matrix]:
    cues = layout.reading.context.cues
    columns = [cues[name].count_between(low, high) for name in _BETWEEN]
    columns.append(layout.sum_positions.count_between(low, high))
    columns.append(layout.name_positions.count_between(low, high))
    columns.append(layout.company_positions.count_between(low, high))
    columns.append(layout.anchor_positions.count_between(low, high))
    return columns


def recipient_rows(layout: Layout, pairs: Sequence[tuple[int, int]]) -> Matrix:
    """Features of (anchor, party) pairs, one row a pair."""
    if not pairs:
        return np.zeros((0, 0), dtype=np.float32)
    array = np.array(pairs, dtype=np.int64)
    anchor, party = array[:, 0], array[:, 1]
    count = len(pairs)
    by_party: list[Indices] = [np.flatnonzero(layout.party_of_mention == p) for p in range(len(layout.parties))]
    own = np.zeros((count, 17), dtype=np.float32)
    nearest_left = np.full(count, -1, dtype=np.int64)
    nearest_right = np.full(count, -1, dtype=np.int64)
    for row, (a, p) in enumerate(pairs):
        members = by_party[p]
        first = layout.mention_first[members]
        left = members[layout.mention_last[members] <= layout.anchor_first[a]]
        right = members[first >= layout.anchor_last[a]]
        in_sentence = layout.mention_sentence[members] == layout.anchor_sentence[a]
        in_paragraph = layout.mention_paragraph[members] == layout.anchor_paragraph[a]
        own[row, 0] = in_sentence.sum()
        own[row, 1] = in_paragraph.sum()
        if len(left):
            nearest = int(left[-1])
            nearest_left[row] = nearest
            own[row, 2] = min(layout.anchor_first[a] - layout.mention_last[nearest], 400)
            own[row, 3] = layout.anchor_sentence[a] - layout.mention_sentence[nearest]
            own[row, 4] = layout.anchor_paragraph[a] - layout.mention_paragraph[nearest]
            own[row, 5] = float(own[row, 3] == 0)
        else:
            own[row, 2:5] = 500
        if len(right):
            nearest = int(right[0])
            nearest_right[row] = nearest
            own[row, 6] = min(layout.mention_first[nearest] - layout.anchor_last[a], 400)
            own[row, 7] = layout.mention_sentence[nearest] - layout.anchor_sentence[a]
            own[row, 8] = layout.mention_paragraph[nearest] - layout.anchor_paragraph[a]
            own[row, 9] = float(own[row, 7] == 0)
        else:
            own[row, 6:9] = 500
        paragraph_names = np.flatnonzero(layout.mention_paragraph == layout.anchor_paragraph[a])
        own[row, 10] = float(len(paragraph_names) > 0 and layout.party_of_mention[paragraph_names[0]] == p)
        sentence_names = np.flatnonzero(layout.mention_sentence == layout.anchor_sentence[a])
        own[row, 11] = float(len(sentence_names) > 0 and layout.party_of_mention[sentence_names[0]] == p)
        own[row, 12] = len(sentence_names)
        likely = sentence_names[[layout.mentions[i].roles[COMPANY] > 0.4 for i in sentence_names]]
        own[row, 13] = len(set(layout.party_of_mention[likely].tolist()))
        own[row, 14] = len(members)
        before = np.flatnonzero(layout.mention_last <= layout.anchor_first[a])
        likely_before = [i for i in before[-12:] if layout.mentions[i].roles[COMPANY] > 0.4]
        own[row, 15] = float(bool(likely_before) and layout.party_of_mention[likely_before[-1]] == p)
        after = np.flatnonzero(layout.mention_first >= layout.anchor_last[a])
        likely_after = [i for i in after[:12] if layout.mentions[i].roles[COMPANY] > 0.4]
        own[row, 16] = float(bool(likely_after) and layout.party_of_mention[likely_after[0]] == p)
    empty = np.zeros((1, len(NAME_ROLES)), dtype=np.float32)
    roles = np.vstack(
        [np.array([m.roles for m in layout.mentions], dtype=np.float32).reshape(-1, len(NAME_ROLES)), empty]
    )
    columns: list[Matrix] = []
    columns.extend(own.T)
    columns.extend(layout.party_roles[party].T)
    columns.append(layout.party_sizes[party])
    columns.append(layout.party_weight[party])
    columns.append(layout.party_rank[party])
    columns.append(layout.party_in_title[party])
    columns.append(np.full(count, float((layout.party_roles[:, COMPANY] > 0.5).sum()), dtype=np.float32))
    columns.extend(roles[nearest_left].T)
    columns.extend(roles[nearest_right].T)
    last = np.concatenate([layout.mention_last, [0]])
    first = np.concatenate([layout.mention_first, [0]])
    a_first, a_last = layout.anchor_first[anchor], layout.anchor_last[anchor]
    low = np.where(nearest_left >= 0, last[nearest_left], a_first)
    columns.extend(_between(layout, np.maximum(low, a_first - 80), a_first))
    high = np.where(nearest_right >= 0, first[nearest_right], a_last)
    columns.extend(_between(layout, a_last, np.minimum(high, a_last + 80)))
    # The surroundings of the mention nearest to the anchor: what stands beside the name itself.
    closest = np.where(own[:, 2] <= own[:, 6], np.where(nearest_left >= 0, nearest_left, nearest_right), nearest_right)
    closest = np.where(closest >= 0, closest, np.maximum(nearest_left, 0))
    if len(layout.mentions):
        around = layout.reading.context.cue_distances(layout.mention_first, layout.mention_last, _AROUND)
        columns.extend(around[np.minimum(closest, len(layout.mentions) - 1)].T)
    columns.extend(_anchor_columns(layout, anchor))
    columns.extend(_model_recipients(layout, anchor, party))
    header = layout.reading.document.language.language
    columns.append(np.full(count, float(header.verb_final), dtype=np.float32))
    columns.append(np.full(count, float(header.spaced), dtype=np.float32))
    return np.stack([column.astype(np.float32) for column in columns], axis=1)


def _model_recipients(layout: Layout, anchor: Indices, party: Indices) -> list[Matrix]:
    """The model's choice of the recipient: share of each party, its best logit, distance to the best other."""
    scores = layout.reading.scores
    if scores is None:
        return []
    logits = scores.recipient_logits(
        [(a.start, a.end) for a in layout.anchors], [(m.start, m.end) for m in layout.mentions]
    )
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = shifted / shifted.sum(axis=1, keepdims=True)
    by_party = np.zeros((len(layout.anchors), len(layout.parties)), dtype=np.float32)
    best = np.full((len(layout.anchors), len(layout.parties)), -50.0, dtype=np.float32)
    for mention, owner in enumerate(layout.party_of_mention):
        by_party[:, owner] += shares[:, mention]
        best[:, owner] = np.maximum(best[:, owner], logits[:, mention])
    rank = np.argsort(np.argsort(-by_party, axis=1, kind="stable"), axis=1, kind="stable")
    return [
        by_party[anchor, party],
        best[anchor, party],
        best[anchor, party] - best.max(axis=1)[anchor],
        rank[anchor, party].astype(np.float32),
    ]


def score_recipients(layout: Layout, scorers: Scorers) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the probability of every (anchor, party), and each anchor's parties from best to worst.

    Shapes: (anchors, parties) and (anchors, parties).
    """
    scores = np.zeros((len(layout.anchors), max(1, len(layout.parties))), dtype=np.float32)
    pairs = recipient_pairs(layout)
    rows = recipient_rows(layout, pairs)
    if len(rows):
        for (anchor, party), score in zip(pairs, scorers("recipient").positive(rows), strict=True):
            scores[anchor, party] = score
    return scores, np.argsort(-scores, axis=1, kind="stable")


def argument_pairs(layout: Layout) -> list[tuple[int, int]]:
    """List the pairs (anchor, item) worth a score: not further apart than a few sentences, or alone of its kind."""
    pairs: list[tuple[int, int]] = []
    if not layout.anchors or not layout.items:
        return pairs
    first = layout.reading.context.token_spans([(i.start, i.end) for i in layout.items])[0]
    sentence = layout.reading.context.sentence_bounds(first)[0]
    for anchor in range(len(layout.anchors)):
        own = set(layout.anchors[anchor].sums)
        near = np.abs(sentence - layout.anchor_sentence[anchor]) <= 14
        pairs.extend(
            (anchor, int(item))
            for item in np.flatnonzero(near)
            if not (layout.items[item].kind == "sum" and layout.items[item].index in own)
        )
    return pairs


def argument_rows(layout: Layout, pairs: Sequence[tuple[int, int]], recipients: NDArray[np.int64]) -> Matrix:
    """Features of (anchor, item) pairs. ``recipients``: the best party of each anchor, -1 for none."""
    if not pairs:
        return np.zeros((0, 0), dtype=np.float32)
    context = layout.reading.context
    array = np.array(pairs, dtype=np.int64)
    anchor, item = array[:, 0], array[:, 1]
    count = len(pairs)
    items = layout.items
    item_first, item_last = context.token_spans([(i.start, i.end) for i in items])
    item_sentence, item_floor, item_ceiling = context.sentence_bounds(item_first)
    item_paragraph = _paragraphs(layout.reading, [i.start for i in items])
    kinds = np.array([KINDS.index(i.kind) for i in items], dtype=np.int64)
    columns: list[Matrix] = [(kinds[item] == kind).astype(np.float32) for kind in range(len(KINDS))]
    name_scores = np.zeros((len(items), len(NAME_ROLES)), dtype=np.float32)
    sum_scores = np.zeros((len(items), len(SUM_ROLES)), dtype=np.float32)
    extra = np.zeros((len(items), 6), dtype=np.float32)
    for row, i in enumerate(items):
        if i.kind == "name":
            name_scores[row] = i.scores
            extra[row, 0] = layout.party_sizes[i.party] if i.party >= 0 else 0
        elif i.kind == "sum":
            sum_scores[row] = i.scores
        elif i.kind == "date":
            date = layout.reading.dates[i.index]
            extra[row, 1] = float(date.relative)
            extra[row, 2] = {"year": 1.0, "month": 2.0, "day": 3.0}.get(date.precision, 0.0)
            extra[row, 3] = float(date.iso is not None)
        elif i.kind == "round":
            mention = layout.reading.rounds[i.index]
            extra[row, 4] = float(mention.is_series)
            extra[row, 5] = float(list(type(mention.value)).index(mention.value))
    columns.extend(name_scores[item].T)
    columns.extend(sum_scores[item].T)
    columns.extend(extra[item].T)
    a_first, a_last = layout.anchor_first[anchor], layout.anchor_last[anchor]
    i_first, i_last = item_first[item], item_last[item]
    before = i_last <= a_first
    gap = np.where(before, a_first - i_last, i_first - a_last)
    columns.append(before.astype(np.float32))
    columns.append(np.minimum(gap, 400).astype(np.float32))
    sentence_gap = item_sentence[item] - layout.anchor_sentence[anchor]
    columns.append(sentence_gap.astype(np.float32))
    columns.append((item_paragraph[item] - layout.anchor_paragraph[anchor]).astype(np.float32))
    columns.append((sentence_gap == 0).astype(np.float32))
    low = np.where(before, i_last, a_last)
    high = np.where(before, a_first, i_first)
    columns.extend(_between(layout, np.maximum(low, high - 100), high))
    # Is this anchor the item's nearest, on either side, and how much nearer is the best other one?
    distance = np.abs(layout.anchor_first[None, :] - item_first[:, None]).astype(np.float32)
    distance += 15.0 * np.abs(layout.anchor_sentence[None, :] - item_sentence[:, None])
    rank = np.argsort(np.argsort(distance, axis=1, kind="stable"), axis=1, kind="stable").astype(np.float32)
    columns.append(rank[item, anchor])
    columns.append(np.minimum(distance[item, anchor] - distance.min(axis=1)[item], 400))
    left_nearest = np.searchsorted(layout.anchor_last, item_first, side="right") - 1
    columns.append((left_nearest[item] == anchor).astype(np.float32))
    columns.append((left_nearest[item] + 1 == anchor).astype(np.float32))
    same_sentence = np.array([float((layout.anchor_sentence == s).sum()) for s in item_sentence], dtype=np.float32)
    columns.append(same_sentence[item])
    # The recipient-like names nearest to the item: is it the anchor's recipient?
    owner_left = np.full(len(items), -2, dtype=np.int64)
    owner_right = np.full(len(items), -2, dtype=np.int64)
    likely = np.array([i for i, m in enumerate(layout.mentions) if m.roles[COMPANY] > 0.4], dtype=np.int64)
    if len(likely):
        position = np.searchsorted(layout.mention_first[likely], item_first, side="left")
        has_left = position > 0
        owner_left[has_left] = layout.party_of_mention[likely[position[has_left] - 1]]
        has_right = position < len(likely)
        owner_right[has_right] = layout.party_of_mention[likely[position[has_right]]]
    recipient = recipients[anchor]
    columns.append((owner_left[item] == recipient).astype(np.float32))
    columns.append((owner_right[item] == recipient).astype(np.float32))
    party = np.array([i.party for i in items], dtype=np.int64)
    columns.append(((party[item] == recipient) & (party[item] >= 0)).astype(np.float32))
    same_recipient = np.array([float((recipients == r).sum()) for r in recipients], dtype=np.float32)
    columns.append(same_recipient[anchor])
    columns.extend(context.cue_distances(item_first, item_last, _AROUND)[item].T)
    columns.append((i_first - item_floor[item]).astype(np.float32))
    columns.append((item_ceiling[item] - i_last).astype(np.float32))
    for stretches in layout.reading.other_spans.values():
        positions = context.positions(stretches)
        columns.append(positions.before(item_first, item_floor)[item])
        columns.append(positions.after(item_last, item_ceiling)[item])
    columns.extend(_anchor_columns(layout, anchor))
    if layout.reading.scores is not None:
        item_spans = [(i.start, i.end) for i in items]
        logits = layout.reading.scores.argument_logits([(a.start, a.end) for a in layout.anchors], item_spans)
        columns.append(logits[anchor, item])
        columns.append(logits[anchor, item] - logits.max(axis=0)[item])
        columns.extend(layout.reading.scores.span_features(item_spans)[item].T)
    header = layout.reading.document.language.language
    columns.append(np.full(count, float(header.verb_final), dtype=np.float32))
    return np.stack([column.astype(np.float32) for column in columns], axis=1)


def twin_pairs(layout: Layout) -> list[tuple[int, int]]:
    """List pairs of anchors that state the same sum."""
    values: dict[tuple[object, ...], list[int]] = {}
    for index, anchor in enumerate(layout.anchors):
        for position in anchor.sums:
            found = layout.reading.sums[position]
            values.setdefault((found.value, found.upper, found.currency), []).append(index)
    pairs = {
        (min(a, b), max(a, b))
        for members in values.values()
        for i, a in enumerate(members[:40])
        for b in members[i + 1 : 40]
        if a != b
    }
    return sorted(pairs)


def twin_rows(layout: Layout, pairs: Sequence[tuple[int, int]], recipients: NDArray[np.int64]) -> Matrix:
    """Features of pairs of anchors with the same sum."""
    if not pairs:
        return np.zeros((0, 0), dtype=np.float32)
    array = np.array(pairs, dtype=np.int64)
    a, b = array[:, 0], array[:, 1]
    context = layout.reading.context
    columns: list[Matrix] = [
        (layout.anchor_first[b] - layout.anchor_last[a]).astype(np.float32),
        (layout.anchor_sentence[b] - layout.anchor_sentence[a]).astype(np.float32),
        (layout.anchor_paragraph[b] - layout.anchor_paragraph[a]).astype(np.float32),
        (recipients[a] == recipients[b]).astype(np.float32),
        np.full(len(pairs), len(layout.anchors), dtype=np.float32),
    ]
    around = context.cue_distances(layout.anchor_first, layout.anchor_last, _AROUND)
    for side in (a, b):
        columns.extend(around[side].T)
        columns.append(np.array([layout.anchors[i].probability for i in side], dtype=np.float32))
        for stretches in layout.reading.other_spans.values():
            positions = context.positions(stretches)
            columns.append(positions.before(layout.anchor_first, layout.anchor_floor)[side])
            columns.append(positions.after(layout.anchor_last, layout.anchor_ceiling)[side])
    columns.extend(_between(layout, layout.anchor_last[a], layout.anchor_first[b]))
    return np.stack([column.astype(np.float32) for column in columns], axis=1)


def status_rows(layout: Layout) -> Matrix:
    """Features of anchors for their status, round and truth, one row an anchor."""
    if not layout.anchors:
        return np.zeros((0, 0), dtype=np.float32)
    context = layout.reading.context
    index = np.arange(len(layout.anchors))
    columns: list[Matrix] = list(_anchor_columns(layout, index))
    columns.extend(context.cue_distances(layout.anchor_first, layout.anchor_last, cue_classes()).T)
    title_end = context.token_span(0, max(1, layout.reading.document.title_end))[1]
    zero = np.zeros(1, dtype=np.int64)
    for name in ("planned", "rumored", "failed", "fund", "denied", "acquisition"):
        in_title = context.cues[name].count_between(
            zero, zero + (title_end if layout.reading.document.title_end else 0)
        )
        everywhere = len(context.cues[name].starts)
        in_paragraph = context.cues[name].count_between(
            np.maximum(layout.anchor_first - 60, 0), layout.anchor_last + 60
        )
        columns.append(np.full(len(index), in_title[0], dtype=np.float32))
        columns.append(np.full(len(index), everywhere / max(1, len(layout.reading.document.tokens)), dtype=np.float32))
        columns.append(in_paragraph)
    if layout.reading.scores is not None:
        spans = [(a.start, a.end) for a in layout.anchors]
        columns.extend(layout.reading.scores.anchor_features(spans).T)
        columns.extend(layout.reading.scores.span_features(spans).T)
    return np.stack([column.astype(np.float32) for column in columns], axis=1)


__all__ = [
    "FAR",
    "KINDS",
    "Anchor",
    "Item",
    "Layout",
    "argument_pairs",
    "argument_rows",
    "recipient_pairs",
    "recipient_rows",
    "score_recipients",
    "status_rows",
    "sum_anchors",
    "twin_pairs",
    "twin_rows",
]
