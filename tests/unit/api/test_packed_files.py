"""The files of the page, packed once by the build and sent as they are."""

import gzip
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from stripchart.api.packed_files import PackedFiles, packed_files

SCRIPT = b"let answer = 42;" * 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "page.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "page.js.gz").write_bytes(gzip.compress(SCRIPT, 9))
    (tmp_path / "assets" / "page.js.br").write_bytes(b"what the build made of it")
    (tmp_path / "plain.css").write_text("a{}")
    return tmp_path


async def asked(folder: Path, path: str, accepted: str, **headers: str) -> Response:
    packed = [Middleware(GZipMiddleware), Middleware(PackedFiles, files=packed_files(folder))]
    app = Starlette(routes=[Mount("/", StaticFiles(directory=folder))], middleware=packed)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1") as client:
        request = client.build_request("GET", path, headers={"Accept-Encoding": accepted, **headers})
        answer = await client.send(request, stream=True)
        answer.extensions["raw"] = b"".join([part async for part in answer.aiter_raw()])
        return answer


@pytest.mark.parametrize(
    ("accepted", "packing"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR;q=0.1, gzip;q=nonsense", "br"),
    ],
)
async def test_what_the_browser_understands_best_is_sent_as_it_lies_there(
    folder: Path, accepted: str, packing: str
) -> None:
    answer = await asked(folder, "/assets/page.js", accepted)
    ending = {"br": ".br", "gzip": ".gz"}[packing]
    assert answer.headers["content-encoding"] == packing
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.extensions["raw"] == (folder / "assets" / f"page.js{ending}").read_bytes()


@pytest.mark.parametrize("accepted", ["identity", "br;q=0", ""])
async def test_who_understands_no_packing_gets_the_file(folder: Path, accepted: str) -> None:
    answer = await asked(folder, "/assets/page.js", accepted)
    assert "content-encoding" not in answer.headers
    assert answer.extensions["raw"] == SCRIPT


async def test_a_file_that_the_build_left_alone_is_sent_as_before(folder: Path) -> None:
    answer = await asked(folder, "/plain.css", "br, gzip")
    assert "content-encoding" not in answer.headers
    assert answer.extensions["raw"] == b"a{}"


async def test_a_browser_that_has_the_packed_file_is_told_that_it_did_not_change(folder: Path) -> None:
    first = await asked(folder, "/assets/page.js", "br")
    again = await asked(folder, "/assets/page.js", "br", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.extensions["raw"]) == (304, b"")
