"""Files into articles: txt, md, html, json, jsonl, csv, parquet, each also as .gz.

The text of an article is the file's content as given, after decoding, so that offsets hold; only for HTML
is it the main text that trafilatura finds, and for Markdown what follows front matter and heading. What
cannot be read is one :class:`~newsextract.errors.ArticleError`: which file, what is wrong, what to do.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from charset_normalizer import from_bytes
from pydantic import BaseModel, ConfigDict

from newsextract import languages
from newsextract.errors import ArticleError, MissingExtraError
from newsextract.records import Article

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a file, unpacked; a larger one is refused."""
_LARGEST_PAGE = 4 * 1024 * 1024
_DEEPEST_PAGE = 2000

_FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "articlebody", "maintext", "main_text", "article_text", "fulltext"),
    "title": ("title", "headline", "name"),
    "published": ("published", "date", "datepublished", "pubdate", "published_at", "publish_date", "date_publish"),
    "url": ("url", "link", "address", "source_url", "canonical_url", "mainentityofpage"),
    "language": ("language", "lang", "inlanguage", "language_code"),
    "id": ("id", "uuid", "guid", "article_id"),
    "source": ("source", "publisher", "outlet", "site", "source_domain"),
}
_ISO_DATE = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})(?!\d)")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]{0,20})")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "tr",
        "dt",
        "dd",
        "option",
    ]
)
_HEADING = re.compile(r"\A\s*# +(.+?)[ #]*(?:\r?\n|\Z)")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


class ReadOptions(BaseModel):
    """How to read files.

    The ``..._field`` values name a field of JSON, CSV and Parquet records; None guesses among usual names.
    ``language`` and ``published`` hold for all articles that do not say so themselves.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text_field: str | None = None
    title_field: str | None = None
    published_field: str | None = None
    url_field: str | None = None
    language_field: str | None = None
    id_field: str | None = None
    source_field: str | None = None
    encoding: str | None = None
    language: str | None = None
    published: str | None = None


Reader = Callable[[bytes, str, ReadOptions], Iterator[Article]]


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files themselves and all readable files below the folders, sorted within each folder.

    Raises:
        ArticleError: a path does not exist, or a folder holds nothing readable.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and _suffix(p.name) in _READERS)
            if not inside:
                raise ArticleError(f"{path}: no readable files below it; known are {', '.join(sorted(_READERS))}")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise ArticleError(f"{path}: no such file or folder; check the path")
    return found


def read_article(path: Path, options: ReadOptions | None = None) -> Article:
    """Read a file that holds exactly one article.

    Raises:
        ArticleError: the file cannot be read, or holds none or several.
    """
    articles = list(read_articles(path, options))
    if len(articles) != 1:
        raise ArticleError(f"{path}: holds {len(articles)} articles, expected one; use read_articles")
    return articles[0]


def read_articles(path: Path, options: ReadOptions | None = None) -> Iterator[Article]:
    """Read all articles of a file, in order.

    Raises:
        ArticleError: the file cannot be read.
        MissingExtraError: the format needs an extra that is not installed.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise ArticleError(f"{path}: {size:,} bytes, more than {LARGEST_FILE:,}; split the file")
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path}: cannot be opened ({error.strerror}); check path and permissions") from error
    yield from read_bytes(data, str(path), options)


def read_bytes(data: bytes, name: str, options: ReadOptions | None = None) -> Iterator[Article]:
    """Read all articles of a file's content; the format is told by the name's suffix, else by the content."""
    own = options or ReadOptions()
    if data[:2] == b"\x1f\x8b":
        data = _unpack(data, name)
    suffix = _suffix(name)
    reader = _READERS.get(suffix)
    if reader is None:
        reader = _guess(data)
    yield from reader(data, name, own)


def _suffix(name: str) -> str:
    return Path(name.lower().removesuffix(".gz")).suffix


def _unpack(data: bytes, name: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ArticleError(f"{name}: damaged gzip file ({error}); pack it again") from error
    if len(unpacked) > LARGEST_FILE:
        raise ArticleError(f"{name}: more than {LARGEST_FILE:,} bytes unpacked; split the file")
    return unpacked


def _guess(data: bytes) -> Reader:
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")):
        return _read_html
    if head.startswith((b"{", b"[")):
        try:
            json.loads(data)
        except (ValueError, RecursionError):
            return _read_text
        return _read_json
    if data[:4] == b"PAR1":
        return _read_parquet
    return _read_text


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    """Decode a file's content: the encoding given, a byte-order mark, UTF-8, or what charset-normalizer finds.

    Raises:
        ArticleError: the content is binary, or not of the encoding given.
    """
    if encoding is not None:
        try:
            return data.decode(encoding)
        except LookupError as error:
            raise ArticleError(f"{name}: unknown encoding {encoding!r}; name one such as utf-8 or cp1252") from error
        except UnicodeDecodeError as error:
            raise ArticleError(
                f"{name}: not {encoding} (byte {error.start}); leave the encoding out to detect it"
            ) from error
    for mark, found in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(found)
            except UnicodeDecodeError as error:
                raise ArticleError(
                    f"{name}: damaged {found} text (byte {error.start}); save it again as UTF-8"
                ) from error
    control = sum(data[:8192].count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32)))
    if control > max(2, len(data[:8192]) // 100):
        raise ArticleError(f"{name}: binary data, not text; give txt, md, html, json, jsonl, csv or parquet")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data[: 256 * 1024]).best()
    if best is None:
        raise ArticleError(f"{name}: text in an unknown encoding; name it with --encoding")
    return data.decode(best.encoding, errors="replace")


def iso_date(value: object) -> str | None:
    """Return a date as YYYY-MM-DD; None where it cannot be read for sure."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) or not value.strip() or len(value) > 80:
        return None
    match = _ISO_DATE.match(value)
    if match:
        try:
            return date(*map(int, match.groups())).isoformat()
        except ValueError:
            return None
    import dateparser

    parsed = dateparser.parse(value, settings={"REQUIRE_PARTS": ["day", "month", "year"]})
    return parsed.date().isoformat() if parsed else None


def _language(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    code = re.split(r"[-_]", value.strip().lower())[0]
    code = {"nb": "no", "nn": "no", "in": "id", "cmn": "zh"}.get(code, code)
    return code if code in languages.codes() else None


def _clean(value: object) -> str | None:
    """Return a text without surrogate halves; None for what is no text or blank."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if not isinstance(value, str | int):
        return None
    text = str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text if text.strip() else None


def _article(
    options: ReadOptions,
    text: str,
    title: object = None,
    published: object = None,
    url: object = None,
    language: object = None,
    id: object = None,
    source: object = None,
) -> Article:
    return Article(
        text=text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        title=_clean(title),
        published=iso_date(published) or options.published,
        url=_clean(url),
        id=_clean(id),
        source=_clean(source),
        language=_language(language) or options.language,
    )


def _read_text(data: bytes, name: str, options: ReadOptions) -> Iterator[Article]:
    yield _article(options, decode(data, name, options.encoding))


def _read_markdown(data: bytes, name: str, options: ReadOptions) -> Iterator[Article]:
    text = decode(data, name, options.encoding)
    matter: dict[str, Any] = {}
    front = _FRONT_MATTER.match(text)
    if front and len(front.group(1)) < 20_000:
        try:
            loaded = yaml.safe_load(front.group(1))
        except yaml.YAMLError as error:
            raise ArticleError(f"{name}: front matter is not YAML ({_first_line(error)}); mend or remove it") from error
        if isinstance(loaded, dict):
            matter = {str(key).lower(): value for key, value in loaded.items()}
            text = text[front.end() :]
    title = matter.get("title")
    heading = _HEADING.match(text)
    if heading and (title is None or _same(heading.group(1), str(title))):
        title = title or heading.group(1)
        text = text[heading.end() :]
    yield _article(
        options,
        text.lstrip("\r\n"),
        title,
        *(_field(matter, key, None) for key in ("published", "url", "language", "id", "source")),
    )


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]


def _read_html(data: bytes, name: str, options: ReadOptions) -> Iterator[Article]:
    page = decode(data, name, options.encoding)
    if len(page) > _LARGEST_PAGE:
        raise ArticleError(f"{name}: a page of {len(page):,} characters, more than {_LARGEST_PAGE:,}; give its text")
    if _depth(page) > _DEEPEST_PAGE:
        raise ArticleError(f"{name}: elements nested more than {_DEEPEST_PAGE:,} deep; give its text")
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(page, with_metadata=True, include_comments=False, include_tables=True)
    except Exception as error:  # lxml and trafilatura raise many kinds on broken pages
        raise ArticleError(f"{name}: the page cannot be parsed ({_first_line(error)}); give its text") from error
    if found is None:
        yield _article(options, "")
        return
    fields = found.as_dict() if hasattr(found, "as_dict") else dict(found)
    text = str(fields.get("text") or "")
    title = fields.get("title")
    first, _, rest = text.partition("\n")
    if title and _same(first, str(title)):
        text = rest.lstrip("\n")
    spoken = re.search(r"<html[^>]{0,300}?\blang=[\"']?([A-Za-z-]{2,12})", page[:5000], re.IGNORECASE)
    yield _article(
        options,
        text,
        title,
        fields.get("date"),
        fields.get("url"),
        fields.get("language") or (spoken.group(1) if spoken else None),
        None,
        fields.get("sitename"),
    )


def _depth(page: str) -> int:
    """Return how deep elements nest at most, void and unclosed ones aside."""
    depth = deepest = 0
    for match in _TAG.finditer(page):
        if match.group(2).lower() in _VOID:
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _field(record: Mapping[str, Any], name: str, chosen: str | None) -> Any:
    """Return a field of a record: the one chosen, else the first of the usual names that is there."""
    if chosen is not None:
        return record.get(chosen)
    lowered = {str(key).lower().replace("-", "_"): value for key, value in record.items()}
    for candidate in _FIELDS[name]:
        if lowered.get(candidate) not in (None, ""):
            return lowered[candidate]
    return None


def _from_record(record: object, where: str, options: ReadOptions) -> Article:
    if not isinstance(record, Mapping):
        raise ArticleError(f"{where}: a record is {type(record).__name__}, not an object with fields; check the file")
    text = _field(record, "text", options.text_field)
    if not isinstance(text, str):
        if options.text_field is not None:
            wanted = f"no text in field {options.text_field!r}"
        else:
            wanted = f"no text field (known are {', '.join(_FIELDS['text'][:6])}, ...)"
        names = ", ".join(sorted(map(str, record))[:8])
        raise ArticleError(f"{where}: {wanted}; its fields are {names or 'none'}; name one with --text-field")
    chosen = options.model_dump()
    rest = {
        key: _field(record, key, chosen[f"{key}_field"])
        for key in ("title", "published", "url", "language", "id", "source")
    }
    return _article(options, text, **rest)


def _read_json(data: bytes, name: str, options: ReadOptions) -> Iterator[Article]:
    text = decode(data, name, options.encoding)
    if not text.strip():
        yield _article(options, text)
        return
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{name}: not JSON ({_first_line(error)}); check the file") from error
    if isinstance(loaded, list):
        for position, record in enumerate(loaded, start=1):
            yield _from_record(record, f"{name}, article {position}", options)
    else:
        yield _from_record(loaded, name, options)


def _read_lines(data: bytes, name: str, options: ReadOptions) -> Iterator[Article]:
    for number, line in enumerate(decode(data, name, options.encoding).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ArticleError(f"{name}, line {number}: not JSON ({_first_line(error)}); check the line") from error
        yield _from_record(record, f"{name}, line {number}", options)


def _read_csv(data: bytes, name: str, options: ReadOptions) -> Iterator[Article]:
    text = decode(data, name, options.encoding)
    csv.field_size_limit(LARGEST_FILE)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
    try:
        for record in reader:
            yield _from_record(record, f"{name}, line {reader.line_num}", options)
    except csv.Error as error:
        raise ArticleError(f"{name}, line {reader.line_num}: not CSV ({error}); check the quotes") from error


def _read_parquet(data: bytes, name: str, options: ReadOptions) -> Iterator[Article]:
    try:
        from pyarrow import ArrowException, BufferReader, parquet
    except ImportError as error:
        raise MissingExtraError("reading Parquet needs the extra: pip install 'newsextract[parquet]'") from error
    try:
        table = parquet.ParquetFile(BufferReader(data))
        for number, batch in enumerate(table.iter_batches(batch_size=256)):
            for position, record in enumerate(batch.to_pylist(), start=1):
                yield _from_record(record, f"{name}, row {number * 256 + position}", options)
    except (ArrowException, OSError) as error:
        raise ArticleError(f"{name}: not a readable Parquet file ({_first_line(error)}); write it again") from error


_READERS: dict[str, Reader] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".json": _read_json,
    ".jsonl": _read_lines,
    ".ndjson": _read_lines,
    ".csv": _read_csv,
    ".parquet": _read_parquet,
}
