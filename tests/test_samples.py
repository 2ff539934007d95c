"""The samples: every article has an annotated twin that says the same, and the papers list them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsextract.corpus import AnnotatedDocument, check, read_corpus

SAMPLES = Path(__file__).parents[1] / "samples"
DOCUMENTS = read_corpus([SAMPLES / "expected.yaml"])
FILES = sorted((SAMPLES / "articles").iterdir())

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.id)


def test_every_article_has_one_twin() -> None:
    assert sorted(document.source or "" for document in DOCUMENTS) == [f"articles/{file.name}" for file in FILES]


def test_they_cover_languages_and_formats() -> None:
    assert len(FILES) >= 28
    assert len({document.language for document in DOCUMENTS}) >= 14
    assert {file.suffix for file in FILES} == {".txt", ".md", ".html", ".json"}
    assert any(not document.events for document in DOCUMENTS)


def test_the_readme_lists_every_article() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([^`]+)`", readme, flags=re.MULTILINE) == [file.name for file in FILES]


@each_document
def test_annotation_keeps_to_the_standard(document: AnnotatedDocument) -> None:
    assert check(document) == []
