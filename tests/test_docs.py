"""The papers agree with the code."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import BaseModel

from newsextract import languages, records
from newsextract.corpus import ROLES, check, iter_documents

ROOT = Path(__file__).parents[1]
RECORDS = (ROOT / "docs" / "records.md").read_text(encoding="utf-8")
ANNOTATION = (ROOT / "docs" / "annotation.md").read_text(encoding="utf-8")


def _block(text: str, language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    assert found is not None
    return found.group(1)


def _documented(text: str) -> set[str]:
    """The names in backticks in the first column of the tables."""
    first_columns = re.findall(r"^\| (`[^|]*) \|", text, flags=re.MULTILINE)
    return {name for column in first_columns for name in re.findall(r"`(\w+)`", column)}


@pytest.mark.parametrize(
    "model",
    [
        records.Result,
        records.ArticleInfo,
        records.FundingEvent,
        records.Mention,
        records.Money,
        records.Entity,
    ],
)
def test_every_field_is_explained(model: type[BaseModel]) -> None:
    fields = {field.alias or name for name, field in model.model_fields.items()}
    assert fields - _documented(RECORDS) == set()


@pytest.mark.parametrize("values", [records.Status, records.Qualifier])
def test_every_value_is_explained(values: type[StrEnum]) -> None:
    assert {value.value for value in values} - _documented(RECORDS) == set()


def test_the_example_record_is_one() -> None:
    text = _block(RECORDS, "text").rstrip("\n")
    example = json.loads(_block(RECORDS, "json"))
    result = records.Result.model_validate_json(_block(RECORDS, "json"))
    assert result.model_dump(mode="json") == example

    def spans(node: object) -> list[dict[str, object]]:
        if isinstance(node, list):
            return [span for item in node for span in spans(item)]
        if isinstance(node, dict):
            inner = [span for item in node.values() for span in spans(item)]
            return [node, *inner] if "start" in node else inner
        return []

    assert [text[span["start"] : span["end"]] for span in spans(example)] == [span["text"] for span in spans(example)]


def test_every_role_is_explained() -> None:
    assert set(ROLES) - _documented(ANNOTATION) == set()


def test_the_example_annotation_keeps_to_the_standard(tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(_block(ANNOTATION, "yaml"), encoding="utf-8")
    (document,) = iter_documents(file)
    assert check(document) == []
    assert document.language == "fr"


def test_the_readme_lists_the_languages() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("\n## Languages\n")[1].split("\n## ")[0]
    table = "\n".join(line for line in section.splitlines() if line.startswith("|"))
    assert sorted(re.findall(r"`([a-z]{2})`", table)) == list(languages.codes())
