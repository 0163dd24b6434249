"""File names from text that others chose: names that stay in their folder, on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain, count
from typing import cast

from vocobase._base.errors import InvalidArgumentError

# Less than the 255 bytes of most file systems: backups and temporary files add to a name.
MAX_NAME_BYTES = 200
_MAX_SUFFIX_BYTES = 20
# On Windows; a colon would name a drive or a stream.
_RESERVED_CHARACTERS = frozenset(':*?"<>|')
# Devices of Windows, whatever their extension is.
_DEVICE = re.compile(
    r"(con|prn|aux|nul|(com|lpt)[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$|clock\$) *(\..*)?", re.IGNORECASE
)
# Control characters, marks without a shape (such as those for the direction of text), halves of pairs.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


def safe_filename(name: str, *, default: str = "file") -> str:
    """Return a name for a file that stays in its folder, for text that others chose.

    The result contains no separator, is not a device of Windows and not ``..``, is not hidden, has no
    invisible characters, and has at most 200 bytes; the extension stays. It is the same on every system. Two
    texts can have the same result.

    Args:
        name: Any text, such as the name of a document.
        default: The result if nothing is left.

    Returns:
        The name, without a folder.

    Raises:
        InvalidArgumentError: an argument is not a string, or the default is not a safe name itself.
    """
    for value in (name, default):
        if not isinstance(cast(object, value), str):
            raise InvalidArgumentError(f"safe_filename takes strings, not {type(value).__name__}.")
    found = _safe(name)
    if not found and (not default or default != _safe(default)):
        raise InvalidArgumentError("safe_filename: the default must be a safe name.")
    return found or default


def distinct_filenames(named: Iterable[tuple[str, str]]) -> list[str]:
    """Return safe file names for names with identifiers, distinct even where case does not count.

    The first of several equal names stays; the others get a part of their identifier.
    """
    taken: set[str] = set()
    found: list[str] = []
    for name, identifier in named:
        key = safe_filename(identifier)
        plain = safe_filename(name, default=key)
        others = (_extended(plain, text) for text in chain((key[:8], key), map(str, count(2))))
        chosen = next(each for each in chain((plain,), others) if _folded(each) not in taken)
        taken.add(_folded(chosen))
        found.append(chosen)
    return found


def _safe(name: str) -> str:
    shown = unicodedata.normalize("NFC", "".join(map(_safe_character, name)))
    # Parts that are empty or only dots lead to other folders.
    text = "_".join(part for part in shown.split("/") if part.strip(". "))
    # Leading dots hide a file; Windows drops dots and spaces at the end.
    text = re.sub(r"\.{2,}", ".", " ".join(text.split())).strip(". ")
    if _DEVICE.fullmatch(text):
        text = f"_{text}"
    return text if len(text.encode()) <= MAX_NAME_BYTES else _shortened(*_parted(text))


def _safe_character(character: str) -> str:
    # A conversion to an old character set turns some characters, such as U+FF0F, into separators.
    if unicodedata.normalize("NFKC", character) in ("/", "\\"):
        return "/"
    if character in _RESERVED_CHARACTERS:
        return "_"
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _INVISIBLE else character


def _parted(name: str) -> tuple[str, str]:
    """Return a name without its extension, and the extension."""
    stem, dot, suffix = name.rpartition(".")
    is_suffix = bool(stem) and 0 < len(suffix.encode()) < _MAX_SUFFIX_BYTES and " " not in suffix
    return (stem, dot + suffix) if is_suffix else (name, "")


def _shortened(stem: str, end: str) -> str:
    kept = stem.encode()[: MAX_NAME_BYTES - len(end.encode())].decode(errors="ignore")
    return kept.strip(". ") + end


def _extended(name: str, text: str) -> str:
    stem, suffix = _parted(name)
    return _shortened(stem, f"-{text}{suffix}")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name.casefold()).casefold()
