"""What a device says that it does not have is left out of its plan, and nothing else is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.drivers.modbus.compiled import CompiledProfile, compile_profile
from stripchart.profiles.library import ProfileLibrary

PROFILE = ProfileLibrary.shipped().get("temco-t3")
WHOLE = compile_profile(PROFILE)
PLACE_OF = {point.key: place for place, point in enumerate(PROFILE.points)}
KINDS = {"max_inputs": "in", "max_outputs": "out", "max_variables": "var"}


def cut(**capacities: float) -> CompiledProfile:
    current = np.full(len(PROFILE.points), np.nan)
    for key, number in capacities.items():
        current[PLACE_OF[key]] = number
    return WHOLE.within(current)


def decoded(compiled: CompiledProfile) -> set[str]:
    return {PROFILE.points[place].key for read in compiled.reads for place in read.decoder.positions.tolist()}


@given(inputs=st.integers(1, 256), outputs=st.integers(1, 256), variables=st.integers(1, 256))
def test_points_are_there_up_to_their_capacity(inputs: int, outputs: int, variables: int) -> None:
    capacities = {"max_inputs": inputs, "max_outputs": outputs, "max_variables": variables}
    compiled = cut(**capacities)
    kept = decoded(compiled)
    for key, kind in KINDS.items():
        count = min(capacities[key], 128 if kind == "var" else 64)
        for name in (kind + "{}", kind + "{}_analog", kind + "{}_range", kind + "{}_manual"):
            assert {name.format(number) for number in range(1, count + 1)} <= kept
            assert name.format(count + 1) not in kept
    spans = {span for read in compiled.reads for span in read.spans}
    blocks = [block for read in compiled.reads for block in read.blocks]
    assert set(compiled.spans) == spans
    assert all(any(block.start <= span.start and span.end <= block.end for block in blocks) for span in spans)
    assert max(len(block) for block in blocks) <= 100


def test_while_nothing_is_known_everything_is_there() -> None:
    assert decoded(cut()) == decoded(WHOLE) == {point.key for point in PROFILE.points}


def test_devices_of_the_same_size_share_a_plan() -> None:
    assert cut(max_inputs=8) is cut(max_inputs=8)
    assert cut(max_inputs=8) is not cut(max_inputs=9)


@pytest.mark.parametrize("key", [key for key in ProfileLibrary.shipped().keys if key != "temco-t3"])
def test_other_profiles_are_as_they_were(key: str) -> None:
    compiled = compile_profile(ProfileLibrary.shipped().get(key))
    assert compiled.leading == 0
    assert not compiled.is_absent.any()
