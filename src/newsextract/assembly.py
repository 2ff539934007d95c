"""Events from scored spans and links: the one place that decides.

Scores come in (roles of names and sums, links between anchors and spans); records go out. The
constraints of the annotation standard hold for every event: one recipient, one amount with its
restatements, an investor is not the recipient, a valuation and a total are not below the amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from newsextract.context import Matrix
from newsextract.links import (
    Anchor,
    Item,
    Layout,
    argument_pairs,
    argument_rows,
    score_recipients,
    status_rows,
    sum_anchors,
    twin_pairs,
    twin_rows,
)
from newsextract.money import FoundSum
from newsextract.names import name_key
from newsextract.reading import Reading
from newsextract.records import (
    Company,
    Contribution,
    FundingEvent,
    Investor,
    Mention,
    Money,
    Round,
    Status,
    content_id,
)
from newsextract.roles import COMPANY, INVESTOR, LEAD, SUM_ROLES, NameMention, Party, Scorers

STATUSES = (Status.CLOSED, Status.PLANNED, Status.RUMORED, Status.FAILED)

# Thresholds on probabilities that cross-fitting on the tuning part of the corpus calibrates.
# F1 is best at about half its own value (Lipton et al. 2014); an article none of whose events is more likely
# true than not yields nothing.
EVENT_THRESHOLD = 0.33
ARTICLE_THRESHOLD = 0.55
LINK_THRESHOLD = 0.5
TWIN_THRESHOLD = 0.5
ROUND_ANCHOR_FLOOR = 0.2
_BASIS_REACH = 8  # tokens
_EXTENSION_REACH = 6  # tokens

Basis = Literal["pre", "post"]


@dataclass
class Draft:
    """An event being put together: its anchors (the same event told more than once) and arguments."""

    anchors: list[int]
    party: Party
    truth: float
    status: Status
    items: dict[str, list[tuple[Item, float]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scores:
    """All scores of a document's links, ready for decisions."""

    layout: Layout
    recipients: NDArray[np.float32]
    ranked: NDArray[np.int64]
    arguments: dict[tuple[int, int], float]
    twins: dict[tuple[int, int], float]
    statuses: Matrix
    truth: NDArray[np.float32]


def round_anchor_rows(layout: Layout, links: dict[tuple[int, int], float], first_round: int) -> Matrix:
    """Features of round names as anchors: their surroundings and how well they fit the sums' events.

    Args:
        layout: its anchors are the sums' followed, from ``first_round`` on, by one for every round name.
        links: scores of (sum anchor, item).
    """
    rows = status_rows(layout)[first_round:]
    best = np.zeros((len(rows), 3), dtype=np.float32)
    by_round: dict[int, list[float]] = {}
    for (_, item), score in links.items():
        found = layout.items[item]
        if found.kind == "round":
            by_round.setdefault(found.index, []).append(score)
    for row, anchor in enumerate(layout.anchors[first_round:]):
        scores = sorted(by_round.get(anchor.round if anchor.round is not None else -1, []), reverse=True)
        best[row, 0] = scores[0] if scores else 0.0
        best[row, 1] = float(sum(scores))
        mention = layout.reading.rounds[anchor.round or 0]
        best[row, 2] = float(list(Round).index(mention.value))
    return np.concatenate([rows, best], axis=1)


def all_anchors(
    reading: Reading,
    mentions: Sequence[NameMention],
    parties: Sequence[Party],
    sum_roles: Matrix,
    scorers: Scorers,
) -> list[Anchor]:
    """Return the anchors of a document: likely amounts, and names of rounds that no amount explains."""
    anchors = sum_anchors(reading, sum_roles)
    layout = Layout(reading, mentions, parties, sum_roles, anchors)
    _, ranked = score_recipients(layout, scorers)
    links = _argument_scores(layout, _best(ranked, layout), scorers)
    rows, candidates = round_candidates(reading, mentions, parties, sum_roles, anchors, links)
    if len(rows):
        probabilities = scorers("round_anchor").positive(rows)
        anchors = anchors + [
            Anchor(c.start, c.end, (), c.round, float(p))
            for c, p in zip(candidates, probabilities, strict=True)
            if p >= ROUND_ANCHOR_FLOOR
        ]
    return sorted(anchors, key=lambda anchor: anchor.start)


def round_candidates(
    reading: Reading,
    mentions: Sequence[NameMention],
    parties: Sequence[Party],
    sum_roles: Matrix,
    anchors: Sequence[Anchor],
    links: dict[tuple[int, int], float],
) -> tuple[Matrix, list[Anchor]]:
    """Return features and anchors for all names of rounds in the body."""
    candidates = [
        Anchor(r.start, r.end, (), index, 0.0)
        for index, r in enumerate(reading.rounds)
        if r.start >= reading.document.title_end
    ]
    if not candidates:
        return np.zeros((0, 0), dtype=np.float32), []
    layout = Layout(reading, mentions, parties, sum_roles, [*anchors, *candidates])
    return round_anchor_rows(layout, links, len(anchors)), candidates


def _best(ranked: NDArray[np.int64], layout: Layout) -> NDArray[np.int64]:
    if not layout.parties:
        return np.full(len(layout.anchors), -1, dtype=np.int64)
    return ranked[:, 0] if len(layout.anchors) else np.zeros(0, dtype=np.int64)


def _argument_scores(layout: Layout, recipients: NDArray[np.int64], scorers: Scorers) -> dict[tuple[int, int], float]:
    pairs = argument_pairs(layout)
    rows = argument_rows(layout, pairs, recipients)
    if not len(rows):
        return {}
    return {pair: float(p) for pair, p in zip(pairs, scorers("argument").positive(rows), strict=True)}


def truth_rows(
    layout: Layout, recipients: NDArray[np.float32], ranked: NDArray[np.int64], links: dict[tuple[int, int], float]
) -> Matrix:
    """Features of whole events, one row an anchor: how sure its parts are, and what surrounds it."""
    base = status_rows(layout)
    count = len(layout.anchors)
    if count == 0:
        return base
    extra = np.zeros((count, 14), dtype=np.float32)
    for row in range(count):
        order = ranked[row]
        scores = recipients[row]
        extra[row, 0] = scores[order[0]]
        extra[row, 1] = scores[order[1]] if len(order) > 1 else 0.0
        extra[row, 2] = scores.sum()
        if layout.parties:
            extra[row, 3:9] = layout.party_roles[order[0]]
            extra[row, 9] = layout.party_sizes[order[0]]
    for (anchor, item), score in links.items():
        column = {"round": 10, "name": 11, "date": 12, "sum": 13}.get(layout.items[item].kind)
        if column is not None:
            extra[anchor, column] = max(extra[anchor, column], score)
    totals = extra[:, 0] * base[:, 0]
    rivals = np.array(
        [
            max(
                (totals[other] for other in range(count) if other != row and ranked[other][0] == ranked[row][0]),
                default=0.0,
            )
            for row in range(count)
        ],
        dtype=np.float32,
    )
    context = np.stack(
        [
            totals,
            rivals,
            np.full(count, totals.max(), dtype=np.float32),
            np.full(count, totals.sum(), dtype=np.float32),
        ],
        axis=1,
    )
    return np.concatenate([base, extra, context], axis=1)


def score_links(
    reading: Reading,
    mentions: Sequence[NameMention],
    parties: Sequence[Party],
    sum_roles: Matrix,
    anchors: Sequence[Anchor],
    scorers: Scorers,
) -> Scores:
    """Score everything that decisions need."""
    layout = Layout(reading, mentions, parties, sum_roles, anchors)
    recipients, ranked = score_recipients(layout, scorers)
    best = _best(ranked, layout)
    links = _argument_scores(layout, best, scorers)
    pairs = twin_pairs(layout)
    rows = twin_rows(layout, pairs, best)
    twins = dict(zip(pairs, map(float, scorers("twin").positive(rows)), strict=True)) if pairs else {}
    states = status_rows(layout)
    statuses = scorers("status").probabilities(states) if len(states) else np.zeros((0, 4), dtype=np.float32)
    truths = truth_rows(layout, recipients, ranked, links)
    truth = scorers("truth").positive(truths) if len(truths) else np.zeros(0, dtype=np.float32)
    return Scores(layout, recipients, ranked, links, twins, statuses, truth)


def draft_events(scores: Scores) -> list[Draft]:
    """Decide which anchors are events, join those that tell the same one, and hand out the arguments."""
    layout = scores.layout
    if not layout.parties:
        return []
    if len(scores.truth) == 0 or float(scores.truth.max()) < ARTICLE_THRESHOLD:
        return []
    chosen = [index for index in range(len(layout.anchors)) if float(scores.truth[index]) >= EVENT_THRESHOLD]
    group: dict[int, int] = {index: index for index in chosen}
    for (a, b), score in sorted(scores.twins.items()):
        if a in group and b in group and score >= TWIN_THRESHOLD and scores.ranked[a][0] == scores.ranked[b][0]:
            group[b] = group[a]
    drafts: list[Draft] = []
    of_group: dict[int, Draft] = {}
    for index in chosen:
        root = group[index]
        if root in of_group:
            draft = of_group[root]
            draft.anchors.append(index)
            if scores.truth[index] > draft.truth:
                draft.truth = float(scores.truth[index])
            continue
        party = layout.parties[int(scores.ranked[index][0])]
        status = STATUSES[int(np.argmax(scores.statuses[index]))]
        draft = Draft([index], party, float(scores.truth[index]), status)
        of_group[root] = draft
        drafts.append(draft)
    drafts = _without_repeated_rounds(drafts, scores)
    _hand_out(drafts, scores)
    return drafts


def _without_repeated_rounds(drafts: list[Draft], scores: Scores) -> list[Draft]:
    """Drop round-only drafts whose recipient already has an event of that round, told by a sum or before."""
    layout = scores.layout
    kept: list[Draft] = []
    seen: set[tuple[int, Round]] = set()
    for draft in drafts:
        for index in draft.anchors:
            if layout.anchors[index].round is None:
                linked = [
                    (score, layout.items[item].index)
                    for (anchor, item), score in scores.arguments.items()
                    if anchor == index and layout.items[item].kind == "round" and score >= LINK_THRESHOLD
                ]
                if linked:
                    seen.add((draft.party.index, layout.reading.rounds[max(linked)[1]].value))
    for draft in drafts:
        position = layout.anchors[draft.anchors[0]].round
        if position is not None:
            key = (draft.party.index, layout.reading.rounds[position].value)
            if key in seen:
                continue
            seen.add(key)
        kept.append(draft)
    return kept


_SHARED = frozenset({"name", "date", "round"})  # spans that may serve several events
_SINGLE_ROLES = frozenset({"valuation", "total", "prior_total"})


def _hand_out(drafts: list[Draft], scores: Scores) -> None:
    """Give every item to the events it belongs to: names, dates and rounds to all, others to the best."""
    layout = scores.layout
    best: dict[int, list[tuple[float, int]]] = {}
    for position, draft in enumerate(drafts):
        strongest: dict[int, float] = {}
        for anchor in draft.anchors:
            for number in range(len(layout.items)):
                score = scores.arguments.get((anchor, number))
                if score is not None:
                    strongest[number] = max(strongest.get(number, 0.0), score)
        for number, score in strongest.items():
            best.setdefault(number, []).append((score, position))
    own_sums = {s for draft in drafts for a in draft.anchors for s in layout.anchors[a].sums}
    for index, offers in sorted(best.items()):
        item = layout.items[index]
        if item.kind == "sum" and item.index in own_sums:
            continue
        offers.sort(key=lambda offer: (-offer[0], offer[1]))
        takers = offers if item.kind in _SHARED else offers[:1]
        for score, position in takers:
            if score >= LINK_THRESHOLD:
                kind = item.kind if item.kind != "sum" else _sum_role(item)
                drafts[position].items.setdefault(kind, []).append((item, score))


def _sum_role(item: Item) -> str:
    scores = np.array(item.scores)
    scores[:2] = 0
    return SUM_ROLES[int(scores.argmax())]


def _money(reading: Reading, index: int) -> Money:
    found = reading.sums[index]
    return money_record(reading, found)


def money_record(reading: Reading, found: FoundSum) -> Money:
    """Return a found sum as a record."""
    mention = reading.document.mention(found.start, found.end)
    return Money(
        **_place(mention),
        value=found.value,
        upper=found.upper,
        currency=found.currency,
        qualifier=found.qualifier,
    )


def _place(mention: Mention) -> dict[str, object]:
    return {"start": mention.start, "end": mention.end, "text": mention.text, "source": mention.source}


def _mention(reading: Reading, span: object) -> Mention:
    return reading.document.mention(int(span.start), int(span.end))  # type: ignore[attr-defined]


def build_event(draft: Draft, scores: Scores, article_id: str) -> FundingEvent:
    """Write a draft down as a record."""
    layout = scores.layout
    reading = layout.reading
    anchors = [layout.anchors[index] for index in draft.anchors]
    sums = sorted({index for anchor in anchors for index in anchor.sums})
    amount, conversions = _amount(reading, anchors)
    spans: list[tuple[int, int]] = [(reading.sums[i].start, reading.sums[i].end) for i in sums]
    spans += [(a.start, a.end) for a in anchors]
    spans.append(_nearest_mention(draft.party, anchors[0]))

    round_item = _best_round(draft, anchors, reading)
    round_value, extension = Round.UNSPECIFIED, False
    if round_item is not None:
        mention = reading.rounds[round_item]
        round_value = mention.value
        spans.append((mention.start, mention.end))
        extension = mention.extension or _near_extension(layout, mention.start, mention.end)

    singles: dict[str, Money | None] = {}
    for role in ("valuation", "total", "prior_total"):
        singles[role] = _single(draft, role, reading, amount, spans)
    basis: Basis | None = None
    if singles["valuation"] is not None:
        basis = _basis(draft, reading)

    date_text, date_value = _date(draft, reading, spans)
    stake = _quantity(draft, "stake", reading, spans)
    number = _quantity(draft, "count", reading, spans)
    investors = _investors(draft, layout, spans)
    tranches = tuple(_money(reading, item.index) for item, _ in draft.items.get("tranche", ()))
    contributions = _contributions(draft, layout, spans)
    spans += [
        (reading.sums[item.index].start, reading.sums[item.index].end) for item, _ in draft.items.get("tranche", ())
    ]

    identity = (article_id, name_key(draft.party.name), str(round_value), *(str(m) for m in (amount, date_value)))
    return FundingEvent(
        id=content_id(*identity, str(anchors[0].start)),
        company=Company(
            name=draft.party.name, mentions=tuple(_mention(reading, mention) for mention in draft.party.mentions)
        ),
        status=draft.status,
        round=round_value,
        extension=extension,
        amount=amount,
        amount_conversions=conversions,
        tranches=tranches,
        contributions=contributions,
        valuation=singles["valuation"],
        valuation_basis=basis,
        total_raised=singles["total"],
        raised_before=singles["prior_total"],
        stake=stake,
        investor_count=int(number) if number is not None else None,
        investors=investors,
        date=date_value,
        date_text=date_text,
        confidence=round(draft.truth, 4),
        evidence=_evidence(reading, spans),
    )


def _amount(reading: Reading, anchors: Sequence[Anchor]) -> tuple[Money | None, tuple[Money, ...]]:
    """Return the sum in the currency named first, and one restatement for every other currency."""
    indices = sorted({index for anchor in anchors for index in anchor.sums}, key=lambda i: reading.sums[i].start)
    if not indices:
        return None, ()
    main = _money(reading, indices[0])
    conversions: dict[str, Money] = {}
    for index in indices[1:]:
        money = _money(reading, index)
        if money.currency != main.currency:
            conversions.setdefault(money.currency, money)
    return main, tuple(conversions.values())


def _nearest_mention(party: Party, anchor: Anchor) -> tuple[int, int]:
    nearest = min(party.mentions, key=lambda m: (abs(m.start - anchor.start), m.start))
    return nearest.start, nearest.end


def _best_round(draft: Draft, anchors: Sequence[Anchor], reading: Reading) -> int | None:
    own = [anchor.round for anchor in anchors if anchor.round is not None]
    if own:
        return own[0]
    offers = draft.items.get("round", [])
    if not offers:
        return None
    return max(offers, key=lambda offer: (offer[1], -offer[0].start))[0].index


def _near_extension(layout: Layout, start: int, end: int) -> bool:
    context = layout.reading.context
    first, last = context.token_spans([(start, end)])
    _, floor, ceiling = context.sentence_bounds(first)
    cue = context.cues["extension"]
    return bool(min(cue.before(first, floor)[0], cue.after(last, ceiling)[0]) <= _EXTENSION_REACH)


def _single(
    draft: Draft, role: str, reading: Reading, amount: Money | None, spans: list[tuple[int, int]]
) -> Money | None:
    """Return the best sum of a role that is not below the amount (in the same currency)."""
    offers = sorted(draft.items.get(role, ()), key=lambda offer: (-offer[1], offer[0].start))
    for item, _ in offers:
        money = _money(reading, item.index)
        below = (
            role != "prior_total"
            and amount is not None
            and money.currency == amount.currency
            and _top(money) < amount.value
        )
        if not below:
            spans.append((item.start, item.end))
            return money
    return None


def _top(money: Money) -> Decimal:
    return money.upper if money.upper is not None else money.value


def _basis(draft: Draft, reading: Reading) -> Basis | None:
    """Tell whether the valuation is said to be before or after the money."""
    item = max(draft.items["valuation"], key=lambda offer: (offer[1], -offer[0].start))[0]
    context = reading.context
    first, last = context.token_spans([(item.start, item.end)])
    _, floor, ceiling = context.sentence_bounds(first)
    reach: dict[Basis, float] = {}
    for basis, name in (("pre", "pre_money"), ("post", "post_money")):
        cue = context.cues[name]
        reach[basis] = float(min(cue.before(first, floor)[0], cue.after(last, ceiling)[0]))  # type: ignore[index]
    nearest = min(reach, key=lambda basis: reach[basis])
    return nearest if reach[nearest] <= _BASIS_REACH else None


def _date(draft: Draft, reading: Reading, spans: list[tuple[int, int]]) -> tuple[Mention | None, str | None]:
    offers = sorted(draft.items.get("date", ()), key=lambda offer: (-offer[1], offer[0].start))
    if not offers:
        return None, None
    date = reading.dates[offers[0][0].index]
    spans.append((date.start, date.end))
    return _mention(reading, date), date.iso


def _quantity(draft: Draft, kind: str, reading: Reading, spans: list[tuple[int, int]]) -> Decimal | None:
    offers = sorted(draft.items.get(kind, ()), key=lambda offer: (-offer[1], offer[0].start))
    if not offers:
        return None
    item = offers[0][0]
    spans.append((item.start, item.end))
    return (reading.stakes if kind == "stake" else reading.counts)[item.index].value


def _investors(draft: Draft, layout: Layout, spans: list[tuple[int, int]]) -> tuple[Investor, ...]:
    """Return the parties that put money in, in the order of the text, leads first."""
    by_party: dict[int, list[Item]] = {}
    for item, _ in draft.items.get("name", ()):
        if item.party != draft.party.index:
            by_party.setdefault(item.party, []).append(item)
    investors: list[Investor] = []
    for position, items in by_party.items():
        party = layout.parties[position]
        if party.roles[COMPANY] > 0.6 and len(party.mentions) > 2 * len(items):
            continue
        lead = sum(item.scores[LEAD] - item.scores[INVESTOR] for item in items) > 0
        mentions = tuple(_mention(layout.reading, item) for item in items)
        spans.extend((item.start, item.end) for item in items)
        investors.append(Investor(name=party.name, lead=lead, mentions=mentions))
    return tuple(sorted(investors, key=lambda investor: not investor.lead))


def _contributions(draft: Draft, layout: Layout, spans: list[tuple[int, int]]) -> tuple[Contribution, ...]:
    """Return contributions, each with the investor named nearest before it in its sentence, if one is."""
    reading = layout.reading
    names = [item for item, _ in draft.items.get("name", ()) if item.party != draft.party.index]
    found: list[Contribution] = []
    for item, _ in draft.items.get("contribution", ()):
        sentence = reading.document.sentence_at(item.start)
        near = [n for n in names if reading.document.sentence_at(n.start) == sentence]
        nearest = min(near, key=lambda n: (abs(n.start - item.start), n.start), default=None)
        money = _money(reading, item.index)
        spans.append((item.start, item.end))
        investor = layout.parties[nearest.party].name if nearest is not None else None
        found.append(Contribution(**money.model_dump(mode="python", by_alias=False), investor=investor))
    return tuple(found)


def _evidence(reading: Reading, spans: list[tuple[int, int]]) -> tuple[Mention, ...]:
    """Return the sentences that hold the event's spans, in order."""
    document = reading.document
    chosen = sorted({document.sentence_at(start) for start, _ in spans})
    evidence: list[Mention] = []
    for index in chosen:
        sentence = document.sentences[index]
        text = document.text[sentence.start : sentence.end]
        start = sentence.start + len(text) - len(text.lstrip())
        end = sentence.start + len(text.rstrip())
        evidence.append(document.mention(start, end))
    return tuple(evidence)


def events_of(
    reading: Reading,
    mentions: Sequence[NameMention],
    parties: Sequence[Party],
    sum_roles: Matrix,
    scorers: Scorers,
    article_id: str,
) -> tuple[FundingEvent, ...]:
    """Return the funding events of a scored document, in the order of the text."""
    if len(sum_roles) == 0 and not reading.rounds:
        return ()
    anchors = all_anchors(reading, mentions, parties, sum_roles, scorers)
    scores = score_links(reading, mentions, parties, sum_roles, anchors, scorers)
    return tuple(build_event(draft, scores, article_id) for draft in draft_events(scores))
