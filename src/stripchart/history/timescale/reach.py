"""Whether the server answers at all, before anything is opened there."""

import asyncpg

from stripchart.history.timescale.options import ServerOptions

_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)
"""What passes by itself: no way there, starting up, going down, full. A wrong password or name does not."""


async def why_away(options: ServerOptions) -> str | None:
    """Why the server does not answer now; None when it does, even with a refusal that will not pass by itself."""
    try:
        connection = await asyncpg.connect(options.dsn, timeout=options.connect_s)
    except _AWAY as error:
        return f"{options.place}: {str(error) or type(error).__name__}"
    except asyncpg.PostgresError:
        return None
    await connection.close(timeout=options.connect_s)
    return None
