"""How common a word is: word frequencies (wordfreq), and Chinese and Japanese words cut by them.

A name is above all a word that is not an ordinary one. Frequencies are on the Zipf scale (log10 of
occurrences per billion words; 3 is rare, 6 very common); 0 for unknown words.

Source: the ``wordfreq`` package (Speer 2022), from subtitles, news, books, Wikipedia and the web.
"""

from __future__ import annotations

import logging
import math
from functools import cache

from wordfreq import get_frequency_dict

_UNKNOWN_CHARACTER_COST = 7.0
_LONGEST_WORD = 8
_SHORTEST_HEAD = 4

logging.getLogger("wordfreq").setLevel(logging.ERROR)


class Vocabulary:
    """The ordinary words of one language."""

    def __init__(self, code: str) -> None:
        # The small lists: about 30,000 words a language, enough to tell ordinary words from names.
        self._frequency: dict[str, float] = get_frequency_dict(code, "small")

    def zipf(self, word: str) -> float:
        """Return the frequency of a folded word on the Zipf scale; 0 where it is unknown."""
        frequency = self._frequency.get(word)
        return math.log10(frequency) + 9 if frequency else 0.0

    def head_zipf(self, word: str) -> float:
        """Return the frequency of the longest ordinary word that ends an unknown one (compounds)."""
        for start in range(1, max(1, len(word) - _SHORTEST_HEAD + 1)):
            known = self.zipf(word[start:])
            if known > 0:
                return known
        return 0.0

    def cut(self, run: str) -> list[int]:
        """Cut a run without spaces into its most probable words; return the end offsets.

        A unigram model: the cut with the highest product of word probabilities; unknown characters
        stand alone at a fixed cost.
        """
        best = [0.0] + [math.inf] * len(run)
        back = [0] * (len(run) + 1)
        for end in range(1, len(run) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                zipf = self.zipf(run[start:end])
                if zipf > 0:
                    cost = 9.0 - zipf
                elif end - start == 1:
                    cost = _UNKNOWN_CHARACTER_COST
                else:
                    continue
                if best[start] + cost < best[end]:
                    best[end], back[end] = best[start] + cost, start
        ends: list[int] = []
        position = len(run)
        while position > 0:
            ends.append(position)
            position = back[position]
        return ends[::-1]


@cache
def vocabulary(code: str) -> Vocabulary:
    """Return the vocabulary of a language; loading takes a fraction of a second, once."""
    return Vocabulary(code)
