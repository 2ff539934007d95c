"""What newsextract knows of each language: one data file each, all of one form.

The form is :mod:`newsextract.languages.model`; ``fr.toml`` and its neighbours fill it in. To add a
language, add a file: nothing else names the languages.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import ValidationError

from newsextract.errors import LanguageFileError
from newsextract.languages.model import Language


@cache
def codes() -> tuple[str, ...]:
    """Return the ISO 639-1 codes of all supported languages, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@cache
def load(code: str) -> Language:
    """Read a language's file.

    Raises:
        LanguageFileError: the language is not supported, or its file is incomplete.
    """
    if code not in codes():
        raise LanguageFileError(f"language {code!r} is not supported; supported are {', '.join(codes())}")
    text = resources.files(__name__).joinpath(f"{code}.toml").read_text(encoding="utf-8")
    try:
        return Language.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise LanguageFileError(f"languages/{code}.toml: {error}") from error
