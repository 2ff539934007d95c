"""Train the model: first names on public sets, then roles and links on annotated articles.

Needs the extra ``torch``. Everything is seeded; batches hold pieces of similar length; the encoder's word
embeddings stay as they are and nothing is dropped inside it, which makes a CPU fast enough.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from newsextract.corpus import AnnotatedDocument, read_corpus
from newsextract.tagging.augmentation import NameBank, augment
from newsextract.tagging.data import (
    NAMES,
    Example,
    corpus_examples,
    example_of,
    place_examples,
    split_number,
    split_of,
)
from newsextract.tagging.labels import PLACE_LABELS, TOKEN_LABELS, columns
from newsextract.tagging.network import Tagger
from newsextract.tagging.pieces import PieceCutter, Window, windows

_COLUMNS = columns()


@dataclass(frozen=True)
class TrainingConfig:
    """All that decides a training run."""

    layers: int = 6
    passes: int = 7
    batch_pieces: int = 2200
    encoder_rate: float = 6e-5
    head_rate: float = 1e-3
    warm_up: float = 0.06
    masked: float = 0.08
    recipient_weight: float = 0.5
    argument_weight: float = 0.5
    anchor_weight: float = 0.2
    seed: int = 1


def log(line: str) -> None:
    """Write one line of progress."""
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def batches(examples: Sequence[Example], size: int, source: random.Random) -> list[list[Example]]:
    """Group examples of similar length into batches of about ``size`` pieces, in random order."""
    ordered = sorted(examples, key=lambda e: len(e.pieces.ids) + source.random() * 40)
    groups: list[list[Example]] = []
    group: list[Example] = []
    for example in ordered:
        longest = max(len(example.pieces.ids), max((len(e.pieces.ids) for e in group), default=0)) + 2
        if group and longest * (len(group) + 1) > size:
            groups.append(group)
            group = []
        group.append(example)
    if group:
        groups.append(group)
    source.shuffle(groups)
    return groups


def encode(
    model: Tagger, group: Sequence[Example], cutter: PieceCutter, mask_share: float, generator: np.random.Generator
) -> list[Tensor]:
    """Run a batch through the model; return (pieces, WIDTH) for every example, stitched over its windows."""
    plan: list[tuple[int, Window]] = []
    for index, example in enumerate(group):
        plan.extend((index, window) for window in windows(len(example.pieces.ids)))
    longest = max(window.last - window.first for _, window in plan) + 2
    ids = np.full((len(plan), longest), cutter.pad_id, dtype=np.int64)
    mask = np.zeros((len(plan), longest), dtype=np.int64)
    for row, (index, window) in enumerate(plan):
        own = group[index].pieces.ids[window.first : window.last].copy()
        if mask_share:
            own[generator.random(len(own)) < mask_share] = cutter.mask_id
        count = len(own)
        ids[row, 0], ids[row, 1 : count + 1], ids[row, count + 1] = cutter.start_id, own, cutter.end_id
        mask[row, : count + 2] = 1
    outputs = model(torch.from_numpy(ids), torch.from_numpy(mask))
    parts: list[list[Tensor]] = [[] for _ in group]
    for row, (index, window) in enumerate(plan):
        low, high = window.keep_from - window.first, window.keep_to - window.first
        parts[index].append(outputs[row, 1 + low : 1 + high])
    return [torch.cat(own) for own in parts]


def span_means(output: Tensor, spans: Sequence[tuple[int, int]]) -> Tensor:
    """Return the mean row of every interval: (spans, WIDTH)."""
    total = torch.cat([torch.zeros_like(output[:1]), output.cumsum(0)])
    first = torch.tensor([a for a, _ in spans])
    last = torch.tensor([b for _, b in spans])
    return (total[last] - total[first]) / (last - first).unsqueeze(1).float()


def link_losses(output: Tensor, example: Example) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
    """Return losses of recipients, of arguments and of anchors' status and round."""
    if not example.anchors or not example.spans:
        return [], [], []
    spans = span_means(output, [(s.first, s.last) for s in example.spans])
    anchors = span_means(output, [(a.first, a.last) for a in example.anchors])
    names = [i for i, s in enumerate(example.spans) if s.label in NAMES]
    recipients: list[Tensor] = []
    arguments: list[Tensor] = []
    states: list[Tensor] = []
    for row, anchor in enumerate(example.anchors):
        if names:
            logits = spans[names][:, _COLUMNS["recipient"]] @ anchors[row, _COLUMNS["anchor_recipient"]]
            right = torch.tensor(
                [example.spans[i].label == "company" and bool(example.spans[i].events & anchor.events) for i in names]
            )
            if right.any():
                recipients.append(torch.logsumexp(logits, 0) - torch.logsumexp(logits[right], 0))
        others = [
            i
            for i, s in enumerate(example.spans)
            if s.label not in ("company", "amount", "person") and (s.first, s.last) != (anchor.first, anchor.last)
        ]
        if others:
            logits = spans[others][:, _COLUMNS["argument"]] @ anchors[row, _COLUMNS["anchor_argument"]] - 1.0
            linked = torch.tensor([float(bool(example.spans[i].events & anchor.events)) for i in others])
            arguments.append(functional.binary_cross_entropy_with_logits(logits, linked))
        states.append(
            functional.cross_entropy(anchors[row, _COLUMNS["status"]].unsqueeze(0), torch.tensor([anchor.status]))
            + functional.cross_entropy(anchors[row, _COLUMNS["round"]].unsqueeze(0), torch.tensor([anchor.round]))
        )
    return recipients, arguments, states


def batch_loss(outputs: Sequence[Tensor], group: Sequence[Example], config: TrainingConfig) -> Tensor:
    """Return the weighted sum of all losses of a batch."""
    rows = torch.cat(list(outputs))
    labels = torch.from_numpy(np.concatenate([e.labels for e in group]))
    places = torch.from_numpy(np.concatenate([e.places for e in group]))
    loss = rows.sum() * 0.0
    if (labels >= 0).any():
        loss = loss + functional.cross_entropy(rows[:, _COLUMNS["token"]], labels, ignore_index=-1)
    if (places >= 0).any():
        loss = loss + functional.cross_entropy(rows[:, _COLUMNS["place"]], places, ignore_index=-1)
    links: tuple[list[Tensor], list[Tensor], list[Tensor]] = ([], [], [])
    for output, example in zip(outputs, group, strict=True):
        for own, new in zip(links, link_losses(output, example), strict=True):
            own.extend(new)
    weights = (config.recipient_weight, config.argument_weight, config.anchor_weight)
    for own, weight in zip(links, weights, strict=True):
        if own:
            loss = loss + weight * torch.stack(own).mean()
    return loss


def optimizer_of(model: Tagger, config: TrainingConfig, steps: int) -> tuple[torch.optim.Optimizer, object]:
    """Return AdamW with two rates, and its schedule: warm-up, then linear to zero."""
    encoder = [p for p in model.encoder.parameters() if p.requires_grad]
    groups = [
        {"params": encoder, "lr": config.encoder_rate, "weight_decay": 0.01},
        {"params": list(model.output.parameters()), "lr": config.head_rate, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups)
    warm = max(1, int(config.warm_up * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: (step + 1) / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))
    )
    return optimizer, schedule


@torch.no_grad()
def measure(model: Tagger, examples: Sequence[Example], cutter: PieceCutter) -> dict[str, float]:
    """Return span F1 (exact borders and label), recipient accuracy and argument F1 with gold spans."""
    model.eval()
    generator = np.random.default_rng(0)
    hits = given = wanted = 0
    right = anchors = 0
    linked_hits = linked_given = linked_wanted = 0
    for group in batches(examples, 4000, random.Random(0)):
        for output, example in zip(encode(model, group, cutter, 0.0, generator), group, strict=True):
            predicted = output[:, _COLUMNS["token"]].argmax(1).numpy()
            found = set(decode([TOKEN_LABELS[i] for i in predicted], example.labels))
            gold = {(s.first, s.last, s.label) for s in example.spans}
            hits, given, wanted = hits + len(found & gold), given + len(found), wanted + len(gold)
            if not example.anchors:
                continue
            spans = span_means(output, [(s.first, s.last) for s in example.spans])
            own = span_means(output, [(a.first, a.last) for a in example.anchors])
            names = [i for i, s in enumerate(example.spans) if s.label in NAMES]
            for row, anchor in enumerate(example.anchors):
                if names:
                    logits = spans[names][:, _COLUMNS["recipient"]] @ own[row, _COLUMNS["anchor_recipient"]]
                    best = example.spans[names[int(logits.argmax())]]
                    anchors += 1
                    right += int(best.label == "company" and bool(best.events & anchor.events))
                logits = spans[:, _COLUMNS["argument"]] @ own[row, _COLUMNS["anchor_argument"]] - 1.0
                for i, span in enumerate(example.spans):
                    if span.label in ("company", "amount", "person"):
                        continue
                    yes, true = bool(logits[i] > 0), bool(span.events & anchor.events)
                    linked_hits += yes and true
                    linked_given += yes
                    linked_wanted += true
    model.train()
    return {
        "span_f1": 2 * hits / max(1, given + wanted),
        "recipient": right / max(1, anchors),
        "argument_f1": 2 * linked_hits / max(1, linked_given + linked_wanted),
    }


def decode(labels: Sequence[str], known: np.ndarray) -> Iterator[tuple[int, int, str]]:  # type: ignore[type-arg]
    """Yield the spans of BIO labels; pieces whose true label is unknown are passed over."""
    start, label = -1, ""
    for index, value in enumerate([*labels, "O"]):
        inside = index < len(labels) and value == f"I-{label}" and start >= 0 and known[index] >= 0
        if start >= 0 and not inside:
            yield start, index, label
            start = -1
        if index < len(labels) and value != "O" and not inside and known[index] >= 0:
            start, label = index, value[2:]


def train_places(
    model: Tagger, examples: Sequence[Example], cutter: PieceCutter, config: TrainingConfig, steps: int
) -> None:
    """First stage: names of organisations, persons and places."""
    source = random.Random(config.seed)
    generator = np.random.default_rng(config.seed)
    optimizer, schedule = optimizer_of(model, config, steps)
    started = time.monotonic()
    seen = 0
    losses: list[float] = []
    pool = [e for e in examples if len(e.pieces.ids) >= 3]
    for step in range(steps):
        group = [source.choice(pool) for _ in range(256)]
        group = sorted(group, key=lambda e: len(e.pieces.ids))
        offset = source.randrange(0, 256 - 47)
        group = group[offset : offset + 48]
        optimizer.zero_grad(set_to_none=True)
        loss = batch_loss(encode(model, group, cutter, config.masked, generator), group, config)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()  # type: ignore[attr-defined]
        losses.append(float(loss.detach()))
        seen += sum(len(e.pieces.ids) for e in group)
        if (step + 1) % 25 == 0:
            rate = seen / (time.monotonic() - started)
            log(f"places step {step + 1}/{steps} loss {np.mean(losses[-25:]):.4f} {rate:.0f} pieces/s")


def train_roles(
    model: Tagger,
    documents: Sequence[AnnotatedDocument],
    dev: Sequence[Example],
    cutter: PieceCutter,
    config: TrainingConfig,
    output: Path,
) -> None:
    """Second stage: roles and links on annotated articles; writes the weights after every second pass."""
    source = random.Random(config.seed)
    generator = np.random.default_rng(config.seed)
    bank = NameBank(documents)
    plain = corpus_examples(documents, cutter)
    steps = config.passes * len(batches(plain, config.batch_pieces, random.Random(0)))
    optimizer, schedule = optimizer_of(model, config, steps + config.passes * 4)
    for number in range(config.passes):
        changed = []
        for document in documents:
            new = augment(document, bank, source)
            changed.append(example_of(document.id, document.language, new.title, new.text, new.spans, document, cutter))
        started = time.monotonic()
        seen = 0
        losses: list[float] = []
        for step, group in enumerate(batches(changed, config.batch_pieces, source)):
            optimizer.zero_grad(set_to_none=True)
            loss = batch_loss(encode(model, group, cutter, config.masked, generator), group, config)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()  # type: ignore[attr-defined]
            losses.append(float(loss.detach()))
            seen += sum(len(e.pieces.ids) for e in group)
            if (step + 1) % 40 == 0:
                rate = seen / (time.monotonic() - started)
                log(
                    f"pass {number + 1}/{config.passes} step {step + 1} loss {np.mean(losses[-40:]):.4f} {rate:.0f} pieces/s"
                )
        figures = " ".join(f"{k} {v:.3f}" for k, v in measure(model, dev, cutter).items()) if dev else ""
        log(
            f"pass {number + 1}/{config.passes} loss {np.mean(losses):.4f} {time.monotonic() - started:.0f} s {figures}"
        )
        if number % 2 == 1 or number == config.passes - 1:
            save(model, output, config)


def save(model: Tagger, output: Path, config: TrainingConfig) -> None:
    """Write weights and configuration, atomically."""
    output.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), output / "weights.pt.part")
    (output / "weights.pt.part").replace(output / "weights.pt")
    (output / "training.json").write_text(json.dumps(asdict(config), indent=1), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one stage from the command line."""
    parser = argparse.ArgumentParser(prog="python -m newsextract.tagging.training")
    parser.add_argument("stage", choices=["places", "roles"])
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--encoder", required=True, type=Path)
    parser.add_argument("--start", type=Path, help="weights to start from")
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--half", choices=["even", "odd"], help="train on one half of the articles, by their number")
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--passes", type=int, default=7)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--limit", type=int)
    options = parser.parse_args(arguments)
    config = TrainingConfig(layers=options.layers, passes=options.passes)
    torch.manual_seed(config.seed)
    cutter = PieceCutter(options.encoder / "tokenizer.json")
    model = Tagger.from_encoder(options.encoder, config.layers)
    if options.start:
        model.load_state_dict(torch.load(options.start / "weights.pt", weights_only=True))
    model.train()
    if options.stage == "places":
        examples = place_examples(options.data, cutter)
        log(f"{len(examples)} sentences")
        train_places(model, examples, cutter, config, options.steps)
        save(model, options.output, config)
        return 0
    documents = read_corpus(options.data)
    train = [d for d in documents if split_of(d.id) == "train"]
    if options.half:
        parity = 0 if options.half == "even" else 1
        train = [d for d in train if split_number(d.id) % 2 == parity]
    dev = corpus_examples([d for d in documents if split_of(d.id) == "dev"], cutter)
    if options.limit:
        train, dev = train[: options.limit], dev[: options.limit]
    log(f"{len(train)} documents to train on, {len(dev)} to measure")
    train_roles(model, train, dev, cutter, config, options.output)
    return 0


__all__ = ["PLACE_LABELS", "TrainingConfig", "train_places", "train_roles"]

if __name__ == "__main__":
    sys.exit(main())
