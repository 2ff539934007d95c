"""Files of every kind become articles, or one clear error."""

import gzip
import json
from pathlib import Path

import pytest

from newsextract.articles import ReadOptions, find_files, iso_date, read_article, read_articles, read_bytes
from newsextract.errors import ArticleError


def write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def test_text_is_kept_as_given(tmp_path: Path) -> None:
    text = "First line\r\n\r\n  second é "
    assert read_article(write(tmp_path, "a.txt", text)).text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_detected(tmp_path: Path, encoding: str) -> None:
    text = "La société a levé 5 millions d’euros auprès de Bpifrance, a-t-elle annoncé hier à Besançon. " * 4
    assert read_article(write(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_markdown_front_matter_and_heading(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "---\ntitle: News\ndate: 2024-05-03\nlang: fr-CA\n---\n# News\n\nBody.\n")
    article = read_article(path)
    assert (article.title, article.published, article.language, article.text) == ("News", "2024-05-03", "fr", "Body.\n")


def test_json_fields_are_guessed_or_named(tmp_path: Path) -> None:
    record = {"headline": "T", "articleBody": "B", "datePublished": "2024-05-03T10:00:00Z", "publisher": {"name": "P"}}
    article = read_article(write(tmp_path, "a.json", json.dumps(record)))
    assert (article.title, article.text, article.published, article.source) == ("T", "B", "2024-05-03", "P")
    own = write(tmp_path, "b.json", json.dumps({"x": "B"}))
    assert read_article(own, ReadOptions(text_field="x")).text == "B"
    with pytest.raises(ArticleError, match="no text field"):
        read_article(own)


def test_lines_csv_and_gzip(tmp_path: Path) -> None:
    lines = '{"text": "a"}\n\n{"text": "b"}\n'
    assert [a.text for a in read_articles(write(tmp_path, "a.jsonl", lines))] == ["a", "b"]
    assert [a.text for a in read_articles(write(tmp_path, "a.csv", "title,text\nT,hello\n"))] == ["hello"]
    assert [a.text for a in read_articles(write(tmp_path, "a.jsonl.gz", gzip.compress(lines.encode())))] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", bytes(range(256)) * 10, "binary data"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b"[" * 100_000, "not JSON"),
        ("a.jsonl", b'{"text": "a"}\n{"t', "line 2: not JSON"),
        ("a.txt.gz", b"\x1f\x8bbroken", "damaged gzip"),
        ("a.html", b"<div>" * 5000 + b"x", "nested"),
        ("a.parquet", b"PAR1 junk", "Parquet"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(ArticleError, match=message) as raised:
        list(read_articles(write(tmp_path, name, content)))
    assert "\n" not in str(raised.value)


def test_missing_paths_and_empty_folders(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no such file"):
        find_files([tmp_path / "none"])
    with pytest.raises(ArticleError, match="no readable files"):
        find_files([tmp_path])


def test_an_empty_file_is_an_empty_article(tmp_path: Path) -> None:
    assert read_article(write(tmp_path, "a.txt", "")).text == ""


def test_surrogate_halves_are_replaced() -> None:
    (article,) = read_bytes(b'{"text": "a\\ud800b"}', "standard input")
    assert article.text == "a\ufffdb"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-12-27", "2024-12-27"),
        ("2024-12-27T10:00:00Z", "2024-12-27"),
        ("27 décembre 2024", "2024-12-27"),
        ("soon", None),
    ],
)
def test_dates(written: str, expected: str | None) -> None:
    assert iso_date(written) == expected
