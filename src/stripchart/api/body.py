"""What a request may hold."""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A request's body. A field that is not known is refused: a misspelt one would silently do nothing."""

    model_config = ConfigDict(extra="forbid")
