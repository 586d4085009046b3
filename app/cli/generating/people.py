"""Names of people who do not exist, and how they are searched."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.casework.clients import names

if TYPE_CHECKING:
    from random import Random

    Person = tuple[bytes, bytes, bytes, bytes, bytes]

GIVEN = (
    "Ada", "Alina", "Aylin", "Anja", "Bianca", "Britta", "Carla", "Dana", "Daria", "Elena", "Emine", "Esra",
    "Fatma", "Gesa", "Hanna", "Ines", "Jana", "Jasmin", "Jule", "Katja", "Lara", "Lea", "Lena", "Lina", "Maja",
    "Maria", "Meike", "Melek", "Mira", "Nadja", "Nele", "Olga", "Paula", "Pia", "Rana", "Ronja", "Sabrina",
    "Sina", "Svenja", "Tanja", "Ali", "Andre", "Artur", "Ben", "Björn", "Can", "Cem", "Daniel", "Denis", "Dirk",
    "Emre", "Erik", "Fabian", "Florian", "Hakan", "Hannes", "Igor", "Ivan", "Jan", "Jannik", "Jens", "Jonas",
    "Kevin", "Lars", "Lennart", "Lukas", "Malte", "Marco", "Mehmet", "Mirko", "Murat", "Nico", "Ole", "Oskar",
    "Pascal", "Patrick", "Ralf", "René", "Sascha", "Timo",
)  # fmt: skip
BEGINNINGS = (
    "Acker", "Birken", "Buchen", "Dorn", "Eichen", "Erlen", "Falken", "Feld", "Flur", "Frei", "Gold", "Grün",
    "Hasel", "Hecken", "Hein", "Hirsch", "Hohen", "Holz", "Kalt", "Kirsch", "Klee", "Korn", "Kreuz", "Laub",
    "Linden", "Loh", "Mai", "Moos", "Nieder", "Ober", "Rosen", "Sand", "Schön", "Silber", "Sommer", "Stein",
    "Tannen", "Wald", "Weiden", "Winter",
)  # fmt: skip
ENDINGS = (
    "bach", "baum", "berg", "born", "brink", "busch", "dorf", "egge", "feld", "grund", "heim", "hof", "horst",
    "hövel", "kamp", "kemper", "mann", "meier", "rath", "stein",
)  # fmt: skip


def draw(random: Random) -> Person:
    """Family name, given name, and the three forms by which they are found."""
    one, other = _forms(random.choice(BEGINNINGS) + random.choice(ENDINGS)), _forms(random.choice(GIVEN))
    codes = json.dumps(sorted({*one.codes, *other.codes}))
    return one.name, other.name, one.search + b" " + other.search, one.sort + b"\\t" + other.sort, codes.encode()


@dataclass(frozen=True, slots=True)
class _Forms:
    name: bytes
    search: bytes
    sort: bytes
    codes: tuple[str, ...]


@functools.cache
def _forms(word: str) -> _Forms:
    """A name and how it is found. What is made of two names is put together of what is made of each."""
    name, search, sort = (escaped(part) for part in (word, names.search_form(word), names.german(word)))
    return _Forms(name, search, sort, names.sounds(word))


def escaped(text: str) -> bytes:
    """The text as a field of COPY."""
    for sign, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(sign, written)
    return text.encode()
