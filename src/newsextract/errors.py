"""Errors that a caller can act on. Each message says what, where and what to do, in one line."""

from __future__ import annotations


class NewsextractError(Exception):
    """Base of all errors raised on purpose."""


class ArticleError(NewsextractError):
    """An article cannot be read."""


class CorpusError(NewsextractError):
    """An annotated document breaks the annotation standard."""


class LanguageFileError(NewsextractError):
    """A language is unknown or its file is incomplete."""


class ModelError(NewsextractError):
    """A model is missing, damaged or does not fit."""


class MissingExtraError(NewsextractError):
    """A call needs an optional dependency that is not installed."""
