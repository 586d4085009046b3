"""From what stands in the field "place" to the one thing that the rules ask: is it in the town, is it not, or is it
unclear? Places, districts and postcodes are data of the office beside the book.
"""

from __future__ import annotations

import difflib
import functools
import json
import pathlib
import re
import unicodedata
from dataclasses import dataclass

_POSTCODE = re.compile(r"\b\d{5}\b")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_ALIKE = 0.8


@dataclass(frozen=True)
class Places:
    """The names and postcodes of one town, of places that are surely elsewhere, and words for "no fixed abode"."""

    own: frozenset[str]
    postcodes: frozenset[str]
    elsewhere: frozenset[str]
    no_abode: tuple[str, ...]
    not_stated: frozenset[str]
    unknown_place: str

    def residence(self, text: str) -> str:
        """yes, no or unclear. No fixed abode means the place of actual stay: here, as the person stands at the
        desk, if no other is named. A name that nobody knows is unclear: a misspelt place must not send a client
        away.
        """
        words = normalised(text)
        if not words or words in self.not_stated:
            return "unclear"
        for phrase in self.no_abode:
            if words == phrase or words.startswith(f"{phrase} "):
                words = words.removeprefix(phrase).strip()
                return self.residence(words) if words else "yes"
        return self._by_both(_POSTCODE.findall(words), " ".join(_POSTCODE.sub(" ", words).split()))

    def _by_both(self, codes: list[str], name: str) -> str:
        answers = {"yes" if code in self.postcodes else "no" for code in codes}
        if name:
            by_name = self._by_name(name)
            if by_name == "unclear" and codes and not self._alike(name):
                by_name = next(iter(answers))
            answers.add(by_name)
        return answers.pop() if len(answers) == 1 else "unclear"

    def _by_name(self, name: str) -> str:
        if name in self.own:
            return "yes"
        if name in self.elsewhere:
            return "no"
        return "unclear" if self._alike(name) else self.unknown_place

    def _alike(self, name: str) -> bool:
        return bool(difflib.get_close_matches(name, self.own, n=1, cutoff=_ALIKE))


def normalised(text: str) -> str:
    """The text in the one spelling that names are compared in: no case, umlauts written out, words only."""
    composed = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    plain = "".join(each for each in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(each))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def load(path: pathlib.Path | None = None) -> Places:
    """The places of a file; without one, those of Bergisch Gladbach."""
    return _read(path or pathlib.Path(__file__).with_name("books") / "places" / "bergisch_gladbach.json")


@functools.lru_cache(maxsize=4)
def _read(path: pathlib.Path) -> Places:
    raw = json.loads(path.read_bytes())
    town, districts = raw["town"], raw["districts"]
    combined = [f"{town} {district}" for district in districts]
    return Places(
        own=frozenset(normalised(name) for name in [town, *raw["spellings"], *districts, *combined]),
        postcodes=frozenset(raw["postcodes"]),
        elsewhere=frozenset(normalised(name) for name in raw["elsewhere"]),
        no_abode=tuple(normalised(phrase) for phrase in raw["no_abode"]),
        not_stated=frozenset(normalised(word) for word in raw["not_stated"]),
        unknown_place=raw["unknown_place"],
    )
