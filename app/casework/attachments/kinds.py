"""What a file is, by its content, and under which name it may be handed out again."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST_NAME = 100
MEGABYTE = 1_000_000
PDF, PNG, JPEG, TIFF, TEXT = "application/pdf", "image/png", "image/jpeg", "image/tiff", "text/plain"
_BEGINS = (
    (b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"II*\x00", TIFF), (b"MM\x00*", TIFF),
)  # fmt: skip
ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {PDF: ("pdf",), PNG: ("png",), JPEG: ("jpg", "jpeg"), TIFF: ("tif", "tiff"), TEXT: ("txt",)}
)
NAMES: Mapping[str, str] = MappingProxyType({PDF: "PDF", PNG: "PNG", JPEG: "JPEG", TIFF: "TIFF", TEXT: "TXT"})
# Signs of these categories are not seen, or turn the reading direction: a name could pretend to be another.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_TEXT_BREAKS = frozenset("\t\n\r\f")


@dataclass
class FileRefused(Exception):  # noqa: N818  the house names errors by what is the case
    """A file cannot be taken: the code of the sentence for it and its values."""

    code: str
    values: Mapping[str, Any]


def media(content: bytes) -> str:
    """The media type of a file, judged by its content alone; empty for what this office does not take."""
    found = next((media for begin, media in _BEGINS if content.startswith(begin)), "")
    return found or (TEXT if _is_text(content) else "")


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(sign) == "Cc" and sign not in _TEXT_BREAKS for sign in text)


def safe_name(given: str, media: str) -> str:
    """A name that shows what it is and holds no path: cut to its last part, with the ending of the media type."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in _UNSEEN)
    plain = " ".join(_FORBIDDEN.sub("_", seen).split()).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    endings = ENDINGS[media]
    if not dot or ending.lower() not in endings:
        stem, ending = plain, endings[0]
    return f"{stem[:LONGEST_NAME].strip(' .') or 'Datei'}.{ending}"


def checked(given: str, content: bytes, *, accept: Iterable[str], limit: int) -> tuple[str, str]:
    """The safe name and the media type of a file of at most `limit` bytes; raises FileRefused."""
    accepted = tuple(accept)
    told = safe_name(given, TEXT).removesuffix(".txt")
    if not content:
        raise FileRefused("file_empty", {"name": told})
    if len(content) > limit:
        raise FileRefused("file_too_large", {"name": told, "max": limit // MEGABYTE})
    found = media(content)
    if found not in accepted:
        raise FileRefused("file_type", {"name": told, "kinds": kinds(accepted)})
    return safe_name(given, found), found


def kinds(accept: Iterable[str]) -> str:
    """These media types as people call them."""
    return ", ".join(NAMES[media] for media in accept if media in NAMES)
