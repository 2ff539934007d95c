"""Where models are: a folder each, packaged with newsextract or given by path."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from newsextract.errors import ModelError
from newsextract.scoring import ScorerFolder
from newsextract.tagging.runtime import TaggingModel

DEFAULT = "default"

_PACKAGED = Path(__file__).parent / "models"
_CHECKOUT = Path(__file__).parents[2] / "models"


@dataclass(frozen=True)
class Model:
    """A model ready for use: the tagger, and the scorers that join its opinion with the rules."""

    folder: Path
    tagger: TaggingModel
    scorers: ScorerFolder


def available() -> dict[str, Path]:
    """Return the packaged models by name."""
    found: dict[str, Path] = {}
    for base in (_CHECKOUT, _PACKAGED):
        if base.is_dir():
            found.update({path.parent.name: path.parent for path in sorted(base.glob("*/config.json"))})
    return dict(sorted(found.items()))


@cache
def load(model: str | Path, threads: int = 1) -> Model:
    """Load a model by name or path.

    Raises:
        ModelError: there is no such model, or its files are damaged.
    """
    folder = available().get(str(model), Path(model))
    if not folder.is_dir():
        names = ", ".join(available()) or "none"
        raise ModelError(f"{model}: no such model; packaged are {names}; give one of them, a folder, or --no-model")
    return Model(folder, TaggingModel(folder, threads), ScorerFolder(folder / "scorers"))
