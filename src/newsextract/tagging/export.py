"""Write a trained model as ONNX with int8 weights and a cut vocabulary.

Needs the extra ``torch`` and the package ``onnx``. The word embeddings, most of the model, are kept as int8 with one
scale a row and looked up outside the graph; the graph's matrices are quantised dynamically by ONNX
Runtime. Pieces that no supported text needs are left out of the vocabulary.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from newsextract.corpus import read_corpus
from newsextract.tagging.data import full_text, name_sentences
from newsextract.tagging.labels import TOKEN_LABELS, WIDTH
from newsextract.tagging.network import Tagger
from newsextract.tagging.pieces import PieceCutter

FORMAT = 1


class _Graph(nn.Module):
    """The part that becomes the ONNX graph: embeddings in, output rows out."""

    def __init__(self, model: Tagger) -> None:
        super().__init__()
        self.model = model

    def forward(self, embeddings: Tensor, mask: Tensor) -> Tensor:
        """Map word embeddings (batch, pieces, hidden) and a mask to outputs (batch, pieces, WIDTH)."""
        encoder = self.model.encoder
        count = embeddings.shape[1]
        positions = torch.arange(count, device=embeddings.device).unsqueeze(0)
        types = torch.zeros_like(positions)
        own = encoder.embeddings
        hidden = embeddings + own.position_embeddings(positions) + own.token_type_embeddings(types)
        hidden = own.LayerNorm(hidden)
        blocked = (1.0 - mask.to(hidden.dtype))[:, None, None, :] * -1e4
        for layer in encoder.encoder.layer:
            hidden = _layer(layer, hidden, blocked)
        result: Tensor = self.model.output(hidden)
        return result


def _layer(layer: Any, hidden: Tensor, blocked: Tensor) -> Tensor:
    """One transformer layer of a ``BertModel``, written out so that it exports without surprises."""
    attention = layer.attention.self
    heads = attention.num_attention_heads
    batch, count, width = hidden.shape

    def split(matrix: Tensor) -> Tensor:
        return matrix.view(batch, count, heads, width // heads).transpose(1, 2)

    query, key, value = split(attention.query(hidden)), split(attention.key(hidden)), split(attention.value(hidden))
    weights = torch.softmax(query @ key.transpose(-1, -2) / (width // heads) ** 0.5 + blocked, dim=-1)
    mixed = (weights @ value).transpose(1, 2).reshape(batch, count, width)
    output = layer.attention.output
    hidden = output.LayerNorm(output.dense(mixed) + hidden)
    grown = torch.nn.functional.gelu(layer.intermediate.dense(hidden))
    result: Tensor = layer.output.LayerNorm(layer.output.dense(grown) + hidden)
    return result


def needed_pieces(cutter: PieceCutter, tokenizer: dict[str, Any], texts: Iterable[str]) -> NDArray[np.int64]:
    """Return the ids of the pieces that occur in texts, of all single characters and of all marks, sorted."""
    used: set[int] = {cutter.start_id, cutter.end_id, cutter.pad_id, cutter.mask_id, int(tokenizer["model"]["unk_id"])}
    for index, (piece, _) in enumerate(tokenizer["model"]["vocab"]):
        if len(piece) == 1 or (len(piece) == 2 and piece[0] == "▁"):
            used.add(index)
    chunk: list[str] = []
    for text in texts:
        chunk.append(text)
        if len(chunk) == 2048:
            used.update(int(i) for pieces in cutter.cut(chunk) for i in pieces.ids)
            chunk = []
    used.update(int(i) for pieces in cutter.cut(chunk) for i in pieces.ids)
    return np.array(sorted(used), dtype=np.int64)


def cut_tokenizer(tokenizer: dict[str, Any], keep: NDArray[np.int64]) -> dict[str, Any]:
    """Return the tokenizer with only the kept pieces, renumbered in their order."""
    new_id = {int(old): new for new, old in enumerate(keep)}
    result = json.loads(json.dumps(tokenizer))
    vocabulary = tokenizer["model"]["vocab"]
    result["model"]["vocab"] = [vocabulary[int(old)] for old in keep]
    result["model"]["unk_id"] = new_id[int(tokenizer["model"]["unk_id"])]
    result["added_tokens"] = [
        {**token, "id": new_id[token["id"]]} for token in tokenizer["added_tokens"] if token["id"] in new_id
    ]
    template = result["post_processor"]["special_tokens"]
    for mark in template.values():
        mark["ids"] = [new_id[i] for i in mark["ids"]]
    return result


def export(model: Tagger, encoder: Path, texts: Iterable[str], output: Path, *, quantize: bool = True) -> None:
    """Write ``model.onnx``, ``embeddings.npz``, ``tokenizer.json`` and ``config.json`` to a folder."""
    output.mkdir(parents=True, exist_ok=True)
    tokenizer = json.loads((encoder / "tokenizer.json").read_text(encoding="utf-8"))
    keep = needed_pieces(PieceCutter(encoder / "tokenizer.json"), tokenizer, texts)
    (output / "tokenizer.json").write_text(
        json.dumps(cut_tokenizer(tokenizer, keep), ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    table = model.encoder.embeddings.word_embeddings.weight.detach().numpy()[keep]
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True) / 127.0, 1e-9).astype(np.float32)
    rows = np.clip(np.rint(table / scale), -127, 127).astype(np.int8)
    np.savez(output / "embeddings.npz", rows=rows, scale=scale.astype(np.float16))
    model.eval()
    graph = _Graph(model).eval()
    sample = torch.zeros((2, 7, table.shape[1]))
    plain = output / "plain.onnx"
    torch.onnx.export(
        graph,
        (sample, torch.ones((2, 7))),
        str(plain),
        input_names=["embeddings", "mask"],
        output_names=["outputs"],
        dynamic_axes={
            "embeddings": {0: "batch", 1: "pieces"},
            "mask": {0: "batch", 1: "pieces"},
            "outputs": {0: "batch", 1: "pieces"},
        },
        opset_version=17,
        dynamo=False,
    )
    final = output / "model.onnx"
    if quantize:
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(str(plain), str(final), weight_type=QuantType.QInt8, per_channel=True)
        plain.unlink()
    else:
        plain.replace(final)
    config = {
        "format": FORMAT,
        "width": WIDTH,
        "token_labels": list(TOKEN_LABELS),
        "vocabulary": len(keep),
        "hidden": int(table.shape[1]),
        "layers": len(model.encoder.encoder.layer),
    }
    (output / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Export from the command line."""
    parser = argparse.ArgumentParser(prog="python -m newsextract.tagging.export")
    parser.add_argument("weights", type=Path)
    parser.add_argument("--encoder", required=True, type=Path)
    parser.add_argument("--corpus", nargs="+", required=True, type=Path)
    parser.add_argument("--names", nargs="*", default=[], type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--plain", action="store_true", help="float32 matrices")
    options = parser.parse_args(arguments)
    config = json.loads((options.weights / "training.json").read_text(encoding="utf-8"))
    model = Tagger.from_encoder(options.encoder, config["layers"])
    model.load_state_dict(torch.load(options.weights / "weights.pt", weights_only=True))
    texts = [full_text(d.title, d.text)[0] for d in read_corpus(options.corpus)]
    texts += [text for _, text, _ in name_sentences(options.names)]
    export(model, options.encoder, texts, options.output, quantize=not options.plain)
    return 0


if __name__ == "__main__":
    sys.exit(main())
