"""Files of profiles over HTTP: checked line by line, saved whole, in effect at once, and never half."""

from pathlib import Path

from tests.integration.api.conftest import BOILER, Server

PUMP = "profile: pump\nname: Pump\nkind: sensor\npoints:\n  - {key: speed, name: Speed, address: 7, type: uint16}\n"
BAD = "profile: pump\nname: Pump\nkind: sensor\npoints:\n  - {key: speed, name: Speed, address: 7, typ: uint16}\n"


def files(server: Server) -> list[str]:
    return sorted(path.name for path in (server.data_dir / "profiles").iterdir())


async def test_a_text_is_checked_and_nothing_is_saved(server: Server) -> None:
    good = await server.client.post("/api/profiles/check", json={"source": PUMP})
    assert good.json() == {"key": "pump", "points": 1, "problems": []}
    bad = (await server.client.post("/api/profiles/check", json={"source": BAD})).json()
    assert (bad["key"], [(each["line"], each["field"]) for each in bad["problems"]]) == (
        None,
        [(5, "points.speed.typ")],
    )
    assert files(server) == ["boiler.yaml"]


async def test_a_profile_is_saved_used_by_devices_on_their_next_cycle_and_deleted(server: Server) -> None:
    saved = await server.client.put("/api/profiles/files/pump", json={"source": PUMP})
    assert saved.status_code == 200, saved.text
    assert (saved.json()["is_own"], saved.json()["replaces"], saved.json()["source"]) == (True, False, PUMP)
    device = await server.add_boiler("Pump", profile="pump")

    changed = PUMP.replace("address: 7", "address: 1").replace("speed, name", "state, name")
    assert (await server.client.put("/api/profiles/files/pump", json={"source": changed})).status_code == 200
    await server.until(device, lambda now: "state" in now and now["state"]["value"] == 1.0)

    refused = await server.client.delete("/api/profiles/files/pump")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "in_use")
    await server.client.delete(f"/api/devices/{device}")
    assert (await server.client.delete("/api/profiles/files/pump")).status_code == 204
    assert files(server) == ["boiler.yaml"]
    deeds = (await server.get("/api/audit", kind="profile"))["records"]
    assert [(deed["action"], deed["subject"]) for deed in deeds] == [
        ("deleted", "pump"),
        ("changed", "pump"),
        ("added", "pump"),
    ]


async def test_a_bad_text_is_refused_with_each_line_and_the_file_stays_as_it_was(server: Server) -> None:
    file = server.data_dir / "profiles" / "boiler.yaml"
    before = file.read_bytes()
    answer = await server.client.put("/api/profiles/files/boiler", json={"source": BAD})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "invalid_profile")
    assert [field["message"][:28] for field in error["fields"]] == ["line 5: points.speed.typ: no"]
    other = await server.client.put("/api/profiles/files/boiler", json={"source": PUMP})
    assert "here it must be 'boiler'" in other.json()["error"]["fields"][0]["message"]
    assert file.read_bytes() == before
    assert files(server) == ["boiler.yaml"]


async def test_a_shipped_profile_can_be_replaced_and_comes_back(server: Server) -> None:
    assert (await server.client.delete("/api/profiles/files/ddms-sensor")).status_code == 409
    shipped = (await server.get("/api/profiles/files/ddms-sensor"))["source"]
    own = await server.client.put("/api/profiles/files/ddms-sensor", json={"source": shipped + "\n# mine\n"})
    assert own.json()["replaces"] is True
    assert (await server.client.delete("/api/profiles/files/ddms-sensor")).status_code == 204
    assert (await server.get("/api/profiles/files/ddms-sensor"))["source"] == shipped


async def test_files_that_cannot_be_used_are_listed_with_their_problems(server: Server) -> None:
    (server.data_dir / "profiles" / "broken.yaml").write_text(BAD.replace("pump", "broken"), encoding="utf-8")
    await server.until_problem("broken")
    found = {file["key"]: file for file in await server.get("/api/profiles/files")}
    assert found["broken"]["problems"][0]["line"] == 5
    assert found["boiler"]["problems"] == []
    assert (await server.get("/api/profiles/files/broken"))["source"].startswith("profile: broken")


async def test_no_key_leads_out_of_the_folder(server: Server) -> None:
    for key in ("..%2F..%2Fevil", "a%2Fb", "x.y", "%2Fetc"):
        answer = await server.client.put(f"/api/profiles/files/{key}", json={"source": BOILER})
        assert answer.status_code in {404, 405, 422}, key
    unknown = await server.client.get("/api/profiles/files/nothing-of-that")
    assert unknown.status_code in {404, 422}
    assert not list(Path(server.data_dir).parent.glob("evil*"))
