"""The form of a language file: every section, every key, what it means.

A file that lacks a section or has one too many does not load. An entry of a word list is written as
in :mod:`newsextract.lexicon`: ``*`` ends a stem, a space is any white space, case does not matter.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[tuple[str, ...], Field(description="lexicon entries")]


class Section(BaseModel):
    """Base of all sections: frozen, complete, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Header(Section):
    """What the language is and how it is written."""

    code: str = Field(pattern=r"^[a-z]{2}$")
    name: str = Field(description="English name")
    native_name: str
    scripts: tuple[str, ...] = Field(description="ISO 15924 codes: Latn, Cyrl, Arab, Deva, Hans, Hant, Jpan, Kore")
    region: str = Field(description="ISO 3166 code of the region assumed when none is known")
    regions: tuple[str, ...] = Field(description="regions whose press writes the language, the default first")
    spaced: bool = Field(description="spaces separate words and entries match whole words only")
    verb_final: bool = Field(description="the verb ends the clause: ja, ko, tr, hi")
    capitals: bool = Field(description="names start with a capital letter")
    capitals_for_nouns: bool = Field(description="common nouns start with a capital letter too: de")
    glued_prefixes: Words = Field(description="prefixes written without a space: Arabic و ب ل")


class Rounds(Section):
    """Words that name a round, by the value they stand for.

    ``series`` are patterns with ``{letter}``: ``"série {letter}"``, ``"{letter}轮"``; the letter may be
    written in any script that ``letters`` lists.
    """

    series: Words
    letters: dict[str, str] = Field(description="other ways to write A to K: ordinals, other scripts -> Latin letter")
    pre: Words = Field(description='words that make "pre-X" of a series X when put before it')
    plus: Words = Field(description='signs or words that make an extension when put after: "+", "extension"')
    pre_seed: Words
    seed: Words
    bridge: Words
    growth: Words
    pre_ipo: Words
    ipo: Words
    convertible: Words
    debt: Words
    grant: Words
    crowdfunding: Words
    token_sale: Words
    private_equity: Words
    strategic: Words
    secondary: Words
    venture_fund: Words


class Cues(Section):
    """Words that tell what a sum or a name does in a sentence, by what they tell.

    Words of one class must point the same way for a reader of the language who sees nothing else.
    """

    # What happens. The subject of "raise" verbs receives, that of "invest" verbs gives.
    raise_verb: Words = Field(description="the recipient raises, gets, secures, closes a round, completes financing")
    invest_verb: Words = Field(description="an investor invests, puts money in, backs, buys shares in, lends, grants")
    funding_noun: Words = Field(description="round, financing, capital increase, investment, funding, loan package")
    # Who leads, who joins.
    lead_by: Words = Field(description='the lead\'s name follows (or, verb-final, precedes): "led by", "mené par"')
    lead_verb: Words = Field(description='the lead is the subject: "led the round", "领投", "co-led"')
    join_with: Words = Field(
        description='other investors\' names follow: "with participation of", "alongside", "joined by"'
    )
    join_verb: Words = Field(description='other investors are the subject: "participated", "also invested", "跟投"')
    source: Words = Field(description='the giver follows (or, with a particle, precedes): "from", "auprès de", "から"')
    target: Words = Field(description='the receiver follows (or precedes): "in", "into", "to", "für", "に", "에"')
    subject_marker: Words = Field(description="particles right after a subject: は が 은 는 이 가 ने; empty elsewhere")
    object_marker: Words = Field(description="particles right after an object: を 을 를 को; empty elsewhere")
    # Kinds of sums.
    valuation: Words = Field(description="valuation, valued at, worth of the company, market value in the round")
    pre_money: Words
    post_money: Words
    total: Words = Field(description='"total raised", "bringing total funding to", "in all", "to date", "cumulative"')
    prior: Words = Field(description='earlier money: "previously", "had raised", "so far", "before that", "last round"')
    tranche: Words = Field(
        description='a part of a round: "of which", "first tranche", "in equity", "the rest as debt"'
    )
    contribution: Words = Field(
        description='one giver\'s part: "contributes", "each", "puts in", "chipped in", "ticket"'
    )
    revenue: Words = Field(description="revenue, sales, turnover, profit, loss, EBITDA, ARR, order volume, income")
    market: Words = Field(description="market size, industry, worldwide, forecast, by 2030, spending in a sector")
    price: Words = Field(description="price, per share, per month, cost, fee, salary, rent, fine, ticket price")
    acquisition: Words = Field(description="acquire, acquisition, takeover, buy out, merge, sold to, sale price")
    use: Words = Field(description="what money is spent on: will invest in, build a plant, budget, capital expenditure")
    other_money: Words = Field(
        description="donation, contract, order, damages, theft, bond volume of a state, lottery, budget"
    )
    aggregate: Words = Field(
        description='sums over many: "start-ups raised", "the sector", "companies", "in 2024 overall"'
    )
    fund: Words = Field(
        description="a venture fund and its closing: fund, final close, limited partners, fundraise of a fund"
    )
    stake: Words = Field(description="share of the company: stake, share, equity of, percent of the shares")
    investors_noun: Words = Field(description="what is counted as investors: investors, backers, angels, shareholders")
    # How far it has come.
    planned: Words = Field(description="plans, wants, seeks, intends, is to, will raise, aims, target, up to")
    rumored: Words = Field(description="in talks, reportedly, according to sources, is said to, considering")
    failed: Words = Field(description="failed, called off, withdrew, rejected, fell through, abandoned")
    announced: Words = Field(description="announced, said on, reported today, disclosed: marks the news of the article")
    denied: Words = Field(description='"did not raise", "no external money", "without investors", "declined to invest"')
    # What a name is.
    company_noun: Words = Field(
        description="describes a recipient: start-up, company, maker, developer, platform, spin-off"
    )
    investor_noun: Words = Field(
        description="describes a giver: fund, investor, venture capital firm, bank, business angel"
    )
    adviser: Words = Field(description="advised, law firm, arranger, placed by, guaranteed by, platform, listed on")
    media: Words = Field(description="reports, according to, told (a paper), writes, sources told, agency, newspaper")
    customer: Words = Field(description="customers include, clients, partner, supplier, competitor, rival, such as")
    person_title: Words = Field(
        description="CEO, founder, managing director, minister, says, explains: a person is near"
    )
    about: Words = Field(
        description='"About X", "founded in", "based in", headquartered, employs: describes the recipient'
    )
    extension: Words = Field(
        description="the round extends an earlier one: extension, second close, topped up, upsized"
    )


class Names(Section):
    """How names are written."""

    articles: Words = Field(description="articles and determiners that are never the start of a name")
    joiners: Words = Field(description='lower-case words inside names: "de", "of", "und", "&", "van"')
    conjunctions: Words = Field(description='words that join the items of a list: "et", "and", "sowie", "및"')
    legal_forms: Words = Field(description='"GmbH", "S.A.", "Inc.", "株式会社"; not part of a name')
    organisation_words: Words = Field(
        description='words that are part of organisations\' names: "Bank", "Fonds", "Ministerium", "大学"'
    )
    person_words: Words = Field(description='words before persons\' names: "Frau", "Mr", "Dr."; or after: "さん", "씨"')
    particles: Words = Field(description="particles and case endings that are cut from the end of a name: は 은 'nin")
    not_names: Words = Field(
        description="capitalised words that look like names and are none: weekdays, nationalities, places"
    )


class Numbers(Section):
    """How numbers are written in digits and words.

    Keys of the tables are plain decimal numbers: what the words add, multiply by or stand for.
    """

    decimal: str = Field(pattern=r"^[.,]$", description="the decimal sign")
    grouping: tuple[str, ...] = Field(description="signs between groups of three digits, the usual one first")
    units: dict[str, Words] = Field(description="words that add their value: one to ninety, and 200 where it is a word")
    multipliers: dict[str, Words] = Field(
        description="words that multiply what precedes: hundred; ten and 千 in ja ko zh"
    )
    scales: dict[str, Words] = Field(description="thousand, million and their abbreviations, every inflected form")
    short_scales: dict[str, Words] = Field(description="letters that are a scale right after digits: k, M, bn")
    alone: Words = Field(description="forms of scales that mean one of it without a number: 'milliard', 'million'")
    joiners: Words = Field(description="words between the parts of one number: and, und, و")
    added: dict[str, Words] = Field(description='fractions put after: "and a half", "et demi"')
    prefixes: dict[str, Words] = Field(description='fractions put before, added to what follows: "साढ़े"')
    articles: Words = Field(description="forms of one that are articles too: a number only before a scale")
    vague: dict[str, Words] = Field(description='words for an open number, by its least value: "several", 数')
    excess: Words = Field(description='"odd" inside a sum, making it a lower bound: 多, 余, 여')
    compounds: bool = Field(description="number words are joined without spaces: de, fi, ja")
    free: bool = Field(description="number words start anywhere, also within a run of letters: ja, zh")
    trailing_tenths: bool = Field(
        description="a last digit after a scale word counts tenths of it: 两万五, một triệu hai"
    )
    percent: Words = Field(description="percent, after the number")
    percent_before: Words = Field(description="percent, before the number: %, 百分之, yüzde")
    tenths: Words = Field(description="one tenth, after the number: 成, 割")


class MoneyWords(Section):
    """Words around sums. Keys of ``names``, ``before`` and ``subunits`` are ISO 4217 codes or the families of
    :mod:`newsextract.currencies`, whose currency the text decides.
    """

    names: dict[str, Words] = Field(description="currencies as the press names them, after the number")
    before: dict[str, Words] = Field(description="names and signs put before the number")
    subunits: dict[str, Words] = Field(description="hundredths: cent, Rappen, öre")
    scaled_names: dict[str, Words] = Field(description='scale and currency in one, by "1000000 USD": mdd, Mkr')
    sums: dict[str, Words] = Field(description='a sum in one word, by "100000 EUR": "een ton"')
    vague_sums: dict[str, Words] = Field(description='by the least value: "seven-figure sum", "Millionenbetrag"')
    connectors: Words = Field(description="between number and currency: de, d', of")
    ranges: Words = Field(description="between the ends of a range: to, bis, à, ila")
    between: tuple[tuple[str, str], ...] = Field(description='pairs around the first end: ("between", "and")')
    changes: Words = Field(description="between an old and a new value, which are two sums: auf, para, на")
    change_openers: Words = Field(description="before an old value, so that a range word after it means a change: from")
    parts: Words = Field(
        description="before a bare number that is a part of, or set against, the last sum: dont, davon"
    )
    conjunctions: Words = Field(description="join the members of a list of sums: and, or, und")
    conversions: Words = Field(description='a second currency follows: "equivalent to", "umgerechnet"')
    counted: Words = Field(description="nouns after a number that is no sum: users, people, tonnes, shares")
    places: dict[str, Words] = Field(description="words that point to a country, by ISO 3166 code")
    variants: dict[str, Words] = Field(
        description="words or letters that show a text is written for another region than the default, by ISO 3166 code"
    )
    defaults: dict[str, str] = Field(description="currency of a family where nothing else decides; local: of bare sums")


class QualifierWords(Section):
    """Words that tell how exact a sum is, before or after it."""

    about: Words
    at_least: Words
    at_most: Words
    about_after: Words
    at_least_after: Words
    at_most_after: Words
    fillers: Words = Field(description="small words between a qualifier and its sum: of, von, de, a")


class DetectionWords(Section):
    """What tells a language from its neighbours in a short text."""

    frequent_words: Words = Field(description="the most frequent function words")
    letters: Words = Field(description="letters that its neighbours do not have")


class DateWords(Section):
    """Words of dates. ``months`` and ``weekdays`` may be empty: then CLDR's names serve."""

    last: Words = Field(description='"last", "passé": the one before, beside a weekday or month')
    next: Words = Field(description='"next", "prochain"')
    this: Words = Field(description='"this", "ce"')
    part: Words = Field(description='a part of a month: "early", "Ende"')
    of: Words = Field(description='between day, month and year: "of", "de"')
    ordinal: Words = Field(description='after the number of a day: "th", "."')
    seasons: Words = Field(description="seasons, quarters and half-years")
    year_before: Words = Field(description='"vuonna", "roku", before a year')
    year_after: Words = Field(description='"roku", "года", after a year')
    signs: Words = Field(description="year, month and day signs where they are used: 年 月 日")
    month_first: bool = Field(description="month before day in dates")
    months: tuple[tuple[str, ...], ...] = Field(description="twelve lists of forms, January first")
    weekdays: tuple[tuple[str, ...], ...] = Field(description="seven lists of forms, Monday first")
    relative: dict[str, Words] = Field(description='by "unit offset": "day -1" = yesterday, "month 1" = next month')


class Language(Section):
    """One language, as its file gives it."""

    language: Header
    rounds: Rounds
    cues: Cues
    names: Names
    numbers: Numbers
    money: MoneyWords
    qualifiers: QualifierWords
    dates: DateWords
    detection: DetectionWords
