"""Facts: what a message is about, by name, beside its words and its code."""

from collections.abc import Mapping

Facts = Mapping[str, float | str | None]
"""Seconds end in `_s`, shares are parts of one; `cause` is what the link or the driver says."""
