"""Annotated articles: YAML files read into plain text, spans and event records.

The inline markup is ``{label|surface}`` for an entity and ``{label:e1,e2|surface}`` for a span with a
role in events; literal braces and bars are written ``\\{``, ``\\}``, ``\\|``. Spans carry half-open
character offsets into the plain text. Scalars are read as strings, so that ``2024`` stays a date of
the precision it was written with.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from babel.numbers import list_currencies

from newsextract.errors import CorpusError
from newsextract.names import name_key, same_party
from newsextract.records import Qualifier, Round, Status

Part = Literal["tuning", "held-out"]

ROLES = (
    "company",
    "lead",
    "investor",
    "amount",
    "tranche",
    "contribution",
    "valuation",
    "total",
    "prior_total",
    "round",
    "date",
    "investor_count",
    "stake",
)
ENTITIES = ("org", "person", "money")

_NAME_LABELS = ("company", "lead", "investor", "org", "person")

_DOCUMENT_KEYS = ("id", "lang", "published", "source", "title", "text", "events")
_REQUIRED_KEYS = ("id", "lang", "text", "events")
_TEXT_KEYS = ("company", "status", "round", "valuation_basis")
_SUM_KEYS = ("amount", "valuation", "total", "prior_total", "contribution")
_LIST_KEYS = ("lead", "investors")
_FLAG_KEYS = ("extension", "optional")
_EVENT_KEYS = (*_TEXT_KEYS, *_SUM_KEYS, *_LIST_KEYS, *_FLAG_KEYS, "stake", "investor_count", "date")

_SUM = re.compile(r"([<>~]?)(\d{1,30}(?:\.\d{1,10})?)(?:-(\d{1,30}(?:\.\d{1,10})?))? ([A-Z]{3})")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_HEAD = re.compile(r"([a-z_]{1,40})(?::([A-Za-z0-9_, ]{1,400}))?")
_LOOSE_PUNCTUATION = re.compile(r"^[,;:.!?»”、。，；：」』]|[,;:«„“、。，；：「『(]$")
_SPECIAL = re.compile(r"\\[{|}]|[{|}]")
_QUALIFIERS = {
    "": Qualifier.EXACT,
    "~": Qualifier.ABOUT,
    ">": Qualifier.AT_LEAST,
    "<": Qualifier.AT_MOST,
}
# The YAML loader written in C where there is one; both build nothing but nodes.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class AnnotatedSpan:
    """A labelled stretch of the plain text; ``events`` is empty for an entity without a role."""

    start: int
    end: int
    label: str
    events: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class AnnotatedSum:
    """A sum as a record gives it; ``upper`` is set for a range, and only then."""

    value: Decimal
    upper: Decimal | None
    currency: str
    qualifier: Qualifier


@dataclass(frozen=True)
class AnnotatedEvent:
    """The record of one event. ``stake`` is in percent, ``date`` ISO of any precision."""

    company: str
    status: str
    round: str
    extension: bool = False
    amount: AnnotatedSum | None = None
    valuation: AnnotatedSum | None = None
    valuation_basis: str | None = None
    total: AnnotatedSum | None = None
    prior_total: AnnotatedSum | None = None
    contribution: AnnotatedSum | None = None
    stake: Decimal | None = None
    investor_count: int | None = None
    lead: tuple[str, ...] = ()
    investors: tuple[str, ...] = ()
    date: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class AnnotatedDocument:
    """One annotated article: its plain text, the spans in it, and its events by their keys."""

    id: str
    language: str
    published: date | None
    source: str | None
    title: str | None
    text: str
    spans: tuple[AnnotatedSpan, ...]
    events: dict[str, AnnotatedEvent] = field(default_factory=dict)
    file: str = ""

    @property
    def part(self) -> Part:
        """The part of the corpus that the document belongs to."""
        return part_of(self.id)

    def spans_of(self, event: str, *labels: str) -> tuple[AnnotatedSpan, ...]:
        """Return the event's spans in the order of the text; with labels, only those."""
        return tuple(span for span in self.spans if event in span.events and (not labels or span.label in labels))


def part_of(identifier: str) -> Part:
    """Tell which part of the corpus a document belongs to: a third is held out, by a hash of its id."""
    number = int.from_bytes(hashlib.sha256(identifier.encode("utf-8")).digest()[:8], "big")
    return "held-out" if number % 60 < 20 else "tuning"


def parse_sum(text: str) -> AnnotatedSum:
    """Read a sum as records write it: ``"6000000 USD"``, ``">5000000 EUR"``, ``"5000000-10000000 EUR"``.

    Raises:
        CorpusError: the text has another form, or a range whose upper end is not above the lower.
    """
    match = _SUM.fullmatch(text.strip())
    if match is None:
        raise CorpusError(f"{text!r} is no sum: write plain digits and a currency code, like '6000000 USD'")
    sign, low, high, currency = match.groups()
    value, upper = Decimal(low), Decimal(high) if high else None
    if upper is None:
        return AnnotatedSum(value, None, currency, _QUALIFIERS[sign])
    if sign or upper <= value:
        raise CorpusError(f"{text!r} is not a range: write the lower end, '-', the upper end, and no sign")
    return AnnotatedSum(value, upper, currency, Qualifier.RANGE)


def parse_markup(marked: str) -> tuple[str, tuple[AnnotatedSpan, ...]]:
    """Split marked text into plain text and spans.

    Raises:
        CorpusError: spans are nested, unclosed, empty or without a label, or a brace or bar is bare.
    """
    plain: list[str] = []
    spans: list[AnnotatedSpan] = []
    length = position = 0
    opened: tuple[int, str, tuple[str, ...]] | None = None
    while position < len(marked):
        special = _SPECIAL.search(marked, position)
        end = special.start() if special else len(marked)
        plain.append(marked[position:end])
        length += end - position
        if special is None:
            break
        position = special.end()
        sign = special.group()
        if len(sign) == 2:
            plain.append(sign[1])
            length += 1
        elif sign == "{":
            if opened is not None:
                raise CorpusError(f"a span within a span at {_around(marked, end)}")
            head = _HEAD.match(marked, position)
            if head is None or not marked.startswith("|", head.end()):
                raise CorpusError(f"a brace that opens no span at {_around(marked, end)}; write '\\{{'")
            opened = (length, head.group(1), _event_keys(head.group(2)))
            position = head.end() + 1
        elif sign == "}" and opened is not None:
            start, label, events = opened
            if start == length:
                raise CorpusError(f"an empty span at {_around(marked, end)}")
            spans.append(AnnotatedSpan(start, length, label, events, ""))
            opened = None
        else:
            raise CorpusError(f"a bare {sign!r} at {_around(marked, end)}; write '\\{sign}'")
    if opened is not None:
        raise CorpusError(f"an unclosed span of label {opened[1]!r}")
    text = "".join(plain)
    return text, tuple(
        AnnotatedSpan(span.start, span.end, span.label, span.events, text[span.start : span.end]) for span in spans
    )


def write_markup(text: str, spans: Iterable[AnnotatedSpan]) -> str:
    """Write plain text with its spans as markup: the inverse of :func:`parse_markup`.

    Raises:
        CorpusError: spans overlap or leave the text, or a backslash stands where it would escape a border.
    """
    marked: list[str] = []
    position = 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if not position <= span.start < span.end <= len(text):
            raise CorpusError(f"span {span.start}:{span.end} overlaps another or leaves the text")
        before, surface = text[position : span.start], text[span.start : span.end]
        if before.endswith("\\") or surface.endswith("\\"):
            raise CorpusError(f"a backslash before a border of {span.start}:{span.end} cannot be written")
        events = f":{','.join(span.events)}" if span.events else ""
        marked += (_escape(before), "{", span.label, events, "|", _escape(surface), "}")
        position = span.end
    marked.append(_escape(text[position:]))
    return "".join(marked)


def _escape(text: str) -> str:
    return re.sub(r"([{|}])", r"\\\1", text)


def _event_keys(written: str | None) -> tuple[str, ...]:
    if written is None:
        return ()
    return tuple(key.strip() for key in written.split(","))


def _around(text: str, position: int) -> str:
    return repr(text[max(0, position - 20) : position + 20])


def iter_documents(path: Path) -> Iterator[AnnotatedDocument]:
    """Yield the documents of one YAML file, in its order.

    Raises:
        CorpusError: the file cannot be read, or a document does not have the form of the standard.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: {error}") from error
    nodes = yaml.compose_all(content, Loader=_LOADER)
    while True:
        try:
            node = next(nodes, None)
        except (yaml.YAMLError, RecursionError) as error:
            raise CorpusError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
        if node is None:
            return
        line = node.start_mark.line + 1
        try:
            mapping = _plain(node, set())
        except CorpusError as error:
            raise CorpusError(f"{path}, line {line}: {error}") from error
        if mapping is None:
            continue
        identifier = mapping.get("id") if isinstance(mapping, dict) else None
        try:
            yield _document(mapping, path)
        except CorpusError as error:
            raise CorpusError(f"{path}, line {line}, id {identifier}: {error}") from error


def read_corpus(paths: Iterable[Path]) -> list[AnnotatedDocument]:
    """Read files, and all ``*.yaml`` files of folders in the order of their names.

    Raises:
        CorpusError: a file cannot be read or breaks the form, an id is used twice, or a folder has no file.
    """
    documents: list[AnnotatedDocument] = []
    seen: dict[str, str] = {}
    for path in paths:
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not files:
            raise CorpusError(f"{path}: no *.yaml file in this folder")
        for file in files:
            for document in iter_documents(file):
                if document.id in seen:
                    raise CorpusError(f"{file}, id {document.id}: the id is used in {seen[document.id]} too")
                seen[document.id] = str(file)
                documents.append(document)
    return documents


def _plain(node: yaml.Node, seen: set[int]) -> Any:
    """Turn a YAML node into strings, lists and dictionaries; an unquoted ``null`` into ``None``."""
    if id(node) in seen:
        raise CorpusError(f"line {node.start_mark.line + 1}: an alias; write the value out")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in ("", "null", "~") else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, seen) for item in node.value]
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if not isinstance(key, str) or key in mapping:
            raise CorpusError(f"line {key_node.start_mark.line + 1}: key {key!r} is no word or given twice")
        mapping[key] = _plain(value_node, seen)
    return mapping


def _document(mapping: Any, path: Path) -> AnnotatedDocument:
    if not isinstance(mapping, dict):
        raise CorpusError("a document is a mapping")
    for key in mapping:
        if key not in _DOCUMENT_KEYS:
            raise CorpusError(f"unknown key {key!r}; known are {', '.join(_DOCUMENT_KEYS)}")
    for key in _REQUIRED_KEYS:
        if mapping.get(key) is None:
            raise CorpusError(f"key {key!r} is missing or empty")
    for key in ("id", "lang", "published", "source", "title", "text"):
        if not isinstance(mapping.get(key), str | None):
            raise CorpusError(f"{key} is a text")
    events = mapping["events"]
    if not isinstance(events, dict):
        raise CorpusError("events is a mapping; an article without any has 'events: {}'")
    text, spans = parse_markup(mapping["text"].removesuffix("\n"))
    return AnnotatedDocument(
        id=mapping["id"],
        language=mapping["lang"],
        published=_publication_date(mapping.get("published")),
        source=mapping.get("source"),
        title=mapping.get("title"),
        text=text,
        spans=spans,
        events={key: _event(key, record) for key, record in events.items()},
        file=path.name,
    )


def _publication_date(written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise CorpusError(f"published: {written!r} is no ISO date") from error


def _event(key: str, record: Any) -> AnnotatedEvent:
    if not isinstance(record, dict):
        raise CorpusError(f"event {key}: the record is a mapping")
    values: dict[str, Any] = {}
    for name, written in record.items():
        if name not in _EVENT_KEYS:
            raise CorpusError(f"event {key}: unknown key {name!r}; known are {', '.join(_EVENT_KEYS)}")
        try:
            values[name] = _value(name, written)
        except CorpusError as error:
            raise CorpusError(f"event {key}, {name}: {error}") from error
    for name in ("company", "status", "round"):
        if name not in values:
            raise CorpusError(f"event {key}: key {name!r} is missing")
    return AnnotatedEvent(**values)


def _value(name: str, written: Any) -> Any:
    """Read the value of one key of a record."""
    if name in _LIST_KEYS:
        if not isinstance(written, list) or not all(isinstance(item, str) and item for item in written):
            raise CorpusError("a list of names is needed")
        return tuple(written)
    if not isinstance(written, str) or not written.strip():
        raise CorpusError("a value is needed; leave the key out where the text says nothing")
    if name in _SUM_KEYS:
        return parse_sum(written)
    if name in _FLAG_KEYS:
        if written not in ("true", "false"):
            raise CorpusError(f"{written!r} is neither true nor false")
        return written == "true"
    if name == "stake":
        if not re.fullmatch(r"\d{1,3}(?:\.\d{1,6})?", written):
            raise CorpusError(f"{written!r} is no percentage: write a number")
        return Decimal(written)
    if name == "investor_count":
        if not re.fullmatch(r"\d{1,7}", written):
            raise CorpusError(f"{written!r} is no count: write a whole number")
        return int(written)
    if name == "date" and not _DATE.fullmatch(written):
        raise CorpusError(f"{written!r} is no ISO date of a year, month or day")
    return written


def check(document: AnnotatedDocument) -> list[str]:
    """Return what in a document breaks the annotation standard, as far as a machine can see.

    Each violation is one line that says where and what. An empty list is no proof: whether the right
    words are marked, only a reader can tell.
    """
    found = list(_check_document(document))
    for span in document.spans:
        found += (f"span {span.text!r} ({span.label}): {what}" for what in _check_span(span, document))
    for key, event in document.events.items():
        found += (f"event {key}: {what}" for what in _check_event(key, event, document))
    return found


def _check_document(document: AnnotatedDocument) -> Iterator[str]:
    if not re.fullmatch(r"[a-z]{2}", document.language):
        yield f"language {document.language!r} is no two-letter code"
    if not document.text.strip():
        yield "the text is empty"
    yield from _check_mentions(document)
    if document.title is not None and re.search(r"\{[a-z_]+(?::[^|{}]*)?\|", document.title):
        yield "the title has markup"
    if any("\n\n" in span.text for span in document.spans):
        yield "a span runs over a paragraph's end"


def _check_mentions(document: AnnotatedDocument) -> Iterator[str]:
    """Check that a recipient carries all its events in every mention."""
    of_company: dict[str, set[str]] = {}
    for key, event in document.events.items():
        of_company.setdefault(name_key(event.company), set()).add(key)
    for span in document.spans:
        known = [key for key in span.events if key in document.events]
        if span.label == "company" and known:
            missing = of_company[name_key(document.events[known[0]].company)].difference(known)
            if missing:
                yield f"span {span.text!r} (company): lacks its events {', '.join(sorted(missing))}"


def _check_span(span: AnnotatedSpan, document: AnnotatedDocument) -> Iterator[str]:
    if span.label not in ROLES + ENTITIES:
        yield "unknown label"
    elif span.label in ROLES and not span.events:
        yield "a role without an event"
    elif span.label in ENTITIES and span.events:
        yield "an entity without a role cannot belong to an event"
    if len(set(span.events)) < len(span.events):
        yield "an event is named twice"
    for key in span.events:
        if key not in document.events:
            yield f"event {key!r} has no record"
    if span.text != span.text.strip():
        yield "white space at a border"
    if _LOOSE_PUNCTUATION.search(span.text):
        yield "punctuation at a border"


def _check_event(key: str, event: AnnotatedEvent, document: AnnotatedDocument) -> Iterator[str]:
    labels = {span.label for span in document.spans_of(key)}
    yield from _check_values(event)
    if "company" not in labels:
        yield "no span names the company"
    if event.amount is None and event.round == Round.UNSPECIFIED and not event.lead + event.investors:
        yield "neither amount nor round nor investor: not an event"
    for name in ("amount", "valuation", "total", "prior_total", "contribution", "stake", "investor_count"):
        if (getattr(event, name) is None) != (name not in labels):
            yield f"{name} is in the {'spans' if name in labels else 'record'} alone"
    if event.date is not None and "date" not in labels:
        yield "a date that no span gives"
    if event.round == Round.UNSPECIFIED and "round" in labels:
        yield "a round is named, but the record has none"
    yield from _check_parties(key, event, document)


def _check_values(event: AnnotatedEvent) -> Iterator[str]:
    if event.status not in set(Status):
        yield f"unknown status {event.status!r}"
    if event.round not in set(Round):
        yield f"unknown round {event.round!r}"
    if event.valuation_basis not in (None, "pre", "post"):
        yield f"unknown valuation_basis {event.valuation_basis!r}"
    if event.valuation_basis is not None and event.valuation is None:
        yield "a valuation_basis without a valuation"
    if event.date is not None and not _is_on_calendar(event.date):
        yield f"{event.date!r} is on no calendar"
    if event.stake is not None and not 0 < event.stake <= 100:
        yield f"stake {event.stake} is no share"
    if event.investor_count == 0:
        yield "investor_count is 0"
    for name in _SUM_KEYS:
        money: AnnotatedSum | None = getattr(event, name)
        if money is None:
            continue
        if money.value <= 0:
            yield f"{name} is 0"
        if money.currency not in _currencies():
            yield f"{name}: unknown currency {money.currency!r}"
        if event.amount is not None and money.currency == event.amount.currency:
            if name == "valuation" and (money.upper or money.value) < event.amount.value:
                yield f"{name} is below the amount"
            if name == "contribution" and money.value > (event.amount.upper or event.amount.value):
                yield "contribution is above the amount"


def _check_parties(key: str, event: AnnotatedEvent, document: AnnotatedDocument) -> Iterator[str]:
    parties = [*event.lead, *event.investors]
    keys = [name_key(name) for name in parties]
    for name, name_as_key in zip(parties, keys, strict=True):
        if keys.count(name_as_key) > 1:
            yield f"{name!r} is listed twice"
    if name_key(event.company) in keys:
        yield "the company is listed among its own investors"
    # The fullest name may stand elsewhere in the article, with another role or none.
    spelled = {span.text for span in document.spans if span.label in _NAME_LABELS}
    for name in (event.company, *parties):
        if not any(same_party(name, surface) for surface in spelled):
            yield f"no span spells {name!r}"
    if parties and not document.spans_of(key, "lead", "investor"):
        yield "investors that no span gives"
    if not parties and document.spans_of(key, "lead", "investor"):
        yield "investors are in the spans alone"


def _is_on_calendar(written: str) -> bool:
    try:
        date.fromisoformat(written + "-01-01"[len(written) - 4 :])
    except ValueError:
        return False
    return True


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())
