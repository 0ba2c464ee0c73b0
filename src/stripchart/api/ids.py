"""Ids as they come from outside."""

from typing import Annotated

from pydantic import Field

Id = Annotated[int, Field(ge=1, le=2_147_483_647)]
"""Of a site, device or point. A larger number fits in no column of a database, and could not even be asked for."""
