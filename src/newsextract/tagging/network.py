"""The model in torch: an encoder with one linear layer that gives all outputs of a token at once.

Needs the extra ``torch``. All heads are linear in a token's hidden state; a span's score is the mean over
its tokens, so that one exported matrix per window serves every question asked later.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from newsextract.tagging.labels import WIDTH, columns


class Tagger(nn.Module):
    """Encoder (a Hugging Face ``BertModel``) and output layer: ids (batch, pieces) -> (batch, pieces, WIDTH)."""

    def __init__(self, encoder: Any, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(encoder.config.hidden_size, WIDTH)
        where = columns()
        with torch.no_grad():
            self.output.weight[where["anchor_recipient"].start :] *= 2.0

    @classmethod
    def from_encoder(cls, source: str | Path, layers: int | None = None) -> Tagger:
        """Start from a pretrained encoder (a folder or a hub name), cut to its first ``layers`` layers."""
        from transformers import AutoModel

        encoder = AutoModel.from_pretrained(str(source), add_pooling_layer=False, dtype=torch.float32)
        if layers is not None:
            encoder.encoder.layer = encoder.encoder.layer[:layers]
            encoder.config.num_hidden_layers = layers
        for module in encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # random numbers inside the encoder cost more than half the time on a CPU
        encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        return cls(encoder)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the outputs of every piece; ``mask`` is 1 for pieces, 0 for padding."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        result: Tensor = self.output(self.dropout(hidden))
        return result
