"""Named SQL statements: `.sql` files beside their adapter, each statement behind a `-- name:` line."""

from collections.abc import Mapping
from importlib.resources import files

_MARK = "-- name:"


def load_statements(package: str, file: str) -> Mapping[str, str]:
    """The statements of a file in a package, by name. Raises ValueError when a name comes twice."""
    statements: dict[str, str] = {}
    for part in files(package).joinpath(file).read_text("utf-8").split(_MARK)[1:]:
        name, _, statement = part.partition("\n")
        if name.strip() in statements:
            raise ValueError(f"{file}: two statements are called {name.strip()}")
        statements[name.strip()] = statement.strip()
    return statements
