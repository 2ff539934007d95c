"""The command line: one thin command a verb.

A terminal gets tables, colour and a progress bar; a pipe gets JSON lines and nothing else on stdout. Exit codes:
0 done, 1 done but some inputs failed (each one line on stderr), 2 unusable call or nothing could be read.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from newsextract.errors import ArticleError, MissingExtraError, NewsextractError
from newsextract.view.safety import one_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from newsextract.articles import ReadOptions
    from newsextract.records import Article, Result

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_STDIN = "-"
_WIDTH_OF_FILES = 140  # columns of a table that is not written to a terminal

Model = Annotated[str, typer.Option(help="a packaged model or a folder")]
NoModel = Annotated[bool, typer.Option("--no-model", help="rules alone")]


class Format(StrEnum):
    """Forms of results."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"


class ReportFormat(StrEnum):
    """Forms of an evaluation."""

    TABLE = "table"
    JSON = "json"


class By(StrEnum):
    """Rows of the evaluation table."""

    LANGUAGE = "language"
    SLOT = "slot"


class Part(StrEnum):
    """Parts of the annotated corpus."""

    ALL = "all"
    TUNING = "tuning"
    HELD_OUT = "held-out"


class _ReaderGoneError(Exception):
    """Whoever read standard output has gone, as ``head`` does: there is nothing more to do."""


@dataclass(frozen=True)
class _Extracted:
    """One article's name for the reader, its result, and the body that the offsets refer to."""

    name: str
    result: Result
    text: str


def _write(text: str) -> None:
    """Write to standard output at once; what UTF-8 cannot hold is escaped."""
    try:
        sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise _ReaderGoneError from error
    except OSError as error:
        raise NewsextractError(f"standard output: cannot be written ({error.strerror}); free or change it") from error


def _write_json(value: object, indent: int | None = None) -> None:
    _write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")


def _console() -> Console:
    from rich.console import Console

    measured = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(file=sys.stdout, width=None if measured else _WIDTH_OF_FILES)


def _show(renderable: RenderableType) -> None:
    console = _console()
    with console.capture() as captured:
        console.print(renderable)
    _write(captured.get())


def _complain(line: str) -> None:
    sys.stderr.write(f"newsextract: error: {one_line(line)}\n")


@contextmanager
def _progress(label: str, shown: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that takes the numbers done and to do, and moves a bar on a terminal's stderr."""
    if not (shown and sys.stderr.isatty()):
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _language(code: str | None) -> str | None:
    from newsextract import languages

    if code is None or code.lower() in languages.codes():
        return code and code.lower()
    raise typer.BadParameter(f"--lang {code}: not supported; supported are {', '.join(languages.codes())}")


def _published(day: str | None) -> str | None:
    from newsextract.articles import iso_date

    if day is None or (re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) and iso_date(day)):
        return day
    raise typer.BadParameter(f"--published {day}: not a day; write it as 2024-12-27")


def _region(code: str | None) -> str | None:
    from babel import Locale

    if code is None or (len(code) == 2 and code.upper() in Locale("en").territories):
        return code and code.upper()
    raise typer.BadParameter(f"--region {code}: no country; give an ISO 3166 code such as CA")


def _read(name: str, options: ReadOptions) -> Iterator[Article]:
    from newsextract.articles import read_articles, read_bytes

    if name == _STDIN:
        return read_bytes(sys.stdin.buffer.read(), "standard input", options)
    return read_articles(Path(name), options)


def _version(wanted: bool) -> None:
    if wanted:
        import newsextract

        _write(f"newsextract {newsextract.__version__}\n")
        raise typer.Exit()


@app.callback()
def _newsextract(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="print it")] = False,
) -> None:
    """Funding events from news articles: who raised how much, in which round, from whom, when."""


@app.command()
def extract(
    files: Annotated[list[str], typer.Argument(metavar="FILE|FOLDER|-...", help="articles; - is standard input")],
    format: Annotated[Format | None, typer.Option(help="default: table on a terminal, jsonl in a pipe")] = None,
    lang: Annotated[str | None, typer.Option(help="language of the articles; detected without it")] = None,
    published: Annotated[str | None, typer.Option(help="day of publication, YYYY-MM-DD")] = None,
    title: Annotated[str | None, typer.Option(help="title of the one article")] = None,
    url: Annotated[str | None, typer.Option(help="address of the one article")] = None,
    model: Model = "default",
    no_model: NoModel = False,
    min_confidence: Annotated[float, typer.Option(min=0, max=1, help="leave out less sure events")] = 0,
    encoding: Annotated[str | None, typer.Option(help="encoding of the files; detected without it")] = None,
    text_field: Annotated[str | None, typer.Option(help="field of JSON, CSV and Parquet records")] = None,
    title_field: Annotated[str | None, typer.Option(help="likewise")] = None,
    published_field: Annotated[str | None, typer.Option(help="likewise")] = None,
    url_field: Annotated[str | None, typer.Option(help="likewise")] = None,
    language_field: Annotated[str | None, typer.Option(help="likewise")] = None,
    id_field: Annotated[str | None, typer.Option(help="likewise")] = None,
    source_field: Annotated[str | None, typer.Option(help="likewise")] = None,
) -> None:
    """Extract funding events from articles.

    What an option says of an article goes before what its file says.
    """
    from newsextract.articles import ReadOptions
    from newsextract.pipeline import Extractor

    given = {"language": _language(lang), "published": _published(published), "title": title, "url": url}
    if files.count(_STDIN) > 1:
        raise typer.BadParameter("standard input (-) is given twice; it can be read once")
    inputs, failures = _inputs(files)
    if len(inputs) > 1 and (title is not None or url is not None):
        raise typer.BadParameter("--title and --url are of one article, but several files are given")
    options = ReadOptions(
        encoding=encoding,
        text_field=text_field,
        title_field=title_field,
        published_field=published_field,
        url_field=url_field,
        language_field=language_field,
        id_field=id_field,
        source_field=source_field,
    )
    extractor = Extractor(model=None if no_model else model)
    chosen = format or (Format.TABLE if sys.stdout.isatty() else Format.JSONL)
    streams = chosen is Format.JSONL
    done: list[_Extracted] = []
    extracted = 0

    def fail(name: str, error: NewsextractError) -> None:
        nonlocal failures
        failures += 1
        known = name == _STDIN or str(error).startswith(name)
        _complain(str(error) if known else f"{name}: {error}")

    with _progress("files", shown=len(inputs) > 1 and not (streams and sys.stdout.isatty())) as moved:
        for number, name in enumerate(inputs, start=1):
            try:
                for article in _read(name, options):
                    known = article.model_copy(update={key: value for key, value in given.items() if value is not None})
                    try:
                        result = extractor.extract_article(known)
                    except ArticleError as error:
                        fail(name, error)
                        continue
                    extracted += 1
                    kept = tuple(event for event in result.events if event.confidence >= min_confidence)
                    result = result.model_copy(update={"events": kept})
                    if streams:
                        _write_json(result.model_dump(mode="json", by_alias=True))
                    else:
                        done.append(_Extracted("standard input" if name == _STDIN else name, result, article.text))
            except (ArticleError, MissingExtraError) as error:
                fail(name, error)
            moved(number, len(inputs))
    if done:
        _show_all(done, chosen, single=len(done) == 1 and files == inputs)
    if failures:
        raise typer.Exit(1 if extracted else 2)


def _inputs(names: list[str]) -> tuple[list[str], int]:
    """Return the files of all names, folders opened, and how many names lead nowhere."""
    from newsextract.articles import find_files

    inputs: list[str] = []
    failures = 0
    for name in names:
        try:
            inputs += [name] if name == _STDIN else [str(path) for path in find_files([Path(name)])]
        except ArticleError as error:
            failures += 1
            _complain(str(error))
    return inputs, failures


def _show_all(done: list[_Extracted], chosen: Format, single: bool) -> None:
    """Write results; ``single`` says that one article was asked for, and not a list that happens to hold one."""
    if chosen is Format.JSON:
        records = [one.result.model_dump(mode="json", by_alias=True) for one in done]
        _write_json(records[0] if single else records, indent=2)
    elif chosen is Format.HTML:
        from newsextract.view.html import evidence_page

        _write(evidence_page((Path(one.name).name, one.result, one.text) for one in done))
    elif len(done) == 1:
        from newsextract.view.terminal import article_view

        coloured = _console().color_system is not None
        _show(article_view(done[0].result, done[0].text, with_text=coloured))
    else:
        from newsextract.view.tables import events_table

        _show(events_table((Path(one.name).name, one.result) for one in done))


@app.command()
def money(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="a text; - is standard input")],
    lang: Annotated[str | None, typer.Option(help="language of the text; detected without it")] = None,
    region: Annotated[str | None, typer.Option(help="ISO 3166 code of the outlet's country")] = None,
    encoding: Annotated[str | None, typer.Option(help="encoding of the file; detected without it")] = None,
) -> None:
    """Find the sums of money in a text."""
    from newsextract.articles import ReadOptions
    from newsextract.money import find_money
    from newsextract.view.tables import money_table

    code, country = _language(lang), _region(region)
    for article in _read(file, ReadOptions(encoding=encoding)):
        found = find_money(article.text, code or article.language, country)
        if sys.stdout.isatty():
            _show(money_table(found, article.text) if found else "No sums of money.")
        else:
            for one in found:
                _write_json(one.model_dump(mode="json", by_alias=True))


@app.command("languages")
def list_languages() -> None:
    """List the supported languages."""
    from newsextract import languages
    from newsextract.view.tables import languages_table

    headers = [languages.load(code).language for code in languages.codes()]
    if sys.stdout.isatty():
        _show(languages_table(headers))
        return
    for header in headers:
        _write_json(header.model_dump(mode="json", include={"code", "name", "native_name", "scripts", "regions"}))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a result."""
    from newsextract.records import Result

    _write_json(Result.model_json_schema(mode="serialization", by_alias=True), indent=2)


@app.command()
def evaluate(
    corpus: Annotated[list[Path], typer.Argument(metavar="CORPUS...", help="annotated YAML files or folders")],
    model: Model = "default",
    no_model: NoModel = False,
    by: Annotated[By, typer.Option(help="rows of the table")] = By.LANGUAGE,
    part: Annotated[Part, typer.Option(help="part of the corpus")] = Part.ALL,
    lang: Annotated[list[str] | None, typer.Option(help="only this language; may be given again")] = None,
    format: Annotated[ReportFormat | None, typer.Option(help="default: table on a terminal, json in a pipe")] = None,
) -> None:
    """Score extraction against annotated articles."""
    from newsextract.evaluation import evaluate_corpus, report_table
    from newsextract.pipeline import Extractor

    wanted = [code for code in map(_language, lang or ()) if code is not None]
    extractor = Extractor(model=None if no_model else model)
    with _progress("articles", shown=True) as moved:
        report = evaluate_corpus(corpus, lambda: extractor, part.value, wanted or None, moved)
    if format is ReportFormat.TABLE or (format is None and sys.stdout.isatty()):
        _show(report_table(report, by.value))
    else:
        _write_json(report.model_dump(mode="json"), indent=2)


@app.command("models")
def list_models() -> None:
    """List the packaged models."""
    from newsextract import models

    for name, folder in models.available().items():
        _write_json({"name": name, "folder": str(folder)})


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit; every error is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code = app(args=arguments, prog_name="newsextract", standalone_mode=False)
    except _ReaderGoneError:
        _close_stdout()
        return 0
    except NewsextractError as error:
        _complain(str(error))
        _close_stdout()
        return 2
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except Exception as error:
        message = getattr(error, "format_message", None)  # what typer raises on unusable arguments
        if message is None:
            raise
        text = str(message())
        if text.lstrip().startswith("Usage"):
            sys.stderr.write(text + "\n")
        else:
            _complain(f"{text} See newsextract --help.")
        return 2
    return code if isinstance(code, int) else 0


def _close_stdout() -> None:
    """Let nothing more be written, so that the interpreter does not fail on it when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
