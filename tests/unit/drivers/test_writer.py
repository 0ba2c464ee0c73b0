"""A value is written once, in the way the profile says, and is only true once it is read back."""

import pytest

from stripchart.drivers.base import DriverError, LinkDownError, NoAnswerError, RefusedError
from stripchart.model.block import Block
from stripchart.model.order import WriteResult
from stripchart.model.point import DataType, Needed, Order, Point, ScaleWhen, Table, Writable
from tests.unit.drivers.desk import Desk


def a_point(key: str, address: int, type_: DataType = DataType.UINT16, **more: object) -> Point:
    fields: dict[str, object] = {"registers": type_.registers, "table": Table.HOLDING} | more
    return Point(key=key, name={"en": key}, address=address, type=type_, **fields)  # type: ignore[arg-type]


QUICK = Writable(0, 1000, verify_s=0.0)
LOST = NoAnswerError("unit 1: no reply within 0.1 s")


def setpoint(writable: Writable = QUICK) -> Point:
    return a_point("setpoint", 300, scale=0.1, unit="°C", writable=writable)


def lose_answers(desk: Desk, *, done: bool, count: int = 99) -> None:
    """The next answers to writes are lost, of writes that are done or not."""
    rest = [count]

    async def lose(_request: bytes) -> DriverError | None:
        rest[0] -= 1
        return LOST if rest[0] >= 0 else None

    desk.link.before_answer = lose
    desk.link.does = lambda request: done or rest[0] < 0


async def test_a_value_is_written_and_read_back() -> None:
    desk = Desk(setpoint())
    desk.device.set("setpoint", 20.0)
    written = await desk.writer.write("setpoint", 21.5)
    assert (written.result, written.old, written.new) == (WriteResult.VERIFIED, 20.0, 21.5)
    assert desk.link.written == ["06 01 2c 00 d7"]
    assert (written.samples.point_id.tolist(), written.samples.value.tolist()) == ([10], [21.5])


@pytest.mark.parametrize(
    ("point", "value", "request_hex"),
    [
        (a_point("p", 5, table=Table.COIL, type_=DataType.BOOL, writable=Writable(verify_s=0)), 1, "05 00 05 ff 00"),
        (
            a_point("p", 5, table=Table.COIL, type_=DataType.BOOL, writable=Writable(function=15, verify_s=0)),
            1,
            "0f 00 05 00 01 01 01",
        ),
        (a_point("p", 5, writable=Writable(0, 9, function=16, verify_s=0)), 7, "10 00 05 00 01 02 00 07"),
        (a_point("p", 5, DataType.INT32, writable=QUICK), 7, "10 00 05 00 02 04 00 00 00 07"),
        (
            a_point("p", 5, DataType.INT32, word_order=Order.LITTLE, writable=QUICK),
            7,
            "10 00 05 00 02 04 00 07 00 00",
        ),
        (a_point("p", 5, DataType.FLOAT32, writable=QUICK), 1.5, "10 00 05 00 02 04 3f c0 00 00"),
        (a_point("p", 5, DataType.STRING, registers=2, writable=QUICK), "Abc", "10 00 05 00 02 04 41 62 63 00"),
        (a_point("p", 5, DataType.INT32, writable=Writable(0, 9, function=6, verify_s=0)), 7, "06 00 06 00 07"),
        (
            a_point("p", 5, DataType.INT32, word_order=Order.LITTLE, writable=Writable(0, 9, function=6, verify_s=0)),
            7,
            "06 00 05 00 07",
        ),
    ],
)
async def test_the_function_is_that_of_the_profile(point: Point, value: float | str, request_hex: str) -> None:
    desk = Desk(point)
    written = await desk.writer.write("p", value)
    assert desk.link.written == [request_hex]
    assert (written.result, written.new) == (WriteResult.VERIFIED, value)


async def test_firmware_that_confirms_and_ignores_is_found_out() -> None:
    desk = Desk(setpoint())
    desk.device.set("setpoint", 20.0)
    desk.link.does = lambda request: False
    written = await desk.writer.write("setpoint", 21.5)
    assert (written.result, written.old, written.new) == (WriteResult.NOT_VERIFIED, 20.0, 20.0)
    assert written.message == "the device confirmed it, but does not show it"
    assert len(desk.link.written) == 1


async def test_a_slow_device_is_looked_at_until_it_shows_the_value() -> None:
    desk = Desk(setpoint(Writable(0, 1000, verify_s=5.0)))
    desk.link.read_errors = [None, LOST, LOST]
    written = await desk.writer.write("setpoint", 21.5)
    assert (written.result, written.new) == (WriteResult.VERIFIED, 21.5)
    assert desk.link.reads == 4


async def test_a_lost_answer_is_cleared_up_by_reading_not_by_writing_again() -> None:
    desk = Desk(setpoint())
    lose_answers(desk, done=True)
    written = await desk.writer.write("setpoint", 21.5)
    assert (written.result, written.new) == (WriteResult.VERIFIED, 21.5)
    assert len(desk.link.written) == 1


async def test_a_lost_write_is_not_sent_again() -> None:
    desk = Desk(setpoint())
    lose_answers(desk, done=False)
    written = await desk.writer.write("setpoint", 21.5)
    assert (written.result, written.new) == (WriteResult.FAILED, 0.0)
    assert written.message == "unit 1: no reply within 0.1 s; it still shows 0.0"
    assert len(desk.link.written) == 1


async def test_a_lost_write_is_sent_again_where_the_profile_allows_it() -> None:
    desk = Desk(setpoint(Writable(0, 1000, verify_s=0.0, repeatable=True)))
    lose_answers(desk, done=False, count=2)
    written = await desk.writer.write("setpoint", 21.5)
    assert (written.result, written.new) == (WriteResult.VERIFIED, 21.5)
    assert len(desk.link.written) == 3


async def test_when_the_link_goes_nobody_claims_to_know() -> None:
    desk = Desk(setpoint())
    gone = LinkDownError("tcp://10.0.0.1:502: the connection was lost")

    async def lose(_request: bytes) -> DriverError | None:
        desk.link.read_errors = [gone] * 9
        return gone

    desk.link.before_answer = lose
    written = await desk.writer.write("setpoint", 21.5)
    assert (written.result, written.old, written.new) == (WriteResult.FAILED, 0.0, None)
    assert "whether it was done is not known" in written.message
    assert len(written.samples) == 0


async def test_a_device_that_cannot_be_read_is_not_written_to() -> None:
    desk = Desk(setpoint())
    desk.link.read_errors = [LOST] * 3
    written = await desk.writer.write("setpoint", 21.5)
    assert written.result is WriteResult.FAILED
    assert written.message.startswith("not written, because it could not be read before")
    assert desk.link.written == []


async def test_a_refusal_is_told_in_words() -> None:
    desk = Desk(setpoint())

    async def refuse(_request: bytes) -> DriverError | None:
        return RefusedError(1, Block(Table.HOLDING, 300, 301), 2)

    desk.link.before_answer = refuse
    written = await desk.writer.write("setpoint", 21.5)
    assert written.result is WriteResult.REFUSED
    assert len(desk.link.written) == 1
    assert "exception 2 (illegal data address)" in written.message


@pytest.mark.parametrize(("code", "result"), [(5, WriteResult.VERIFIED), (6, WriteResult.REFUSED)])
async def test_a_device_that_has_begun_and_needs_long_is_no_refusal(code: int, result: WriteResult) -> None:
    desk = Desk(setpoint())

    async def object_to(_request: bytes) -> DriverError | None:
        return RefusedError(1, Block(Table.HOLDING, 300, 301), code)

    desk.link.before_answer = object_to
    assert (await desk.writer.write("setpoint", 21.5)).result is result


async def test_the_rest_of_a_register_is_kept() -> None:
    part = Writable(0, 15, keep_rest=True, verify_s=0.0)
    desk = Desk(
        a_point("low", 9, bit=0, bit_count=4), a_point("mid", 9, bit=4, bit_count=4, writable=part), a_point("all", 9)
    )
    desk.device.set("all", 0xABCD)
    written = await desk.writer.write("mid", 5)
    assert (written.result, written.old, written.new) == (WriteResult.VERIFIED, 12.0, 5.0)
    assert desk.link.written == ["06 00 09 ab 5d"]


async def test_a_set_point_that_is_written_elsewhere_is_read_where_it_shows() -> None:
    shown = a_point("target", 160, DataType.INT16, scale=0.1, writable=Writable(0, 100, address=161, verify_s=0))
    desk = Desk(shown, a_point("other", 161))
    written = await desk.writer.write("target", 40)
    assert desk.link.written == ["06 00 a1 01 90"]
    assert (written.result, written.new) == (WriteResult.NOT_VERIFIED, 0.0)


async def test_the_password_goes_before_the_value() -> None:
    desk = Desk(a_point("password", 199), a_point("p", 200, writable=Writable(0, 9, unlock=(199, 318), verify_s=0)))
    assert (await desk.writer.write("p", 4)).result is WriteResult.VERIFIED
    assert desk.link.written == ["06 00 c7 01 3e", "06 00 c8 00 04"]


async def test_a_value_that_the_device_would_not_keep_now_is_not_sent() -> None:
    mode = a_point("mode", 1, DataType.ENUM16, labels={0: {"en": "Auto"}, 1: {"en": "Manual"}})
    desk = Desk(mode, a_point("p", 2, writable=Writable(0, 9, needs=Needed("mode", 1), verify_s=0)))
    written = await desk.writer.write("p", 4)
    assert written.result is WriteResult.REFUSED
    assert written.message == "not written: 'mode' must be 1 (Manual) first, and it is 0 (Auto)"
    assert desk.link.written == []
    desk.device.set("mode", 1)
    assert (await desk.writer.write("p", 4)).result is WriteResult.VERIFIED


async def test_the_scale_of_the_moment_is_that_of_the_write() -> None:
    writable = Writable(-500, 500, rescaled=(0, 1), verify_s=0)
    value = a_point("v", 2, DataType.INT32, scale=0.001, scale_when=ScaleWhen("analog", 0, 1), writable=writable)
    desk = Desk(a_point("analog", 1), value)
    desk.device.set("analog", 1)
    assert (await desk.writer.write("v", 21.5)).new == 21.5
    desk.device.set("analog", 0)
    refused = await desk.writer.write("v", 21.5)
    assert (refused.result, refused.message) == (WriteResult.REFUSED, "21.5: allowed for point 'v' are 0 to 1")
    assert (await desk.writer.write("v", 1)).new == 1.0
    assert desk.link.written[-1] == "10 00 02 00 02 04 00 00 00 01"


async def test_nothing_is_written_by_a_scale_that_is_not_known() -> None:
    factor = a_point("sf", 1, DataType.INT16, valid=None, no_data=())
    desk = Desk(factor, a_point("v", 2, DataType.INT16, scale_factor="sf", writable=Writable(0, 900, verify_s=0)))
    desk.device.set("sf", -1)
    assert (await desk.writer.write("v", 40.1)).new == 40.1
    assert desk.link.written == ["06 00 02 01 91"]
    unknown = a_point("kind", 9, DataType.FLOAT32)
    value = a_point("v", 2, scale_when=ScaleWhen("kind", 0, 1), writable=QUICK)
    blind = Desk(unknown, value)
    blind.device.set("kind", None)
    refused = await blind.writer.write("v", 1)
    assert "'kind', by which 'v' is scaled, has no value now" in refused.message
    assert blind.link.written == []


async def test_a_device_that_rounds_is_believed_within_the_tolerance() -> None:
    desk = Desk(setpoint(Writable(0, 1000, tolerance=0.5, verify_s=0)))
    desk.device.set("setpoint", 21.0)
    desk.link.does = lambda request: False
    assert (await desk.writer.write("setpoint", 21.5)).result is WriteResult.VERIFIED
    assert (await desk.writer.write("setpoint", 21.6)).result is WriteResult.NOT_VERIFIED


async def test_a_text_is_read_back_as_a_text() -> None:
    desk = Desk(a_point("name", 5, DataType.STRING, registers=4, writable=Writable(verify_s=0)))
    written = await desk.writer.write("name", "Boiler")
    assert (written.result, written.old, written.new) == (WriteResult.VERIFIED, "", "Boiler")
    assert [text for _, text in written.samples.texts.values()] == ["Boiler"]
