"""The page's types are made from the server's description; neither may drift from the other."""

from pathlib import Path

from tools.write_openapi import openapi_json

PAGE = Path(__file__).parents[3] / "web"


def test_the_description_that_the_page_is_built_on_is_the_server_s_own() -> None:
    assert (PAGE / "openapi.json").read_bytes() == openapi_json(), "run make generate"
