"""newsextract inside spaCy."""

import spacy

import newsextract


def test_component_sets_events_and_entities() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("newsextract", config={"model": None, "published": "2024-12-27"})
    text = "Nimbostrat has raised $12 million in a Series A round led by Index Ventures, the company said on Tuesday."
    (doc,) = nlp.pipe([text])
    assert doc._.funding_events == doc._.newsextract.events
    assert {"MONEY"} <= {entity.label_ for entity in doc.ents}
    assert nlp(text)._.funding_events == doc._.funding_events


def test_public_names() -> None:
    assert newsextract.extract("").events == ()
    assert newsextract.find_money("$5 million", language="en")[0].value == 5_000_000
    assert newsextract.Extractor(model=None).extract("x").article.language == "und"
