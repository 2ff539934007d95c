"""Text from outside, made harmless for a screen.

An article may hold escape sequences that drive a terminal, bidirectional overrides that make text read
as something else, or surrogate halves that no encoding can write.
"""

from __future__ import annotations

import re

_PICTURES = 0x2400
_DELETE = 0x7F
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# C0 and C1 controls but tab and line feed; line and paragraph separators; embeddings, overrides and
# isolates (the marks U+200E, U+200F and U+061C only hint, and honest Arabic text uses them); surrogates,
# noncharacters, tags and interlinear annotations.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u206f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)
_BREAKS = "\x0b\x0c\x85\u2028\u2029"


def visible(text: str) -> str:
    """Replace every character that could drive or deceive a screen by one that shows.

    The result has the same length, so that offsets stay true. Line feeds and tabs stay, a carriage return
    becomes a space and other line breaks become line feeds.
    """
    return _UNSAFE.sub(_picture, text)


def one_line(text: str) -> str:
    """Return the text, made visible, on one line: each run of white space is one space."""
    return " ".join(visible(text).split())


def _picture(found: re.Match[str]) -> str:
    character = found.group()
    if character == "\r":
        return " "
    if character in _BREAKS:
        return "\n"
    code = ord(character)
    if code < ord(" "):
        return chr(_PICTURES + code)
    return "\N{SYMBOL FOR DELETE}" if code == _DELETE else _REPLACEMENT
