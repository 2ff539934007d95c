"""Fit the scorers of the rules on annotated articles.

``python -m newsextract.fitting corpus --output src/newsextract/scorers`` reads the tuning part of the
corpus and writes one ensemble a scorer. Every scorer that sees another's scores is fitted on scores of
articles which that other one was not fitted on (cross-fitting), so that its confidence holds for new
articles. Needs scikit-learn (extra ``training``). Seeds are fixed: the same corpus gives the same files.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsextract import assembly, languages, links, roles
from newsextract.context import Matrix
from newsextract.corpus import AnnotatedDocument, AnnotatedSpan, read_corpus
from newsextract.document import Document
from newsextract.reading import Reading
from newsextract.scoring import Trees
from newsextract.tagging.data import split_number, split_of
from newsextract.tagging.features import SpanScores
from newsextract.tagging.runtime import TaggingModel

FOLDS = 2
_NEGATIVE_SHARE = 0.35
_NAME_LABELS = {name: index for index, name in enumerate(roles.NAME_ROLES)}
_SUM_LABELS = {name: index for index, name in enumerate(roles.SUM_ROLES)}
_ITEM_LABELS = {
    "name": ("lead", "investor"),
    "sum": ("tranche", "contribution", "valuation", "total", "prior_total"),
    "round": ("round",),
    "date": ("date",),
    "stake": ("stake",),
    "count": ("investor_count",),
}


@dataclass
class Example:
    """An annotated article on its way through the stages."""

    gold: AnnotatedDocument
    reading: Reading
    fold: int
    name_rows: Matrix = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    mentions: list[roles.NameMention] = field(default_factory=list)
    parties: list[roles.Party] = field(default_factory=list)
    sum_rows: Matrix = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    sum_again_rows: Matrix = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    sum_roles: Matrix = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    layout: links.Layout | None = None

    def spans(self, start: int, end: int, labels: Sequence[str]) -> list[AnnotatedSpan]:
        """Return the annotated spans of given labels that a stretch of the joined text overlaps."""
        shift = self.reading.document.body_start
        return [s for s in self.gold.spans if s.label in labels and s.start + shift < end and start < s.end + shift]

    def anchor_events(self, anchor: links.Anchor) -> set[str]:
        """Return the events whose amount, or whose round if they have no amount, the anchor is."""
        found: set[str] = set()
        for index in anchor.sums:
            s = self.reading.sums[index]
            for span in self.spans(s.start, s.end, ("amount",)):
                found.update(span.events)
        if anchor.round is not None:
            for span in self.spans(anchor.start, anchor.end, ("round",)):
                found.update(e for e in span.events if e in self.gold.events and self.gold.events[e].amount is None)
        return {event for event in found if event in self.gold.events}

    def names_recipient(self, party: roles.Party, events: set[str]) -> bool:
        """Tell whether a party is the recipient of one of the events."""
        return any(
            events.intersection(span.events)
            for mention in party.mentions
            for span in self.spans(mention.start, mention.end, ("company",))
        )


def examples_of(
    documents: Sequence[AnnotatedDocument], models: Callable[[AnnotatedDocument], TaggingModel] | None = None
) -> list[Example]:
    """Read documents by their grammars, and by a model that was not trained on them, and deal them into folds."""
    supported = languages.codes()
    examples: list[Example] = []
    for gold in documents:
        if gold.language not in supported:
            continue
        document = Document(gold.text, gold.title, languages.load(gold.language))
        fold = hashlib.sha256(b"fold" + gold.id.encode()).digest()[0] % FOLDS
        scores = SpanScores(models(gold).tag([document.text])[0]) if models is not None else None
        examples.append(Example(gold, Reading(document, gold.published, scores=scores), fold))
    return examples


def fit(rows: Matrix, labels: NDArray[np.int64], classes: int, *, rounds: int = 110, leaves: int = 20) -> Trees:
    """Fit one ensemble by gradient boosting; ``labels`` are class indices below ``classes``."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    present = np.unique(labels)
    booster = HistGradientBoostingClassifier(
        max_iter=rounds,
        learning_rate=0.07,
        max_leaf_nodes=leaves,
        max_depth=7,
        min_samples_leaf=12,
        l2_regularization=3.0,
        max_features=0.35,
        early_stopping=False,
        random_state=7,
    )
    booster.fit(rows, labels)
    return _export(booster, present, classes, rows.shape[1])


def _export(booster: Any, present: NDArray[np.int64], classes: int, width: int) -> Trees:
    """Turn a fitted booster into plain arrays; classes it never saw get a score of -12."""
    binary = classes == 2
    outputs = 1 if binary else classes
    baseline = np.full(outputs, -12.0, dtype=np.float32)
    fitted = np.asarray(booster._baseline_prediction, dtype=np.float32).reshape(-1)
    if binary:
        baseline[:] = fitted
    elif len(present) == 2:
        baseline[present[0]], baseline[present[1]] = 0.0, fitted[0]
    else:
        baseline[present] = fitted
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    roots: list[int] = []
    tree_outputs: list[int] = []
    offset = 0
    for iteration in booster._predictors:
        for position, predictor in enumerate(iteration):
            nodes = predictor.nodes
            own = np.arange(len(nodes))
            leaf = nodes["is_leaf"].astype(bool)
            parts["feature"].append(np.where(leaf, 0, nodes["feature_idx"]))
            parts["threshold"].append(np.where(leaf, 0.0, nodes["num_threshold"]))
            parts["left"].append(np.where(leaf, own, nodes["left"]) + offset)
            parts["right"].append(np.where(leaf, own, nodes["right"]) + offset)
            parts["value"].append(np.where(leaf, nodes["value"], 0.0))
            roots.append(offset)
            tree_outputs.append(0 if binary else int(present[1 if len(present) == 2 else position]))
            offset += len(nodes)
    depth = max(int(predictor.get_max_depth()) for iteration in booster._predictors for predictor in iteration)
    return Trees(
        features=np.concatenate(parts["feature"]).astype(np.int32),
        thresholds=np.concatenate(parts["threshold"]).astype(np.float32),
        left=np.concatenate(parts["left"]).astype(np.int32),
        right=np.concatenate(parts["right"]).astype(np.int32),
        values=np.concatenate(parts["value"]).astype(np.float32),
        roots=np.array(roots, dtype=np.int32),
        outputs=np.array(tree_outputs, dtype=np.int32),
        baseline=baseline,
        depth=depth,
        width=width,
    )


class Fitter:
    """Fits scorer after scorer; keeps the final ones and, for every fold, those fitted without it."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self.final: dict[str, Trees] = {}
        self._folds: list[dict[str, Trees]] = [{} for _ in range(FOLDS)]
        self._log = log

    def scorers(self, example: Example) -> roles.Scorers:
        """Return the scorers that were fitted without the example's fold."""
        return self._folds[example.fold].__getitem__

    def cross_fit(
        self,
        name: str,
        data: Sequence[tuple[Example, Matrix, NDArray[np.int64]]],
        classes: int,
        *,
        rounds: int = 110,
        leaves: int = 20,
    ) -> None:
        """Fit one scorer on everything and once without each fold."""
        started = time.monotonic()
        data = [entry for entry in data if len(entry[1])]
        rows = np.concatenate([entry[1] for entry in data])
        labels = np.concatenate([entry[2] for entry in data])
        folds = np.concatenate([np.full(len(entry[1]), entry[0].fold) for entry in data])
        hits: list[float] = []
        for fold in range(FOLDS):
            trees = fit(rows[folds != fold], labels[folds != fold], classes, rounds=rounds, leaves=leaves)
            self._folds[fold][name] = trees
            predicted = trees.probabilities(rows[folds == fold])
            hits.append(_quality(predicted, labels[folds == fold]))
        self.final[name] = fit(rows, labels, classes, rounds=rounds, leaves=leaves)
        self._log(
            f"{name}: {len(rows):,} rows x {rows.shape[1]}, mean F1 of the positive classes, out of fold, "
            f"{np.mean(hits):.3f} ({time.monotonic() - started:.0f} s)"
        )


def _quality(predicted: Matrix, labels: NDArray[np.int64]) -> float:
    best = predicted.argmax(axis=1)
    scores: list[float] = []
    for label in range(1, predicted.shape[1]):
        hit = float(((best == label) & (labels == label)).sum())
        wanted, given = float((labels == label).sum()), float((best == label).sum())
        if wanted:
            scores.append(2 * hit / (wanted + given))
    return float(np.mean(scores)) if scores else 1.0


def fit_all(
    documents: Sequence[AnnotatedDocument],
    log: Callable[[str], None],
    models: Callable[[AnnotatedDocument], TaggingModel] | None = None,
) -> dict[str, Trees]:
    """Fit all scorers on annotated documents, in the order in which they depend on each other.

    Args:
        models: gives for each document a model that was not trained on it; None fits the rules alone.
    """
    fitter = Fitter(log)
    examples = examples_of(documents, models)
    fit_names(fitter, examples)
    fit_sums(fitter, examples)
    fit_links(fitter, examples)
    fit_events(fitter, examples)
    return fitter.final


def fit_names(fitter: Fitter, examples: Sequence[Example]) -> None:
    """Fit ``name``, ``name_role`` and ``party``."""
    generator = np.random.default_rng(11)
    binary: list[tuple[Example, Matrix, NDArray[np.int64]]] = []
    several: list[tuple[Example, Matrix, NDArray[np.int64]]] = []
    found = wanted = 0
    for example in examples:
        example.name_rows = roles.name_rows(example.reading)
        labels, hits, total = _name_labels(example)
        found, wanted = found + hits, wanted + total
        body = np.array(
            [
                example.reading.candidate_span(c)[0] >= example.reading.document.title_end
                for c in example.reading.candidates
            ],
            dtype=bool,
        )
        keep = body & ((labels > 0) | (generator.random(len(labels)) < _NEGATIVE_SHARE))
        binary.append((example, example.name_rows[keep], (labels[keep] > 0).astype(np.int64)))
        several.append((example, example.name_rows[body], labels[body]))
    fitter._log(f"names among the candidates: {found} of {wanted} ({found / max(1, wanted):.3f})")
    fitter.cross_fit("name", binary, 2, rounds=80, leaves=16)
    likely = [
        (example, rows[mask], labels[mask])
        for example, rows, labels in several
        for mask in [_likely(fitter, example, rows)]
    ]
    fitter.cross_fit("name_role", likely, len(roles.NAME_ROLES), rounds=60, leaves=20)
    second: list[tuple[Example, Matrix, NDArray[np.int64]]] = []
    for example in examples:
        example.mentions = roles.first_look(example.reading, example.name_rows, fitter.scorers(example))
        parties = roles.join_parties(example.mentions)
        rows = roles.party_rows(example.reading, example.mentions, parties)
        second.append((example, *_in_body(example, rows)))
    fitter.cross_fit("party", second, len(roles.NAME_ROLES), rounds=60, leaves=20)
    for example in examples:
        example.mentions, example.parties = roles.second_look(
            example.reading, example.mentions, fitter.scorers(example)
        )


def _likely(fitter: Fitter, example: Example, rows: Matrix) -> NDArray[np.bool_]:
    if not len(rows):
        return np.zeros(0, dtype=bool)
    return fitter.scorers(example)("name").positive(rows) >= roles._IS_NAME


def _name_labels(example: Example) -> tuple[NDArray[np.int64], int, int]:
    shift = example.reading.document.body_start
    gold = {
        (s.start + shift, s.end + shift): _NAME_LABELS[s.label] for s in example.gold.spans if s.label in _NAME_LABELS
    }
    spans = [example.reading.candidate_span(c) for c in example.reading.candidates]
    labels = np.array([gold.get(span, 0) for span in spans], dtype=np.int64)
    return labels, int((labels > 0).sum()), len(gold)


def _in_body(example: Example, rows: Matrix) -> tuple[Matrix, NDArray[np.int64]]:
    """Return rows and labels of the mentions in the body."""
    shift = example.reading.document.body_start
    gold = {
        (s.start + shift, s.end + shift): _NAME_LABELS[s.label] for s in example.gold.spans if s.label in _NAME_LABELS
    }
    keep = [i for i, m in enumerate(example.mentions) if m.start >= example.reading.document.title_end]
    labels = [gold.get((example.mentions[i].start, example.mentions[i].end), 0) for i in keep]
    return rows[keep], np.array(labels, dtype=np.int64)


def fit_sums(fitter: Fitter, examples: Sequence[Example]) -> None:
    """Fit ``sum`` and ``sum_again``."""
    data = []
    for example in examples:
        example.sum_rows = roles.sum_rows(example.reading, example.mentions)
        keep = [i for i, s in enumerate(example.reading.sums) if s.start >= example.reading.document.title_end]
        data.append((example, example.sum_rows[keep], _sum_labels(example)[keep]))
    fitter.cross_fit("sum", data, len(roles.SUM_ROLES), rounds=60, leaves=20)
    again = []
    for example in examples:
        if not len(example.sum_rows):
            continue
        first = fitter.scorers(example)("sum").probabilities(example.sum_rows)
        example.sum_again_rows = roles.sum_second_rows(example.reading, example.sum_rows, first)
        keep = [i for i, s in enumerate(example.reading.sums) if s.start >= example.reading.document.title_end]
        again.append((example, example.sum_again_rows[keep], _sum_labels(example)[keep]))
    fitter.cross_fit("sum_again", again, len(roles.SUM_ROLES), rounds=60, leaves=20)
    for example in examples:
        if len(example.sum_rows):
            example.sum_roles = fitter.scorers(example)("sum_again").probabilities(example.sum_again_rows)
        else:
            example.sum_roles = np.zeros((0, len(roles.SUM_ROLES)), dtype=np.float32)


def _sum_labels(example: Example) -> NDArray[np.int64]:
    labels = []
    for found in example.reading.sums:
        spans = example.spans(found.start, found.end, tuple(_SUM_LABELS))
        labels.append(_SUM_LABELS[spans[0].label] if spans else 0)
    return np.array(labels, dtype=np.int64)


def fit_links(fitter: Fitter, examples: Sequence[Example]) -> None:
    """Fit ``recipient``, ``argument`` and ``round_anchor``."""
    recipient = []
    for example in examples:
        anchors = links.sum_anchors(example.reading, example.sum_roles)
        anchors += [
            links.Anchor(r.start, r.end, (), index, 1.0)
            for index, r in enumerate(example.reading.rounds)
            if r.start >= example.reading.document.title_end
            and example.anchor_events(links.Anchor(r.start, r.end, (), index, 1.0))
        ]
        anchors.sort(key=lambda anchor: anchor.start)
        example.layout = links.Layout(example.reading, example.mentions, example.parties, example.sum_roles, anchors)
        events = [example.anchor_events(anchor) for anchor in anchors]
        pairs = [(a, p) for a, p in links.recipient_pairs(example.layout) if events[a]]
        labels = [int(example.names_recipient(example.parties[p], events[a])) for a, p in pairs]
        recipient.append((example, links.recipient_rows(example.layout, pairs), np.array(labels, dtype=np.int64)))
    fitter.cross_fit("recipient", recipient, 2)
    argument = []
    for example in examples:
        layout = example.layout
        assert layout is not None
        events = [example.anchor_events(anchor) for anchor in layout.anchors]
        _, ranked = links.score_recipients(layout, fitter.scorers(example))
        best = assembly._best(ranked, layout)
        pairs = [(a, i) for a, i in links.argument_pairs(layout) if events[a]]
        rows = links.argument_rows(layout, pairs, best)
        labels = []
        for a, i in pairs:
            item = layout.items[i]
            spans = example.spans(item.start, item.end, _ITEM_LABELS[item.kind])
            labels.append(int(any(events[a].intersection(span.events) for span in spans)))
        argument.append((example, rows, np.array(labels, dtype=np.int64)))
    fitter.cross_fit("argument", argument, 2, rounds=130)
    loose = []
    for example in examples:
        scorers = fitter.scorers(example)
        anchors = links.sum_anchors(example.reading, example.sum_roles)
        layout = links.Layout(example.reading, example.mentions, example.parties, example.sum_roles, anchors)
        _, ranked = links.score_recipients(layout, scorers)
        scores = assembly._argument_scores(layout, assembly._best(ranked, layout), scorers)
        rows, candidates = assembly.round_candidates(
            example.reading, example.mentions, example.parties, example.sum_roles, anchors, scores
        )
        found = np.array([int(bool(example.anchor_events(c))) for c in candidates], dtype=np.int64)
        loose.append((example, rows, found))
    fitter.cross_fit("round_anchor", loose, 2, rounds=80, leaves=12)


def fit_events(fitter: Fitter, examples: Sequence[Example]) -> None:
    """Fit ``twin``, ``status`` and ``truth``."""
    twin, status, truth = [], [], []
    order = [s.value for s in assembly.STATUSES]
    for example in examples:
        scorers = fitter.scorers(example)
        anchors = assembly.all_anchors(example.reading, example.mentions, example.parties, example.sum_roles, scorers)
        layout = links.Layout(example.reading, example.mentions, example.parties, example.sum_roles, anchors)
        example.layout = layout
        recipients, ranked = links.score_recipients(layout, scorers)
        best = assembly._best(ranked, layout)
        scores = assembly._argument_scores(layout, best, scorers)
        events = [example.anchor_events(anchor) for anchor in anchors]
        pairs = [(a, b) for a, b in links.twin_pairs(layout) if events[a] and events[b]]
        labels = [int(bool(events[a] & events[b])) for a, b in pairs]
        twin.append((example, links.twin_rows(layout, pairs, best), np.array(labels, dtype=np.int64)))
        states = links.status_rows(layout)
        known = [index for index, own in enumerate(events) if own]
        wanted = [order.index(example.gold.events[min(events[index])].status) for index in known]
        if known:
            status.append((example, states[known], np.array(wanted, dtype=np.int64)))
        if anchors and layout.parties:
            rows = assembly.truth_rows(layout, recipients, ranked, scores)
            settled = [i for i, own in enumerate(events) if not any(example.gold.events[e].optional for e in own)]
            right = [
                int(bool(events[i]) and example.names_recipient(layout.parties[int(ranked[i][0])], events[i]))
                for i in settled
            ]
            truth.append((example, rows[settled], np.array(right, dtype=np.int64)))
    fitter.cross_fit("twin", twin, 2, rounds=60, leaves=12)
    fitter.cross_fit("status", status, len(order), rounds=80, leaves=12)
    fitter.cross_fit("truth", truth, 2, rounds=80, leaves=12)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the scorers from the command line."""
    parser = argparse.ArgumentParser(prog="python -m newsextract.fitting", description=__doc__)
    parser.add_argument("corpus", nargs="+", type=Path, help="annotated YAML files or folders")
    parser.add_argument("--output", type=Path, required=True, help="folder for the scorers")
    parser.add_argument(
        "--models",
        nargs=2,
        type=Path,
        metavar=("EVEN", "ODD"),
        help="models trained on documents of even and of odd number; fits the scorers that join model and rules",
    )
    options = parser.parse_args(arguments)
    documents = read_corpus(options.corpus)
    models: Callable[[AnnotatedDocument], TaggingModel] | None = None
    if options.models:
        even, odd = (TaggingModel(folder, threads=2) for folder in options.models)
        documents = [document for document in documents if split_of(document.id) == "train"]

        def untrained(document: AnnotatedDocument) -> TaggingModel:
            return odd if split_number(document.id) % 2 == 0 else even

        models = untrained
    else:
        documents = [document for document in documents if document.part == "tuning"]
    started = time.monotonic()

    def log(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    options.output.mkdir(parents=True, exist_ok=True)
    for name, trees in fit_all(documents, log, models).items():
        trees.save(str(options.output / f"{name}.npz"))
    log(f"{len(documents)} documents, {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
