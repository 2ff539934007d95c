"""The model: a multilingual encoder that scores tokens for roles and pairs of spans for links.

``labels`` fixes the outputs, ``pieces`` cuts text for the encoder, ``network`` is the model in torch,
``training`` trains it, ``export`` writes it as ONNX, ``runtime`` runs it without torch.
"""
