"""The demo plant and single simulations, on real sockets."""

import asyncio
import struct

import pytest

from stripchart.model.device import Framing
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.faults import Fault, FaultKind, parse_scheduled_fault
from stripchart.simulator.fleet import running_fleet
from stripchart.simulator.mover import moving
from stripchart.simulator.plant import DEMO_PLANT, PlantDevice
from stripchart.simulator.running import running_plant, simulated
from stripchart.simulator.server import PortInUseError, SimulatorError, serving
from stripchart.simulator.simulate import SimulateOptions, Simulation, running_simulation, simulate
from tests.integration.simulator.clients import LIMIT_S, pymodbus_client, raw_client, until
from tests.unit.simulator.made import boiler

GENSET = ProfileLibrary.shipped().get("smartgen-hgm9520n")


def options(**more: object) -> SimulateOptions:
    fields: dict[str, object] = {"profile": GENSET, "port": 0, "speed": 50.0} | more
    return SimulateOptions(**fields)  # type: ignore[arg-type]


def test_the_demo_plant_is_the_one_that_was_promised() -> None:
    kinds = [device.profile for device in DEMO_PLANT.devices]
    counts = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counts == {
        "smartgen-hgm9520n": 4,
        "smartgen-hgm9560": 2,
        "sel-751-rtac": 1,
        "temco-t3": 2,
        "ddms-sensor": 3,
        "eastron-sdm630": 1,
        "sunspec-inverter": 1,
    }
    assert len({device.name for device in DEMO_PLANT.devices}) == len(DEMO_PLANT.devices)
    assert {device.site for device in DEMO_PLANT.devices} == {site.code for site in DEMO_PLANT.sites}
    assert [link.port for link in DEMO_PLANT.based_at(4000).links] == list(range(4000, 4010))


async def test_every_device_of_the_demo_plant_answers_and_moves() -> None:
    async with running_plant(base_port=0, speed=100) as running:
        before = {name: device.read(device.profile.overview[0]) for name, device in running.devices.items()}
        assert before["G1"] == 9
        for link in running.plant.links:
            assert link.port > 0
            async with pymodbus_client(link.port, link.framing) as client:
                for device in link.devices:
                    point = running.devices[device.name].profile.points[-1]
                    read = client.read_input_registers if point.table == "input" else client.read_holding_registers
                    answer = await read(point.address, count=point.registers, device_id=device.unit_id)
                    assert not answer.isError(), device
        inverter = running.devices["Roof inverter"]
        energy = inverter.read("energy")
        await until(lambda: inverter.read("energy") != energy)


def test_the_mains_controller_shows_the_sum_of_its_gensets_and_they_start_when_the_mains_fails() -> None:
    devices = simulated(DEMO_PLANT, ProfileLibrary.shipped())
    outages = 0
    for _ in range(1500):
        for device in devices.values():
            device.advance(1)
        for sets, mains in ((("G1", "G2"), "MKZ mains"), (("G3", "G4"), "YKZ mains")):
            powers = [devices[name].read("power_total") for name in sets]
            assert devices[mains].read("busbar_p") == pytest.approx(sum(float(power or 0) for power in powers))
            if devices[mains].read("mains_switch") == 7 and devices[mains].read("busbar_p"):
                outages += 1
                assert devices[mains].read("mains_total_p") == 0
    assert outages > 50
    assert devices["G2"].read("start_count") != devices["G4"].read("start_count")


async def test_a_plant_whose_port_is_taken_starts_nothing() -> None:
    async with serving([], framing=Framing.TCP) as taken:
        with pytest.raises(PortInUseError, match=str(taken.port)):
            async with running_plant(base_port=taken.port):
                pass


async def test_a_simulation_serves_its_units_and_lets_them_live() -> None:
    async with (
        running_simulation(options(units=(1, 7), framing=Framing.RTU_OVER_TCP)) as simulation,
        pymodbus_client(simulation.port, Framing.RTU_OVER_TCP) as client,
    ):
        first = (await client.read_holding_registers(270, count=6, device_id=7)).registers
        await until(lambda: simulation.devices[7].read("run_minutes") != first[1])
        assert simulation.devices[1].read("gen_status") == 9


async def test_scheduled_faults_come_and_go() -> None:
    faults = (parse_scheduled_fault("1:mute@0.02+0.05"), parse_scheduled_fault("2:exception=3"))
    async with running_simulation(options(units=(1, 2), faults=faults)) as simulation:
        device = simulation.devices[1]
        await until(lambda: device.fault is not None)
        await until(lambda: device.fault is None)
        assert simulation.devices[2].fault == Fault(FaultKind.EXCEPTION, code=3)


async def test_the_console_sets_faults_and_values_while_the_simulation_runs() -> None:
    async with running_simulation(options(units=(1, 2))) as simulation:
        assert await simulation.command("fault 2 exception=6") == "unit 2: exception=6"
        assert "2: smartgen-hgm9520n, unit 2, exception=6" in await simulation.command("list")
        assert await simulation.command("clear 2") == "unit 2: faults and quirks cleared"
        assert await simulation.command("set 2 coolant_temp 95") == "coolant_temp = 95, held"
        async with pymodbus_client(simulation.port, Framing.TCP) as client:
            assert (await client.read_holding_registers(220, device_id=2)).registers == [95]
        assert await simulation.command("set 2 coolant_temp none") == "coolant_temp = none, held"
        assert await simulation.command("read 2 coolant_temp") == "coolant_temp = none"
        assert await simulation.command("release 2 coolant_temp") == "coolant_temp released"
        assert "alarm_count = 0" in await simulation.command("points 2")
        assert "fault DEVICE NAME" in await simulation.command("")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("explode 1", "unknown command 'explode'; commands are list, points"),
        ("fault 9 mute", "unknown device '9 mute'; devices are 1, 2"),
        ("fault 1", "usage: fault DEVICE NAME"),
        ("fault 1 dead", "fault 'dead': allowed are mute"),
        ("set 1 coolant_tmp 4", "no point 'coolant_tmp'; near: coolant_temp"),
        ("set 1 coolant_temp hot", "value 'hot': must be a number"),
        ("set 1 run_hours none", "has no no-data value"),
        ("clear 1 2", "usage: clear DEVICE"),
    ],
)
async def test_a_command_that_cannot_be_done_says_what_is_allowed(text: str, message: str) -> None:
    async with running_simulation(options(units=(1, 2))) as simulation:
        answer = await simulation.command(text)
        assert answer.startswith("error: ")
        assert message in answer


async def test_devices_of_a_plant_are_commanded_by_their_names() -> None:
    async with running_plant(base_port=0) as running:
        assert await running.console.command("fault YKZ mains mute") == "unit 3: mute"
        assert await running.console.command("fault G1 slow=2") == "unit 1: slow=2"
        assert running.devices["YKZ mains"].fault == Fault(FaultKind.MUTE)


async def test_a_simulation_ends_cleanly_when_it_is_cancelled() -> None:
    started: asyncio.Queue[Simulation] = asyncio.Queue(maxsize=1)
    task = asyncio.create_task(simulate(options(), started.put_nowait))
    async with asyncio.timeout(LIMIT_S):
        simulation = await started.get()
        async with raw_client(simulation.port) as (reader, _):
            task.cancel()
            results = await asyncio.gather(task, reader.read(), return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", simulation.port)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"units": ()}, "no unit ids"),
        ({"units": (1, 1)}, "unit id 1 is given twice"),
        ({"units": (300,)}, "unit id 300: allowed are 1 to 255"),
        ({"speed": 0.0}, "speed 0: allowed are"),
        ({"framing": Framing.UDP}, "framing udp: the simulator speaks tcp and rtu_over_tcp"),
        ({"faults": (parse_scheduled_fault("5:mute"),)}, "fault of unit 5: the simulated units are 1"),
    ],
)
async def test_a_simulation_that_cannot_be_is_refused(more: dict[str, object], message: str) -> None:
    with pytest.raises(SimulatorError, match=message):
        async with running_simulation(options(**more)):
            pass


async def test_a_mistake_in_the_physics_is_not_swallowed() -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["exception"]))

    def wrong(_: float) -> None:
        raise ZeroDivisionError("physics")

    with pytest.raises(ZeroDivisionError):
        async with moving(wrong, 1.0):
            await until(lambda: bool(told))


async def test_a_fleet_answers_on_every_port_and_unit_with_true_values() -> None:
    async with running_fleet(boiler(), 20, units_per_port=4, tick_s=0.01) as fleet:
        assert len(set(fleet.ports)) == 5
        member, port = fleet.members[13], fleet.ports[13]
        first = member.read("flow")
        await until(lambda: member.read("flow") != first)
        async with pymodbus_client(port, Framing.TCP) as client:
            answer = await client.read_holding_registers(14, count=2, device_id=member.unit_id)
        shown = struct.unpack(">f", struct.pack(">2H", *answer.registers))[0]
        truths = [frame.read("flow") for frame in member.fleet.frames]
        assert any(truth == pytest.approx(shown, rel=1e-5) for truth in truths)


def test_a_device_of_a_plant_says_all_that_the_catalog_needs() -> None:
    assert DEMO_PLANT.devices[0] == PlantDevice("MKZ", "G1", "smartgen-hgm9520n", 1, 2)
