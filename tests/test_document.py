"""A document keeps offsets true, whatever is done to its text inside."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsextract import languages
from newsextract.document import Document


def sentences(text: str, code: str = "en") -> list[str]:
    document = Document(text, None, languages.load(code))
    return [text[s.start : s.end].strip() for s in document.sentences]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("en", "It raised $5m. The round closed.", ["It raised $5m.", "The round closed."]),
        ("en", "Acme Inc. raised money. Good.", ["Acme Inc. raised money.", "Good."]),
        ("en", "J. Smith leads it. Fine.", ["J. Smith leads it.", "Fine."]),
        ("de", "Rund 7,4 Mio. Euro flossen. Das reicht.", ["Rund 7,4 Mio. Euro flossen.", "Das reicht."]),
        ("fr", "« Oui. » Il a levé 5 M€. Fin.", ["« Oui.", "» Il a levé 5 M€.", "Fin."]),
        ("zh", "公司完成融资。投资方包括红杉。", ["公司完成融资。", "投资方包括红杉。"]),
        ("ja", "資金を調達した。「良い。」と話す。", ["資金を調達した。", "「良い。」", "と話す。"]),
        ("hi", "राशि मिली। कंपनी खुश है।", ["राशि मिली।", "कंपनी खुश है।"]),
        ("en", "A heading\nThe text follows.", ["A heading", "The text follows."]),
        ("en", "First\n\nsecond", ["First", "second"]),
    ],
)
def test_sentences(code: str, text: str, expected: list[str]) -> None:
    assert sentences(text, code) == expected


def test_a_line_break_in_a_hard_wrapped_paragraph_ends_no_sentence() -> None:
    text = "The company, which has been growing for years, said that it has\nraised five million euros."
    assert len(sentences(text)) == 1


def test_title_and_body_have_their_own_offsets() -> None:
    document = Document("Acme raises.", "Acme news", languages.load("en"))
    title = document.mention(0, 4)
    assert (title.start, title.end, title.text, title.source) == (0, 4, "Acme", "title")
    body = document.mention(document.body_start, document.body_start + 4)
    assert (body.start, body.end, body.text, body.source) == (0, 4, "Acme", None)


def test_decomposed_text_keeps_its_offsets() -> None:
    text = unicodedata.normalize("NFD", "Société Générale lève 5 M€")
    document = Document(text, None, languages.load("fr"))
    start = document.text.index("lève")
    mention = document.mention(start, start + 4)
    assert text[mention.start : mention.end] == mention.text == unicodedata.normalize("NFD", "lève")


@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=40)), st.sampled_from(["en", "zh", "ko", "ar"]))
def test_every_token_can_be_mentioned(body: str, title: str | None, code: str) -> None:
    document = Document(body, title, languages.load(code))
    for token in document.tokens:
        mention = document.mention(token.start, token.end)
        source = (title or "") if mention.source == "title" else body
        assert source[mention.start : mention.end] == mention.text


@given(st.text(alphabet=st.sampled_from("ab. \n。!?A1\u0301é"), max_size=200))
def test_sentences_cover_all_that_is_not_blank(text: str) -> None:
    document = Document(text, None, languages.load("en"))
    covered = [False] * len(document.text)
    for sentence in document.sentences:
        for index in range(sentence.start, sentence.end):
            assert not covered[index]
            covered[index] = True
    assert all(covered[i] or document.text[i].isspace() for i in range(len(document.text)))
