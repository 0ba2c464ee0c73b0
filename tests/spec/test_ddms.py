"""The contract of DDMS for devices, groups and readings: requests, and what their answers have to hold."""

from tests.integration.api.conftest import Server, new_server, server
from tests.spec.talk import has_talk

__all__ = ["new_server", "server"]


async def test_ddms_is_answered_as_it_is_used_to(server: Server) -> None:
    await has_talk(server, "ddms.json")
