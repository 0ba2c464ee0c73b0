"""Names of files that browsers save, whatever the things in them are called. Pure."""

import re
import unicodedata
from urllib.parse import quote

_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST = 80


def safe_name(name: str) -> str:
    """Letters and digits of any script, with underscores in place of all that a file system might mind."""
    cut = _UNSAFE.sub("_", unicodedata.normalize("NFC", name))[:_LONGEST]
    return cut.strip("._-") or "export"


def disposition(name: str, ending: str) -> str:
    """The header that gives a download a name (RFC 6266, clause 4.3), in all letters and in plain ones (RFC 8187).

    `name` is a safe one; `ending`: what comes behind it, in ASCII.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip("._-") or "export"
    return f"attachment; filename=\"{plain}{ending}\"; filename*=UTF-8''{quote(name + ending, safe='')}"
