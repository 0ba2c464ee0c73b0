"""Writes docs/profile.schema.json, which editors use to help with profile files."""

from pathlib import Path

from stripchart.profiles.schema import schema_text

PUBLISHED = Path(__file__).parent.parent / "docs" / "profile.schema.json"

if __name__ == "__main__":
    PUBLISHED.write_text(schema_text(), encoding="utf-8")
