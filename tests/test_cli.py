"""The real command line on real files: what goes where, and how it ends."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsextract import languages
from newsextract.cli import main
from newsextract.records import Result

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "samples" / "articles"
ENGLISH = str(ARTICLES / "02-en-tidewheel.html")
NO_EVENT = str(ARTICLES / "04-en-takeover.txt")
SENTENCE = "Nimbostrat has raised $12 million in a Series A round led by Index Ventures, the company said on Tuesday.\n"


@dataclass(frozen=True)
class Outcome:
    """How a call ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Result]:
        return [Result.model_validate_json(line) for line in self.out.splitlines()]


Call = Callable[..., Outcome]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run the command line in this process: a word each argument, bytes on standard input."""

    def run(*arguments: str, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        written = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Outcome(code, written.out, written.err)

    return run


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "newsextract", *arguments]


def process(*arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Outcome:
    """Run the command line as a process of its own, in a pipe."""
    done = subprocess.run(
        command(*arguments),
        input=stdin,
        capture_output=True,
        timeout=300,
        check=False,
        env={**os.environ, **(env or {})},
    )
    return Outcome(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def on_terminal(*arguments: str, stdin: bytes = b"") -> Outcome:
    """Run the command line with standard output and error on a terminal."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    env.pop("NO_COLOR", None)
    with subprocess.Popen(command(*arguments), stdin=subprocess.PIPE, stdout=theirs, stderr=theirs, env=env) as running:
        os.close(theirs)
        assert running.stdin is not None
        running.stdin.write(stdin)
        running.stdin.close()
        written = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux ends the reading of a terminal that nobody writes to any more
                break
            if not piece:
                break
            written += piece
    os.close(ours)
    return Outcome(running.returncode, written.decode("utf-8").replace("\r\n", "\n"), "")


def plain(coloured: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", coloured)


# What goes to a pipe


def test_a_pipe_gets_json_lines_and_nothing_else() -> None:
    done = process("extract", ENGLISH, NO_EVENT, "--no-model")
    assert (done.code, done.err) == (0, "")
    first, second = done.lines
    assert first.article.language == second.article.language == "en"
    assert first.events
    assert not second.events


def test_output_is_utf8_whatever_the_locale_says() -> None:
    text = "Łódź Robotika pozyskała 2 mln zł od funduszu Źdźbło Capital.".encode()
    posix = {"LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = process("money", "-", "--lang", "pl", stdin=text, env=posix)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["text"] == "2 mln zł"


def test_the_same_call_gives_the_same_bytes(call: Call) -> None:
    assert call("extract", ENGLISH, NO_EVENT) == call("extract", ENGLISH, NO_EVENT)


def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command("languages"), stdout=writing, stderr=subprocess.PIPE, timeout=300, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command("languages"), stdout=full, stderr=subprocess.PIPE, timeout=300, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "newsextract: error: standard output: cannot be written (No space left on device); free or change it"
    ]


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Interrupted(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Interrupted()))
    with pytest.raises(SystemExit) as ended:
        main(["money", "-"])
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")


# Formats


def test_json_is_one_object_for_one_article_and_a_list_for_several(call: Call, tmp_path: Path) -> None:
    (tmp_path / "only.txt").write_text(SENTENCE)
    alone = json.loads(call("extract", ENGLISH, "--format", "json").out)
    assert Result.model_validate(alone).article.title == "Tidewheel lands $48m to put batteries on the seabed"
    several = json.loads(call("extract", ENGLISH, NO_EVENT, "--format", "json").out)
    assert [len(record["events"]) > 0 for record in several] == [True, False]
    assert len(json.loads(call("extract", str(tmp_path), "--format", "json").out)) == 1


def test_a_table_has_a_row_for_each_event(call: Call) -> None:
    table = call("extract", ENGLISH, NO_EVENT, "--format", "table").out.replace("\N{NO-BREAK SPACE}", " ")
    (row,) = (line for line in table.splitlines() if "48 m USD" in line)
    assert row.split()[:3] == ["02-en-tidewheel.html", "en", "Tidewheel"]
    assert "series B" in row
    assert "No funding event." in table
    assert "\x1b" not in table


def test_a_narrow_table_keeps_words_whole(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    table = call("extract", ENGLISH, NO_EVENT, "--format", "table").out
    assert max(map(len, table.splitlines())) <= 80
    assert {"Tidewheel", "48\N{NO-BREAK SPACE}m\N{NO-BREAK SPACE}USD", "Northlight"} <= set(re.split(r"[ \n]", table))


def test_html_is_a_page(call: Call) -> None:
    page = call("extract", ENGLISH, "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    assert '<mark id="a1b' in page


# A terminal


def test_a_terminal_gets_the_text_in_colour_and_a_card() -> None:
    done = on_terminal("extract", "-", "--lang", "en", "--published", "2024-12-27", stdin=SENTENCE.encode())
    assert done.code == 0
    assert re.search(r"\x1b\[[0-9;]+mNimbostrat\x1b\[0m has raised \x1b\[[0-9;]+m\$12 million\x1b\[0m", done.out)
    shown = plain(done.out)
    for words in ("12 m USD", "“$12 million”", "series A", "Index Ventures", "2024-12-24", "“Tuesday”"):
        assert words in shown


def test_articles_cannot_drive_a_terminal() -> None:
    hostile = "\x1b]0;owned\x07\x1b[2J\x9b31m \u202eNimbostrat has raised $12 million.\r\x1b[1A"
    done = on_terminal("extract", "-", "--lang", "en", stdin=hostile.encode())
    assert done.code == 0
    assert set(re.findall(r"\x1b(.)", done.out)) == {"["}
    assert set(re.findall(r"\x1b\[[0-9;]*(.)", done.out)) == {"m"}
    assert not re.search("[\x07\x0e-\x1a\x80-\x9f\u202e\r]", plain(done.out))
    assert "␛]0;owned␇" in plain(done.out)


def test_a_terminal_gets_tables_of_languages_and_sums() -> None:
    assert "français" in on_terminal("languages").out
    shown = plain(on_terminal("money", "-", "--lang", "en", stdin=b"It cost about $5 million.").out)
    assert re.search(r"≈ 5 m USD +14:24 +It cost about \$5 million\.", shown)
    assert "No sums of money." in on_terminal("money", "-", "--lang", "en", stdin=b"It cost nothing.").out


# Inputs and options


def test_standard_input(call: Call) -> None:
    (result,) = call("extract", "-", stdin=b'{"title": "Funding", "body": "Nothing today.", "lang": "en"}').lines
    assert (result.article.title, result.article.language) == ("Funding", "en")


def test_a_folder_is_read_through(call: Call, tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "b.txt").write_text("Two of them.")
    (tmp_path / "deeper" / "a.txt").write_text("One of them.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    assert len(call("extract", str(tmp_path), "--lang", "en").lines) == 2


def test_options_go_before_what_the_file_says(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"text": "Un texte.", "language": "en", "date": "2020-01-01", "title": "Old"}')
    options = ("--lang", "FR", "--published", "2024-12-27", "--title", "New", "--url", "https://news.example/1")
    (result,) = call("extract", str(file), *options).lines
    article = result.article
    assert (article.language, article.published, article.title, article.url) == (
        "fr",
        "2024-12-27",
        "New",
        "https://news.example/1",
    )


def test_fields_can_be_named(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        '{"main": "Nothing.", "kop": "Title", "day": "2024-05-06", "iso": "nl", "nr": "17", "at": "Blad"}\n'
    )
    options = (
        "--text-field main --title-field kop --published-field day --language-field iso --id-field nr --source-field at"
    )
    (result,) = call("extract", str(file), *options.split()).lines
    article = result.article
    assert (article.title, article.published, article.language, article.id, article.source) == (
        "Title",
        "2024-05-06",
        "nl",
        "17",
        "Blad",
    )


def test_encoding_can_be_given(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("Koszt: 5 mln zł.".encode("iso-8859-2"))
    assert json.loads(call("money", str(file), "--lang", "pl", "--encoding", "iso-8859-2").out)["currency"] == "PLN"


def test_unsure_events_can_be_left_out(call: Call) -> None:
    (everything,) = call("extract", ENGLISH).lines
    (nothing,) = call("extract", ENGLISH, "--min-confidence", "1").lines
    assert len(everything.events) == 2
    assert nothing == everything.model_copy(update={"events": ()})


def test_surrogate_halves_are_written(call: Call) -> None:
    done = call("extract", "-", "--lang", "en", "--title", "A \ud800 title", stdin=b"Nothing.")
    assert json.loads(done.out)["article"]["title"] == "A \ud800 title"
    for form in ("table", "html"):
        assert call("extract", "-", "--format", form, "--title", "A \ud800 title", stdin=b"Nothing.").code == 0


# How it ends


def test_one_bad_file_costs_no_other(call: Call, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{not json")
    done = call("extract", str(bad), "no-such-file", NO_EVENT)
    assert done.code == 1
    assert len(done.lines) == 1
    first, second = done.err.splitlines()
    assert first.startswith("newsextract: error: no-such-file: no such file")
    assert second.startswith(f"newsextract: error: {bad}: not JSON")


def test_one_bad_article_costs_no_other(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(json.dumps({"text": "a " * 600_000}) + '\n{"text": "Nothing."}\n')
    done = call("extract", str(file))
    assert done.code == 1
    assert len(done.lines) == 1
    assert done.err.startswith(f"newsextract: error: {file}: article of 1,200,000 characters")


def test_an_article_without_events_is_no_failure(call: Call) -> None:
    for text in (b"", b" \n\t ", "Η εταιρεία συγκέντρωσε χρήματα.".encode()):
        done = call("extract", "-", stdin=text)
        assert (done.code, done.err) == (0, "")
        assert done.lines[0].events == ()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("extract no-such-file", "no-such-file: no such file or folder"),
        ("extract", "Missing argument 'FILE|FOLDER|-...'"),
        ("extract - -", "standard input (-) is given twice"),
        ("extract --unknown", "No such option: --unknown"),
        (f"extract {NO_EVENT} --published yesterday", "--published yesterday: not a day"),
        (f"extract {NO_EVENT} --published 2024-02-30", "--published 2024-02-30: not a day"),
        (f"extract {NO_EVENT} --lang xx", "--lang xx: not supported; supported are ar, cs"),
        (f"extract {NO_EVENT} --format xml", "'xml' is not one of"),
        (f"extract {NO_EVENT} --min-confidence 2", "Invalid value for '--min-confidence'"),
        (f"extract {NO_EVENT} --model nonesuch", "no such model"),
        (f"extract {NO_EVENT} {ENGLISH} --title x", "--title and --url are of one article"),
        (f"extract {NO_EVENT} --encoding klingon", "unknown encoding 'klingon'"),
        (f"money {NO_EVENT} --region ZZZ", "--region ZZZ: no country"),
        ("money no-such-file", "no-such-file: "),
        ("evaluate no-such-corpus", "no-such-corpus"),
        ("evaluate corpus --lang xx", "--lang xx: not supported"),
        ("nonesuch", "No such command 'nonesuch'"),
    ],
)
def test_an_unusable_call_is_one_line_and_2(call: Call, arguments: str, says: str) -> None:
    done = call(*arguments.split())
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("newsextract: error: ")
    assert says in line


def test_binary_data_is_refused(call: Call, tmp_path: Path) -> None:
    (tmp_path / "x\x1b[2J.txt").write_bytes(bytes(range(256)) * 20)
    done = call("extract", str(tmp_path))
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert "x␛[2J.txt: binary data, not text" in line


def test_without_a_command_it_says_how_it_is_used(call: Call) -> None:
    done = call()
    assert (done.code, done.out) == (2, "")
    for verb in ("extract", "money", "languages", "schema", "evaluate"):
        assert re.search(rf"^  {verb} +\w", done.err, flags=re.MULTILINE)
    assert call("--help").code == call("extract", "--help").code == 0


def test_version(call: Call) -> None:
    import newsextract

    assert call("--version").out == f"newsextract {newsextract.__version__}\n"


# The other verbs


def test_money_resolves_open_words_by_region(call: Call) -> None:
    found = {
        region: json.loads(call("money", "-", "--lang", "en", "--region", region, stdin=b"It cost $5 million.").out)
        for region in ("us", "CA")
    }
    assert found["us"]["value"] == found["CA"]["value"] == "5000000"
    assert (found["us"]["currency"], found["CA"]["currency"]) == ("USD", "CAD")


def test_languages(call: Call) -> None:
    rows = [json.loads(line) for line in call("languages").out.splitlines()]
    assert [row["code"] for row in rows] == list(languages.codes())
    assert set(rows[0]) == {"code", "name", "native_name", "scripts", "regions"}


def test_schema(call: Call) -> None:
    schema = json.loads(call("schema").out)
    assert schema["title"] == "Result"
    assert {"Money", "FundingEvent", "Mention", "Entity"} <= set(schema["$defs"])


def test_evaluate(call: Call, tmp_path: Path) -> None:
    corpus = tmp_path / "two.yaml"
    corpus.write_text(
        "id: en-1\nlang: en\npublished: 2024-12-27\nsource: written\ntext: |\n"
        "  {company:e1|Nimbostrat} has raised {amount:e1|$12 million} in a {round:e1|Series A} round led by\n"
        "  {lead:e1|Index Ventures}.\n"
        'events:\n  e1: {company: Nimbostrat, status: closed, round: series_a, amount: "12000000 USD",'
        " lead: [Index Ventures]}\n"
        "---\nid: fr-1\nlang: fr\npublished: null\nsource: written\ntext: Rien de neuf aujourd'hui à Lyon.\nevents: {}\n"
    )
    report = json.loads(call("evaluate", str(corpus), "--no-model").out)
    assert report["overall"]["articles"] == 2
    assert report["overall"]["events"]["f1"] == 1
    assert set(report["languages"]) == {"en", "fr"}
    only = json.loads(call("evaluate", str(corpus), "--no-model", "--lang", "fr").out)
    assert only["overall"]["articles"] == 1
    table = call("evaluate", str(corpus), "--no-model", "--by", "slot", "--format", "table").out
    assert re.search(r"^│ round +│ +1 │ +1 │ 1\.000 ", table, flags=re.MULTILINE)
