"""What simulated devices do when they are told to."""

import pytest

from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.behaviours.building import Building
from stripchart.simulator.behaviours.site import Site
from stripchart.simulator.behaviours.smartgen_genset import SmartgenGenset
from stripchart.simulator.behaviours.smartgen_mains import SmartgenMains
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.quirks import Quirks, with_quirk
from stripchart.wire import pdu

LIBRARY = ProfileLibrary.shipped()


def t3() -> SimulatedDevice:
    return SimulatedDevice(LIBRARY.get("temco-t3"), 1, Building(1))


def press(device: SimulatedDevice, coil: int) -> None:
    for value in (1, 0):
        request = pdu.single_write_request(pdu.WRITE_SINGLE_COIL, coil, value)
        assert device.answer(request) == request


def write_one(device: SimulatedDevice, address: int, value: int) -> None:
    request = pdu.single_write_request(pdu.WRITE_SINGLE_REGISTER, address, value)
    assert device.answer(request) == request


def advance(device: SimulatedDevice, seconds: int) -> None:
    for _ in range(seconds):
        device.advance(1.0)


@pytest.mark.parametrize("place", [5, 199, 4368])
def test_everywhere_a_profile_writes_to_there_is_something(place: int) -> None:
    device = SimulatedDevice(LIBRARY.get("smartgen-hgm9520n"), 1)
    if place == 5:
        press(device, place)
    else:
        write_one(device, place, 7)


def test_echoing_firmware_confirms_writes_and_ignores_them() -> None:
    device = t3()
    device.quirks = with_quirk(Quirks(), "echo")
    assert str(device.quirks) == "echo"
    before = device.read("var1")
    request = pdu.multiple_write_request(pdu.WRITE_MULTIPLE_REGISTERS, 8092, [0, 25_000])
    assert device.answer(request) == request[:5]
    assert device.read("var1") == before
    nowhere = pdu.single_write_request(pdu.WRITE_SINGLE_REGISTER, 60_000, 1)
    assert pdu.exception_code(device.answer(nowhere), 6) == pdu.ILLEGAL_DATA_ADDRESS


def test_an_output_of_a_t3_takes_the_low_register_for_the_whole_value() -> None:
    device = t3()
    write_one(device, 7356, 1)
    write_one(device, 7101, 42_500)
    assert device.read("out1") == 42.5
    advance(device, 5)
    assert device.read("out1") == 42.5
    write_one(device, 7356, 0)
    advance(device, 60)
    assert device.read("out1") != 42.5


def test_an_input_in_manual_stays_as_it_is_written() -> None:
    device = t3()
    write_one(device, 7868, 1)
    device.answer(pdu.multiple_write_request(pdu.WRITE_MULTIPLE_REGISTERS, 7484, [0xFFFF, 0xFFFF]))
    advance(device, 5)
    assert device.read("in1") == pytest.approx(-0.001)


def test_the_generator_breaker_obeys_its_keys_in_manual_mode() -> None:
    device = SimulatedDevice(LIBRARY.get("smartgen-hgm9520n"), 1, SmartgenGenset(Site(1), 0))
    assert device.read("gen_switch") == 3
    press(device, 7)
    advance(device, 30)
    assert device.read("gen_switch") == 3, "in auto mode the key does nothing"
    press(device, 4)
    press(device, 7)
    advance(device, 30)
    assert device.read("gen_switch") == 7
    press(device, 6)
    advance(device, 90)
    assert device.read("gen_switch") == 3


def test_the_breakers_of_the_mains_controller_switch_over_in_manual_mode() -> None:
    device = SimulatedDevice(LIBRARY.get("smartgen-hgm9560"), 1, SmartgenMains(Site(1)))
    press(device, 4)
    press(device, 5)
    advance(device, 10)
    assert device.read("mains_switch") == 7
    press(device, 5)
    advance(device, 10)
    assert device.read("mains_switch") == 3
