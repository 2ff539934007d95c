"""Run an exported model without torch: text in, one row of outputs a piece out.

A model is a folder with ``model.onnx``, ``embeddings.npz``, ``tokenizer.json`` and ``config.json``. Any that
is missing, damaged or does not fit the others is one clear :class:`~newsextract.errors.ModelError`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from newsextract.errors import MissingExtraError, ModelError
from newsextract.tagging.labels import TOKEN_LABELS, WIDTH
from newsextract.tagging.pieces import PieceCutter, Pieces, Window, windows

FORMAT = 1
_BATCH_PIECES = 4096

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Tagging:
    """A text's pieces and their outputs: ``rows`` is (pieces, ``WIDTH``)."""

    pieces: Pieces
    rows: Matrix


class TaggingModel:
    """A loaded model.

    Args:
        folder: where its files are.
        threads: threads of one inference; 1 is right where several processes run.

    Raises:
        ModelError: a file is missing, damaged, or of another model or version.
        MissingExtraError: ONNX Runtime is not installed.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        config = _read_config(folder / "config.json")
        self._cutter = PieceCutter(folder / "tokenizer.json")
        if self._cutter.size != config["vocabulary"]:
            raise ModelError(
                f"{folder / 'tokenizer.json'}: {self._cutter.size} pieces, the model has {config['vocabulary']}; "
                "the files belong to different models, reinstall the model"
            )
        self._rows, self._scale = _read_embeddings(folder / "embeddings.npz", config)
        self._session = _session(folder / "model.onnx", threads)

    def tag(self, texts: Sequence[str]) -> list[Tagging]:
        """Return the outputs of every text, in order; windows of similar length are run together."""
        cut = self._cutter.cut(texts)
        plan: list[tuple[int, Window]] = []
        for index, pieces in enumerate(cut):
            if len(pieces.ids):
                plan.extend((index, window) for window in windows(len(pieces.ids)))
        results = [np.zeros((len(pieces.ids), WIDTH), dtype=np.float32) for pieces in cut]
        order = sorted(range(len(plan)), key=lambda i: (plan[i][1].last - plan[i][1].first, i))
        start = 0
        while start < len(order):
            stop = start + 1
            while stop < len(order):
                longest = plan[order[stop]][1].last - plan[order[stop]][1].first + 2
                if longest * (stop + 1 - start) > _BATCH_PIECES:
                    break
                stop += 1
            self._run([plan[i] for i in order[start:stop]], cut, results)
            start = stop
        return [Tagging(pieces, rows) for pieces, rows in zip(cut, results, strict=True)]

    def _run(self, batch: Sequence[tuple[int, Window]], cut: Sequence[Pieces], results: list[Matrix]) -> None:
        longest = max(window.last - window.first for _, window in batch) + 2
        ids = np.full((len(batch), longest), self._cutter.pad_id, dtype=np.int64)
        mask = np.zeros((len(batch), longest), dtype=np.float32)
        for row, (index, window) in enumerate(batch):
            count = window.last - window.first
            ids[row, 0] = self._cutter.start_id
            ids[row, 1 : count + 1] = cut[index].ids[window.first : window.last]
            ids[row, count + 1] = self._cutter.end_id
            mask[row, : count + 2] = 1
        embeddings = self._rows[ids].astype(np.float32) * self._scale[ids]
        (outputs,) = self._session.run(["outputs"], {"embeddings": embeddings, "mask": mask})
        for row, (index, window) in enumerate(batch):
            low, high = window.keep_from - window.first, window.keep_to - window.first
            results[index][window.keep_from : window.keep_to] = outputs[row, 1 + low : 1 + high]


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{path}: not found; this folder holds no newsextract model") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelError(f"{path}: not readable ({error}); reinstall the model") from error
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise ModelError(f"{path}: not a model of format {FORMAT}; retrain it with this version")
    if config.get("width") != WIDTH or tuple(config.get("token_labels", ())) != TOKEN_LABELS:
        raise ModelError(f"{path}: the model's labels are not those of this version; retrain it")
    return config


def _read_embeddings(path: Path, config: dict[str, Any]) -> tuple[NDArray[np.int8], Matrix]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            rows, scale = arrays["rows"], arrays["scale"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ModelError(f"{path}: not readable ({error}); reinstall the model") from error
    if rows.shape != (config["vocabulary"], config["hidden"]) or scale.shape != (config["vocabulary"], 1):
        raise ModelError(f"{path}: does not fit config.json; the files belong to different models")
    return rows, scale


def _session(path: Path, threads: int) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtraError("the model needs onnxruntime; install newsextract again or use --no-model") from error
    if not path.is_file():
        raise ModelError(f"{path}: not found; reinstall the model")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own, undocumented exceptions
        reason = str(error).splitlines()[0][:200]
        raise ModelError(f"{path}: ONNX Runtime cannot load it ({reason}); reinstall the model") from error
