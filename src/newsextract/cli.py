"""The command line: one thin command a verb.

A terminal gets tables and colour, a pipe gets JSON lines and nothing else on stdout. Exit codes: 0 done, 1 done
but some inputs failed (each one line on stderr), 2 unusable call.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from newsextract.errors import ArticleError, MissingExtraError, NewsextractError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Funding events from news articles: who raised how much, in which round, from whom, when.",
)


class Format(StrEnum):
    """Forms of output."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"


class By(StrEnum):
    """Rows of the evaluation table."""

    LANGUAGE = "language"
    SLOT = "slot"


class Part(StrEnum):
    """Parts of the annotated corpus."""

    ALL = "all"
    TUNING = "tuning"
    HELD_OUT = "held-out"


def _model_of(model: str, no_model: bool) -> str | None:
    return None if no_model else model


def _print_json(value: Any, indent: int | None = None) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def _console() -> Any:
    from rich.console import Console

    return Console(file=sys.stdout, soft_wrap=False)


def _warn(line: str) -> None:
    text = " ".join(line.split())
    sys.stderr.write(f"newsextract: error: {text}\n")


def _read(path: str, options: Any) -> Iterator[Any]:
    from newsextract.articles import read_articles, read_bytes

    if path == "-":
        yield from read_bytes(sys.stdin.buffer.read(), "standard input", options)
    else:
        yield from read_articles(Path(path), options)


@app.command()
def extract(
    files: Annotated[list[str], typer.Argument(metavar="FILE|FOLDER|-...", help="articles; - is standard input")],
    format: Annotated[Format | None, typer.Option(help="default: table on a terminal, jsonl in a pipe")] = None,
    lang: Annotated[str | None, typer.Option(help="language of the articles; detected without it")] = None,
    published: Annotated[str | None, typer.Option(help="day of publication, YYYY-MM-DD")] = None,
    title: Annotated[str | None, typer.Option(help="title of the article")] = None,
    url: Annotated[str | None, typer.Option(help="address of the article")] = None,
    model: Annotated[str, typer.Option(help="a packaged model or a folder")] = "default",
    no_model: Annotated[bool, typer.Option("--no-model", help="rules alone")] = False,
    encoding: Annotated[str | None, typer.Option(help="of the files; detected without it")] = None,
    text_field: Annotated[str | None, typer.Option(help="field of JSON, CSV and Parquet records")] = None,
    title_field: Annotated[str | None, typer.Option(help="field of the title")] = None,
    published_field: Annotated[str | None, typer.Option(help="field of the day of publication")] = None,
    min_confidence: Annotated[float, typer.Option(min=0.0, max=1.0, help="leave out less sure events")] = 0.0,
) -> None:
    """Extract funding events from articles."""
    from newsextract import languages
    from newsextract.articles import ReadOptions, find_files, iso_date
    from newsextract.pipeline import Extractor

    if lang is not None and lang not in languages.codes():
        raise typer.BadParameter(f"--lang {lang}: not supported; supported are {', '.join(languages.codes())}")
    if published is not None and (len(published) != 10 or iso_date(published) != published):
        raise typer.BadParameter(f"--published {published}: not a date; write it as YYYY-MM-DD")
    options = ReadOptions(
        text_field=text_field,
        title_field=title_field,
        published_field=published_field,
        encoding=encoding,
        language=lang,
        published=published,
    )
    paths: list[str] = []
    failed = 0
    for name in files:
        try:
            paths += ["-"] if name == "-" else [str(path) for path in find_files([Path(name)])]
        except ArticleError as error:
            failed += 1
            _warn(str(error))
    extractor = Extractor(model=_model_of(model, no_model))
    done: list[tuple[str, Any, str]] = []
    read = 0
    chosen = format or (Format.TABLE if sys.stdout.isatty() else Format.JSONL)
    for name in paths:
        try:
            for article in _read(name, options):
                changes = {key: value for key, value in (("title", title), ("url", url)) if value is not None}
                result = extractor.extract_article(article.model_copy(update=changes))
                kept = tuple(event for event in result.events if event.confidence >= min_confidence)
                result = result.model_copy(update={"events": kept})
                read += 1
                if chosen is Format.JSONL:
                    _print_json(result.model_dump(mode="json"))
                else:
                    done.append((name, result, article.text))
        except (ArticleError, MissingExtraError) as error:
            failed += 1
            message = str(error)
            _warn(message if name in message else f"{name}: {message}")
    _show(done, chosen)
    if failed:
        raise typer.Exit(1 if read else 2)


def _show(done: list[tuple[str, Any, str]], chosen: Format) -> None:
    if not done:
        return
    if chosen is Format.JSON:
        dumped = [result.model_dump(mode="json") for _, result, _ in done]
        _print_json(dumped[0] if len(dumped) == 1 else dumped, indent=2)
    elif chosen is Format.HTML:
        from newsextract.view.html import evidence_page

        page = evidence_page((name, result, text) for name, result, text in done)
        sys.stdout.write(page.encode("utf-8", "replace").decode("utf-8"))
    elif chosen is Format.TABLE:
        from newsextract.view.tables import events_table
        from newsextract.view.terminal import article_view

        console = _console()
        if len(done) == 1:
            console.print(article_view(done[0][1], done[0][2], with_text=console.is_terminal))
        else:
            console.print(events_table((Path(name).name, result) for name, result, _ in done))


@app.command()
def money(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="a text; - is standard input")],
    lang: Annotated[str | None, typer.Option(help="language of the text; detected without it")] = None,
    region: Annotated[str | None, typer.Option(help="ISO 3166 code of the outlet's country")] = None,
) -> None:
    """Find the sums of money in a text."""
    from newsextract import languages
    from newsextract.articles import ReadOptions
    from newsextract.money import find_money
    from newsextract.view.tables import money_table

    if lang is not None and lang not in languages.codes():
        raise typer.BadParameter(f"--lang {lang}: not supported; supported are {', '.join(languages.codes())}")
    for article in _read(file, ReadOptions()):
        found = find_money(article.text, lang, region)
        if sys.stdout.isatty():
            _console().print(money_table(found, article.text))
        else:
            for one in found:
                _print_json(one.model_dump(mode="json"))


@app.command("languages")
def list_languages() -> None:
    """List the supported languages."""
    from newsextract import languages
    from newsextract.view.tables import languages_table

    headers = [languages.load(code).language for code in languages.codes()]
    if sys.stdout.isatty():
        _console().print(languages_table(headers))
        return
    for header in headers:
        _print_json(
            {"code": header.code, "name": header.name, "native_name": header.native_name, "scripts": header.scripts}
        )


@app.command()
def schema() -> None:
    """Print the JSON Schema of a result."""
    from newsextract.records import Result

    _print_json(Result.model_json_schema(mode="serialization", by_alias=True), indent=2)


@app.command()
def evaluate(
    corpus: Annotated[list[Path], typer.Argument(metavar="CORPUS...", help="annotated YAML files or folders")],
    model: Annotated[str, typer.Option(help="a packaged model or a folder")] = "default",
    no_model: Annotated[bool, typer.Option("--no-model", help="rules alone")] = False,
    by: Annotated[By, typer.Option(help="rows of the table")] = By.LANGUAGE,
    part: Annotated[Part, typer.Option(help="part of the corpus")] = Part.ALL,
    lang: Annotated[list[str] | None, typer.Option(help="only these languages")] = None,
    format: Annotated[Format | None, typer.Option(help="table or json")] = None,
) -> None:
    """Score extraction against annotated articles."""
    from newsextract.evaluation import evaluate_corpus, report_table
    from newsextract.pipeline import Extractor

    if format in (Format.HTML, Format.JSONL):
        raise typer.BadParameter("--format of evaluate is table or json")

    def run(watch: Callable[[int, int], None] | None) -> Any:
        make = cast(Any, lambda: Extractor(model=_model_of(model, no_model)))
        return evaluate_corpus(corpus, make, cast(Any, part.value), lang or None, watch)

    if sys.stderr.isatty():
        from rich.progress import Progress

        with Progress(transient=True) as progress:
            task = progress.add_task("articles", total=None)
            report = run(lambda done, total: progress.update(task, completed=done, total=total))
    else:
        report = run(None)
    if format is Format.JSON or (format is None and not sys.stdout.isatty()):
        _print_json(report.model_dump(mode="json"), indent=2)
    else:
        from rich.console import Console

        Console(width=None if sys.stdout.isatty() else 150).print(report_table(report, cast(Any, by.value)))


@app.command("models")
def list_models() -> None:
    """List the packaged models."""
    from newsextract import models

    for name, folder in models.available().items():
        _print_json({"name": name, "folder": str(folder)})


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every error is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = app(args=arguments, prog_name="newsextract", standalone_mode=False)
        sys.stdout.flush()
    except NewsextractError as error:
        _warn(str(error))
        sys.exit(2)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        message = getattr(error, "format_message", None)  # what typer raises on unusable arguments
        if message is None:
            raise
        text = str(message())
        if text.lstrip().startswith("Usage"):
            sys.stdout.write(text + "\n")
        else:
            _warn(text)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)
