"""Names in every spelling: how they are searched, ordered and compared by sound. The name itself is never changed."""

from __future__ import annotations

import re
import unicodedata

# German transcription first: DIN 5007-2 orders names as if the umlaut were written with an e.
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# Letters that no decomposition takes apart.
LETTERS = str.maketrans(
    {
        "æ": "ae",
        "ø": "o",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "ĸ": "k",
    }
)
NO_WORD = re.compile(r"[^\w]+|_")
PARTICLES = frozenset(
    {
        "von",
        "van",
        "der",
        "den",
        "de",
        "zu",
        "zum",
        "zur",
        "vom",
        "di",
        "da",
        "del",
        "la",
        "le",
        "ten",
        "ter",
        "el",
        "al",
        "bin",
    }
)
CODES = re.compile(r"(.)\1+")
UMLAUT = re.compile(r"([aou])e")


def german(text: str) -> str:
    """The text in small plain letters, umlauts transcribed: Öztürk -> oeztuerk."""
    return _plain(unicodedata.normalize("NFC", text).casefold().translate(GERMAN))


def bare(text: str) -> str:
    """The text in small plain letters, umlauts without their dots: Öztürk -> ozturk."""
    return _plain(unicodedata.normalize("NFC", text).casefold())


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.translate(LETTERS))
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    # An apostrophe joins (O'Neill), every other sign divides (Öztürk-Weiß).
    return NO_WORD.sub(" ", letters.translate(LETTERS).replace("'", "").replace("’", "")).strip()


def folded(text: str) -> str:
    """One form for all spellings of a name: Öztürk, Oeztuerk, Ozturk and Oztuerk become ozturk."""
    return UMLAUT.sub(r"\1", german(text))


def search_form(*names: str) -> str:
    """What a search looks into."""
    return folded(" ".join(name for name in names if name))


def search_words(text: str) -> list[str]:
    """The words of which each must occur in the search form."""
    return folded(text).split()


def sort_form(family_name: str, given_names: str) -> str:
    """What a list is ordered by (DIN 5007-2). The tab sorts before the space: short family names come first."""
    return f"{german(family_name)}\t{german(given_names)}"


def split(name: str) -> tuple[str, str]:
    """Family and given names of a name written in one; particles belong to the family name, a single name is one."""
    words = name.split()
    start = len(words) - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return " ".join(words[max(start, 0) :]), " ".join(words[: max(start, 0)])


def words(*names: str) -> frozenset[str]:
    """The words of names in one plain spelling, for comparison."""
    return frozenset(german(" ".join(names)).split())


def sounds(*names: str) -> tuple[str, ...]:
    """The sound codes of all words of the names."""
    return tuple(sorted({code for word in words(*names) if (code := sound(word))}))


def sound(word: str) -> str:
    """The code of a word by the Cologne phonetics: words that sound alike in German share it."""
    letters = "".join(letter for letter in bare(word) if letter.isalpha())
    code = "".join(_digit(letters, index) for index in range(len(letters)))
    code = CODES.sub(r"\1", code)
    return code[:1] + code[1:].replace("0", "")


SINGLE = {
    **dict.fromkeys("aeijouy", "0"), "b": "1", **dict.fromkeys("fvw", "3"), **dict.fromkeys("gkq", "4"), "l": "5",
    **dict.fromkeys("mn", "6"), "r": "7", **dict.fromkeys("sz", "8"), "h": "",
}  # fmt: skip


def _digit(letters: str, index: int) -> str:
    letter = letters[index]
    before = letters[index - 1] if index else ""
    after = letters[index + 1 : index + 2]
    if letter in SINGLE:
        return SINGLE[letter]
    if letter == "p":
        return "3" if after == "h" else "1"
    if letter in "dt":
        return "8" if after and after in "csz" else "2"
    if letter == "x":
        return "8" if before and before in "ckq" else "48"
    return _c_digit(before, after) if letter == "c" else ""


def _c_digit(before: str, after: str) -> str:
    """The letter C sounds like K or like S, by its neighbours."""
    if not before:
        return "4" if after and after in "ahkloqrux" else "8"
    return "8" if before in "sz" or not after or after not in "ahkoqux" else "4"
