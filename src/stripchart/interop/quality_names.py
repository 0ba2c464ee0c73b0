"""What files call the qualities of samples."""

from stripchart.model.quality import Quality

QUALITIES = {quality.name.lower(): int(quality) for quality in Quality}

_NAMES = {code: name for name, code in QUALITIES.items()}


def quality_name(code: int) -> str:
    """`bad_comm`; a code without a name is its number."""
    return _NAMES.get(code, f"0x{code:02x}")
