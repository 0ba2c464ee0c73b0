"""Files of what was recorded: forms, zones, names, and what is refused."""

import csv
import io
from typing import Any
from urllib.parse import unquote

import openpyxl
import pyarrow.parquet as arrow_parquet
import pytest
from httpx import Response

from stripchart.catalog.groups import NewGroup
from stripchart.model.device import DeviceId
from tests.integration.api.conftest import Server
from tests.integration.api.recording import START_MS, points_of, record

BIG = 2**63 + 1
BUCKET_COLUMNS = ["time_bucket", "device_name", "point", "avg_value", "min_value", "max_value", "count"]
BUCKET_COLUMNS += ["good_percent", "unit"]
METER = """
profile: meter
name: {en: Meter}
kind: sensor
interval_s: 60
groups: {values: Values}
points:
  - {key: energy, name: Energy, address: 0, type: uint64, unit: Wh}
  - {key: power, name: Power, address: 4, type: float32, unit: "=kW"}
"""


async def download(server: Server, path: str, **query: Any) -> Response:
    answer = await server.client.get(f"/api/export/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer


def rows_of(answer: Response) -> list[list[str]]:
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode(), newline="")))


@pytest.fixture
async def boiler(server: Server) -> int:
    """Flow each minute, one of them bad; a pump that goes off; a serial number."""
    device = await server.add_boiler("Boiler", enabled=False)
    points = points_of(server, device)
    minutes = [START_MS + minute * 60_000 for minute in range(4)]
    await record(server, points["flow"], minutes, [60.5, None, 61, 62])
    await record(server, points["pump"], [minutes[0], minutes[2]], [1, 0])
    await record(server, points["serial"], [minutes[1]], [], text='B-1, "new"')
    return device


async def test_times_can_be_those_of_the_clocks_at_the_site(server: Server, boiler: int) -> None:
    changed = await server.client.put(f"/api/sites/{server.site_id}", json={"zone": "Asia/Kolkata"})
    assert (changed.status_code, changed.json()["zone"]) == (200, "Asia/Kolkata")
    answer = await download(server, f"device/{boiler}", zone="site", points="flow")
    assert rows_of(answer)[1][0] == "2026-01-01T05:30:00.000+05:30"
    other = (await server.client.post("/api/sites", json={"code": "YKZ", "name": "South"})).json()
    assert other["zone"] == "UTC"
    elsewhere = await server.add_boiler("Elsewhere", site_id=other["id"], enabled=False)
    refused = await server.client.get(f"/api/export/devices?device_ids={boiler},{elsewhere}&zone=site")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "several_zones")
    unknown = await server.client.put(f"/api/sites/{server.site_id}", json={"zone": "Mars/Olympus"})
    assert [field["field"] for field in unknown.json()["error"]["fields"]] == ["zone"]


async def test_a_device_is_told_row_by_row_with_quality_and_texts(server: Server, boiler: int) -> None:
    rows = rows_of(await download(server, f"device/{boiler}"))
    assert rows == [
        ["timestamp", "device_name", "point", "value", "unit", "quality", "text"],
        ["2026-01-01T00:00:00.000Z", "Boiler", "flow", "60.5", "°C", "good", ""],
        ["2026-01-01T00:01:00.000Z", "Boiler", "flow", "", "°C", "bad_comm", ""],
        ["2026-01-01T00:02:00.000Z", "Boiler", "flow", "61", "°C", "good", ""],
        ["2026-01-01T00:03:00.000Z", "Boiler", "flow", "62", "°C", "good", ""],
        ["2026-01-01T00:00:00.000Z", "Boiler", "pump", "1", "", "good", ""],
        ["2026-01-01T00:02:00.000Z", "Boiler", "pump", "0", "", "good", ""],
        ["2026-01-01T00:01:00.000Z", "Boiler", "serial", "", "", "good", 'B-1, "new"'],
    ]


async def test_the_wide_form_has_a_row_for_each_time_and_says_why_a_value_is_missing(
    server: Server, boiler: int
) -> None:
    rows = rows_of(await download(server, f"device/{boiler}", layout="wide", language="ru"))
    assert rows == [
        ["timestamp", "flow [°C]", "pump", "serial", "flow quality", "pump quality", "serial quality"],
        ["2026-01-01T00:00:00.000Z", "60.5", "вкл", "", "good", "good", ""],
        ["2026-01-01T00:01:00.000Z", "", "", 'B-1, "new"', "bad_comm", "", "good"],
        ["2026-01-01T00:02:00.000Z", "61", "off", "", "good", "good", ""],
        ["2026-01-01T00:03:00.000Z", "62", "", "", "good", "", ""],
    ]


async def test_labels_stand_beside_codes_in_the_long_form(server: Server, boiler: int) -> None:
    rows = rows_of(await download(server, f"device/{boiler}", points="pump,flow", language="en"))
    assert [(row[2], row[3], row[-1]) for row in rows[:4]] == [
        ("point", "value", "label"),
        ("pump", "1", "on"),
        ("pump", "0", "off"),
        ("flow", "60.5", ""),
    ]


async def test_buckets_are_told_with_their_numbers(server: Server, boiler: int) -> None:
    rows = rows_of(await download(server, f"device/{boiler}", aggregate="1hour", points="flow"))
    assert rows == [
        BUCKET_COLUMNS,
        ["2026-01-01T00:00:00.000Z", "Boiler", "flow", "61.166666666666664", "60.5", "62", "4", "75", "°C"],
    ]
    wide = rows_of(await download(server, f"device/{boiler}", aggregate="1min", layout="wide"))
    assert wide[0] == ["time_bucket", "flow [°C]", "pump", "flow good %", "pump good %"]
    assert wide[1:3] == [
        ["2026-01-01T00:00:00.000Z", "60.5", "1", "100", "100"],
        ["2026-01-01T00:01:00.000Z", "", "", "0", ""],
    ]


async def test_a_state_of_a_bucket_is_what_it_was_last_and_never_a_mean_of_codes(server: Server, boiler: int) -> None:
    asked = {"aggregate": "1hour", "layout": "wide", "points": "pump,flow"}
    codes = rows_of(await download(server, f"device/{boiler}", **asked))
    assert codes[1] == ["2026-01-01T00:00:00.000Z", "0", "61.166666666666664", "100", "75"]
    words = rows_of(await download(server, f"device/{boiler}", language="en", **asked))
    assert words[1] == ["2026-01-01T00:00:00.000Z", "off", "61.166666666666664", "100", "75"]


async def test_a_spreadsheet_can_be_told_that_csv_is_utf_8(server: Server, boiler: int) -> None:
    plain = await download(server, f"device/{boiler}", points="flow")
    marked = await download(server, f"device/{boiler}", points="flow", bom=True)
    assert marked.content == b"\xef\xbb\xbf" + plain.content


async def test_several_devices_come_in_the_given_order(server: Server, boiler: int) -> None:
    other = await server.add_boiler("=Other", unit_id=2, enabled=False)
    await record(server, points_of(server, other)["flow"], [START_MS + 60_000], [7])
    answer = await download(server, "devices", device_ids=f"{other}, {boiler},{other}", points="flow")
    assert [row[1] for row in rows_of(answer)[1:]] == ["'=Other"] + ["Boiler"] * 4
    wide = rows_of(await download(server, "devices", device_ids=f"{other},{boiler}", points="flow", layout="wide"))
    assert wide[0][:3] == ["timestamp", "'=Other flow [°C]", "Boiler flow [°C]"]
    assert wide[2] == ["2026-01-01T00:01:00.000Z", "7", "", "good", "bad_comm"]
    disposition = answer.headers["content-disposition"]
    assert "multi_device_export_all_data_" in disposition


@pytest.mark.parametrize("layout", ["long", "wide"])
async def test_a_group_is_told_as_its_devices_and_an_empty_one_as_a_header(
    server: Server, boiler: int, layout: str
) -> None:
    catalog = server.parts.catalog
    full = await catalog.groups.add(NewGroup(name="Котельная", devices=[DeviceId(boiler)]))
    empty = await catalog.groups.add(NewGroup(name="Empty"))
    answer = await download(server, f"group/{full.id}", layout=layout)
    assert rows_of(answer) == rows_of(await download(server, f"device/{boiler}", layout=layout))
    assert unquote(answer.headers["content-disposition"]).partition("UTF-8''")[2].startswith("Котельная_all_data_")
    for query in ({}, {"aggregate": "1hour"}):
        rows = rows_of(await download(server, f"group/{empty.id}", layout=layout, **query))
        assert [row[0] for row in rows] == ["time_bucket" if query else "timestamp"]
    unknown = await server.client.get("/api/export/group/99")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "not_found")


async def test_a_day_on_which_clocks_change_is_told_with_offsets(server: Server) -> None:
    device = await server.add_boiler("Boiler", enabled=False)
    first = 1_792_879_200_000  # 2026-10-25 in Berlin begins, which has 25 hours
    flow, pump = points_of(server, device)["flow"], points_of(server, device)["pump"]
    hours = [first + hour * 3_600_000 for hour in range(26)]
    await record(server, flow, hours, list(range(26)))
    await record(server, pump, hours, [1] * 26)
    berlin = {"zone": "Europe/Berlin", "layout": "wide", "points": "flow,pump"}
    day = {"start_time": "2026-10-25T00:00:00+02:00", "end_time": "2026-10-26T00:00:00+01:00"}
    raw = rows_of(await download(server, f"device/{device}", **berlin, **day))
    assert [row[0] for row in raw[3:6]] == [
        "2026-10-25T02:00:00.000+02:00",
        "2026-10-25T02:00:00.000+01:00",
        "2026-10-25T03:00:00.000+01:00",
    ]
    by_hour = rows_of(await download(server, f"device/{device}", aggregate="1hour", **berlin, **day))
    assert [row[0] for row in by_hour[1:]] == [row[0] for row in raw[1:]]
    assert len(by_hour) == 1 + 25
    by_day = rows_of(await download(server, f"device/{device}", aggregate="1day", **berlin))
    assert [row[:2] for row in by_day[1:]] == [
        ["2026-10-25T00:00:00.000+02:00", "12"],
        ["2026-10-26T00:00:00.000+01:00", "25"],
    ]


async def test_every_digit_of_a_large_number_is_told(server: Server) -> None:
    device = await add_meter(server)
    energy = points_of(server, device)["energy"]
    await record(server, energy, [START_MS], [float(BIG)], text=str(BIG))
    await record(server, energy, [START_MS + 1000], [12.0])
    long = rows_of(await download(server, f"device/{device}"))
    assert long[1][-1] == str(BIG)
    wide = rows_of(await download(server, f"device/{device}", layout="wide"))
    assert [row[1] for row in wide] == ["energy [Wh]", str(BIG), "12"]
    sheet = sheet_of(await download(server, f"device/{device}", layout="wide", format="xlsx"))
    assert [row[2].value for row in sheet] == ["energy [Wh]", str(BIG), 12]


async def add_meter(server: Server) -> int:
    (server.data_dir / "profiles" / "meter.yaml").write_text(METER, encoding="utf-8")
    await server.until_profile("meter")
    return await server.add_boiler("Meter", profile="meter", interval_s=60, enabled=False)


def sheet_of(answer: Response) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return list(book["data"].rows)


async def test_a_spreadsheet_has_numbers_local_times_and_no_formulas(server: Server) -> None:
    device = await add_meter(server)
    await record(server, points_of(server, device)["power"], [START_MS, START_MS + 60_000], [1.5, None])
    answer = await download(server, f"device/{device}", format="xlsx", points="power", zone="Asia/Kathmandu")
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    header, first, second = sheet_of(answer)
    assert [cell.value for cell in header][:4] == [
        "timestamp",
        "local time (Asia/Kathmandu)",
        "device_name",
        "point",
    ]
    assert first[0].value == "2026-01-01T05:45:00.000+05:45"
    assert str(first[1].value) == "2026-01-01 05:45:00"
    assert (first[4].value, first[4].data_type) == (1.5, "n")
    assert (first[5].value, first[5].data_type, first[5].quotePrefix) == ("=kW", "s", True)
    assert (second[4].value, second[6].value) == (None, "bad_comm")


async def test_parquet_has_moments_of_the_zone(server: Server, boiler: int) -> None:
    answer = await download(server, f"device/{boiler}", format="parquet", zone="Europe/Berlin")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert "content-encoding" not in answer.headers
    table = arrow_parquet.read_table(io.BytesIO(answer.content))
    assert str(table.schema.field("timestamp").type) == "timestamp[ms, tz=Europe/Berlin]"
    assert table.column("timestamp")[0].as_py().isoformat() == "2026-01-01T01:00:00+01:00"
    assert table.column("value").to_pylist() == [60.5, None, 61, 62, 1, 0, None]
    wide = await download(server, f"device/{boiler}", format="parquet", layout="wide")
    assert arrow_parquet.read_table(io.BytesIO(wide.content)).column("flow quality").to_pylist()[1] == "bad_comm"


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("Котёл №1", "1_all_data_", "Котёл_1_all_data_"),
        ("锅炉/2", "2_all_data_", "锅炉_2_all_data_"),
        ('a"; x=../b\r\n', "a_x_.._b_all_data_", "a_x_.._b_all_data_"),
        ("***", "export_all_data_", "export_all_data_"),
    ],
)
async def test_a_file_is_called_as_its_device_whatever_that_is(
    server: Server, name: str, plain: str, whole: str
) -> None:
    device = await server.add_boiler(name.strip(), enabled=False)
    await record(server, points_of(server, device)["flow"], [START_MS], [1])
    disposition = (await download(server, f"device/{device}")).headers["content-disposition"]
    kind, quoted, encoded = disposition.split("; ")
    assert kind == "attachment"
    assert quoted.startswith(f'filename="{plain}')
    assert unquote(encoded).startswith(f"filename*=UTF-8''{whole}")
    assert disposition.endswith(".csv")


async def test_a_file_of_a_range_has_the_range_in_its_name(server: Server, boiler: int) -> None:
    span = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-01T00:02:00Z"}
    answer = await download(server, f"device/{boiler}", zone="Asia/Tokyo", points="flow", **span)
    assert 'filename="Boiler_20260101_090000_20260101_090200.csv"' in answer.headers["content-disposition"]
    assert len(rows_of(answer)) == 1 + 2


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("device/999", {}, 404, "not_found"),
        ("devices", {"device_ids": "{boiler},999"}, 404, "not_found"),
        ("devices", {}, 422, "invalid_request"),
        ("devices", {"device_ids": " , "}, 422, "invalid_device_ids"),
        ("devices", {"device_ids": "1,x"}, 422, "invalid_device_ids"),
        ("device/{boiler}", {"start_time": "yesterday"}, 422, "invalid_request"),
        ("device/{boiler}", {"start_time": "2026-02-01", "end_time": "2026-01-01"}, 422, "invalid_range"),
        ("device/{boiler}", {"start_time": "2026-02-01", "end_time": "2026-02-02"}, 404, "nothing_found"),
        ("device/{boiler}", {"aggregate": "2hours"}, 422, "invalid_request"),
        ("device/{boiler}", {"aggregate": "1day", "points": "serial"}, 404, "nothing_found"),
        ("device/{boiler}", {"points": "flow,nothing"}, 422, "unknown_point"),
        ("device/{boiler}", {"zone": "Mars/Base"}, 422, "unknown_zone"),
        ("device/{boiler}", {"format": "xml"}, 422, "invalid_request"),
    ],
)
async def test_what_cannot_be_told_is_refused_before_a_byte_is_sent(
    server: Server, boiler: int, path: str, query: dict[str, str], status: int, code: str
) -> None:
    given = {name: value.format(boiler=boiler) for name, value in query.items()}
    answer = await server.client.get(f"/api/export/{path.format(boiler=boiler)}", params=given)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    assert "content-disposition" not in answer.headers


async def test_a_sheet_with_too_many_rows_is_refused_before_it_is_begun(
    server: Server, boiler: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stripchart.interop.sheet_limits.MOST_ROWS", 4)
    path = f"/api/export/device/{boiler}"
    answer = await server.client.get(path, params={"format": "xlsx"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "too_many_rows"
    assert "6 rows: a sheet of XLSX has 4" in answer.json()["error"]["message"]
    wide = await server.client.get(path, params={"format": "xlsx", "layout": "wide"})
    assert wide.json()["error"]["code"] == "too_many_rows"
    assert (await server.client.get(path, params={"format": "csv"})).status_code == 200


async def test_more_exports_than_there_are_places_for_have_to_wait(server: Server, boiler: int) -> None:
    downloads = server.client._transport.app.state.downloads  # type: ignore[attr-defined]
    for _ in range(8):
        downloads.begin()
    answer = await server.client.get(f"/api/export/device/{boiler}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_exports")
    downloads.end()
    await download(server, f"device/{boiler}")
    await download(server, f"device/{boiler}", format="xlsx")
    assert (downloads.under_way, downloads.refused) == (7, 1)
