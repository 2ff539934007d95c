"""The samples: every article has an annotated twin that says the same, and the papers list them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsextract.articles import read_article
from newsextract.corpus import AnnotatedDocument, check, read_corpus

SAMPLES = Path(__file__).parents[1] / "samples"
DOCUMENTS = read_corpus([SAMPLES / "expected.yaml"])
FILES = sorted((SAMPLES / "articles").iterdir())

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.id)


def _words(text: str) -> list[str]:
    """The words of a text: web pages do not keep white space."""
    return text.split()


def test_every_article_has_one_twin() -> None:
    assert sorted(document.source or "" for document in DOCUMENTS) == [
        f"articles/{file.name}" for file in FILES
    ]


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


@each_document
def test_article_reads_as_its_twin(document: AnnotatedDocument) -> None:
    path = SAMPLES / (document.source or "")
    article = read_article(path)
    if path.suffix == ".html":
        assert _words(article.text) == _words(document.text)
    else:
        assert article.text.strip() == document.text.strip()
    assert _words(article.title or "") == _words(document.title or "")
    assert article.published == (document.published and document.published.isoformat())
