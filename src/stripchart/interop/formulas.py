"""Texts that spreadsheets compute instead of showing them (OWASP, CSV injection), made harmless and back."""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
"""What is computed, and what undoing must tell from it."""
_DEFUSED = re.compile(r"'+[=+\-@\t\r\n]")


def defused(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula; `restored` gives it back."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if _DEFUSED.match(text) else text
