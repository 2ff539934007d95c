"""The output: funding events as typed, frozen pydantic models.

This module is the only place that knows what a record looks like. All offsets are half-open
character offsets into the article's body exactly as given, or into its title where a span carries
``"in": "title"``; ``text[start:end] == span.text`` always holds. Money values are ``Decimal`` in
Python and decimal strings in JSON.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

SCHEMA_VERSION = "1"


def decimal_text(value: Decimal) -> str:
    """Write a decimal in plain digits: no exponent, no trailing zeros after the point."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text or "0"


PlainDecimal = Annotated[
    Decimal, PlainSerializer(decimal_text, return_type=str, when_used="json"), Field(allow_inf_nan=False)
]


class Record(BaseModel):
    """Base of all output models: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, ser_json_inf_nan="null")


class Status(StrEnum):
    """How far the transaction has come."""

    CLOSED = "closed"
    PLANNED = "planned"
    RUMORED = "rumored"
    FAILED = "failed"


class Round(StrEnum):
    """The kind of financing round, as the text names it."""

    PRE_SEED = "pre_seed"
    SEED = "seed"
    SERIES_A = "series_a"
    SERIES_B = "series_b"
    SERIES_C = "series_c"
    SERIES_D = "series_d"
    SERIES_E = "series_e"
    SERIES_F = "series_f"
    SERIES_G = "series_g"
    SERIES_H = "series_h"
    SERIES_I = "series_i"
    SERIES_J = "series_j"
    SERIES_K = "series_k"
    BRIDGE = "bridge"
    GROWTH = "growth"
    PRE_IPO = "pre_ipo"
    IPO = "ipo"
    CONVERTIBLE = "convertible"
    DEBT = "debt"
    GRANT = "grant"
    CROWDFUNDING = "crowdfunding"
    TOKEN_SALE = "token_sale"
    PRIVATE_EQUITY = "private_equity"
    STRATEGIC = "strategic"
    SECONDARY = "secondary"
    VENTURE_FUND = "venture_fund"
    UNSPECIFIED = "unspecified"


class Qualifier(StrEnum):
    """How exact a sum is; a ``range`` has an ``upper`` value."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    RANGE = "range"


class Mention(Record):
    """A stretch of the article's text.

    ``start`` and ``end`` are half-open character offsets into the body, or into the title where
    ``source`` (``"in"`` in JSON) is ``"title"``.
    """

    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str = Field(min_length=1)
    source: Literal["title"] | None = Field(default=None, alias="in")

    @model_validator(mode="after")
    def _length_agrees(self) -> Mention:
        if self.end - self.start != len(self.text):
            raise ValueError(f"span {self.start}:{self.end} does not have the length of {self.text!r}")
        return self

    @model_serializer(mode="wrap")
    def _leave_out_source_of_body(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        source = data.pop("source", data.pop("in", None))
        if source is not None:
            data["in"] = source
        return data


class Money(Mention):
    """A sum of money: ``value`` (the lower end of a range), ISO 4217 ``currency``, ``qualifier``."""

    value: PlainDecimal
    upper: PlainDecimal | None = None
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    qualifier: Qualifier = Qualifier.EXACT

    @model_validator(mode="after")
    def _range_has_upper(self) -> Money:
        if (self.qualifier is Qualifier.RANGE) != (self.upper is not None):
            raise ValueError("a range, and only a range, has an upper value")
        return self


class Contribution(Money):
    """What one investor puts in; ``investor`` is null where it holds for each of them."""

    investor: str | None = None


class Company(Record):
    """The recipient of the money, with every mention that names it."""

    name: str
    mentions: tuple[Mention, ...]


class Investor(Record):
    """A party that puts money in; ``lead`` where it is said to lead or is the only source."""

    name: str
    lead: bool
    mentions: tuple[Mention, ...]


class FundingEvent(Record):
    """One financing transaction of one named recipient."""

    id: str
    company: Company
    status: Status
    round: Round
    extension: bool = False
    amount: Money | None = None
    amount_conversions: tuple[Money, ...] = ()
    tranches: tuple[Money, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    valuation: Money | None = None
    valuation_basis: Literal["pre", "post"] | None = None
    total_raised: Money | None = None
    raised_before: Money | None = None
    stake: PlainDecimal | None = Field(default=None, description="percent")
    investor_count: int | None = Field(default=None, ge=1)
    investors: tuple[Investor, ...] = ()
    date: str | None = Field(default=None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    date_text: Mention | None = None
    confidence: float = Field(ge=0, le=1)
    evidence: tuple[Mention, ...]


class Entity(Mention):
    """A named organisation, person or place, a sum of money or a date."""

    label: Literal["ORG", "PERSON", "LOC", "MONEY", "DATE"]


class ArticleInfo(Record):
    """What is known of the article itself."""

    id: str
    title: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    language: str
    language_confidence: float = Field(ge=0, le=1)


class Result(Record):
    """Everything extracted from one article."""

    schema_version: Literal["1"] = "1"
    article: ArticleInfo
    events: tuple[FundingEvent, ...] = ()
    entities: tuple[Entity, ...] = ()
    money: tuple[Money, ...] = ()


class Article(Record):
    """An article as it goes in.

    ``id`` defaults to a hash of title and text, ``language`` to what is detected. ``published`` is an
    ISO date (``YYYY-MM-DD``).
    """

    text: str
    title: str | None = None
    published: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    url: str | None = None
    id: str | None = None
    source: str | None = None
    language: str | None = None


def content_id(*parts: str | None) -> str:
    """Return a stable identifier (16 hex digits) of the given texts, in their order."""
    digest = hashlib.sha256()
    for part in parts:
        data = (part or "").encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]
