"""The contract of the T3000 API: a recorded request for each endpoint, and all that its answer says."""

from tests.integration.api.conftest import Server, new_server, server
from tests.spec.talk import has_talk

__all__ = ["new_server", "server"]


async def test_the_t3000_api_answers_as_it_was_recorded(server: Server) -> None:
    await has_talk(server, "t3000.json", whole=True)
