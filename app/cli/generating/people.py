"""Names of people who do not exist, and how they are searched."""

from __future__ import annotations

import functools
import json
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
    family = random.choice(BEGINNINGS) + random.choice(ENDINGS)
    return _forms(family, random.choice(GIVEN))


@functools.cache
def _forms(family: str, given: str) -> Person:
    phonetic = json.dumps(list(names.sounds(family, given, "")), ensure_ascii=False)
    found = (family, given, names.search_form(family, given, ""), names.sort_form(family, given), phonetic)
    return tuple(escaped(text) for text in found)  # type: ignore[return-value]  # five of them


def escaped(text: str) -> bytes:
    """The text as a field of COPY."""
    for sign, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(sign, written)
    return text.encode()
