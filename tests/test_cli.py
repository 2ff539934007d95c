"""The real command line on real files."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "articles" / "02-en-tidewheel.html"


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "newsextract", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=300, check=False)


def test_a_pipe_gets_json_lines_and_nothing_else() -> None:
    done = run("extract", str(SAMPLE), "--no-model")
    assert (done.returncode, done.stderr) == (0, b"")
    (line,) = done.stdout.decode("utf-8").splitlines()
    record = json.loads(line)
    assert record["schema_version"] == "1"
    assert record["article"]["language"] == "en"


def test_formats() -> None:
    assert json.loads(run("extract", str(SAMPLE), "--no-model", "--format", "json").stdout)["article"]["title"]
    assert run("extract", str(SAMPLE), "--no-model", "--format", "html").stdout.lower().startswith(b"<!doctype html")
    assert run("extract", str(SAMPLE), "--no-model", "--format", "table").stdout.strip()


def test_standard_input() -> None:
    done = run("extract", "-", "--no-model", "--lang", "fr", stdin="Antaios a levé 25 millions d'euros.".encode())
    assert json.loads(done.stdout)["article"]["language"] == "fr"


def test_one_bad_file_costs_no_other(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{not json")
    done = run("extract", str(bad), str(SAMPLE), "--no-model")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    (line,) = done.stderr.decode().splitlines()
    assert "bad.json: not JSON" in line


def test_unusable_calls_give_one_line_and_2(tmp_path: Path) -> None:
    binary = tmp_path / "x.txt"
    binary.write_bytes(bytes(range(256)) * 20)
    for arguments in (
        ("extract", "no-such-file"),
        ("extract", str(binary)),
        ("extract", str(SAMPLE), "--published", "yesterday"),
        ("extract", str(SAMPLE), "--lang", "xx"),
        ("extract", str(SAMPLE), "--model", "nonesuch"),
        ("extract", "--unknown"),
        ("evaluate", "no-such-corpus"),
        ("nonesuch",),
    ):
        done = run(*arguments)
        assert done.returncode == 2, arguments
        assert len(done.stderr.decode().splitlines()) == 1, done.stderr
        assert done.stderr.startswith(b"newsextract: error: ")


def test_money_languages_and_schema() -> None:
    done = run("money", "-", "--lang", "en", stdin=b"It cost $5 million.")
    assert json.loads(done.stdout)["value"] == "5000000"
    assert len(run("languages").stdout.splitlines()) >= 24
    assert json.loads(run("schema").stdout)["title"] == "Result"
