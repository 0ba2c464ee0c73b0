"""What is read before a lease, or ends after it, is nobody's."""

import numpy as np

from stripchart.drivers.base import Poll
from stripchart.model.sample import SampleBatch
from stripchart.polling.leased import LeasedDriver


class Asked:
    """A driver that is asked; the lease ends while it reads when that is wanted."""

    def __init__(self) -> None:
        self.polls, self.may_read, self.ends_meanwhile = 0, True, False

    async def poll(self, _cycle: int) -> Poll:
        self.polls += 1
        self.may_read = self.may_read and not self.ends_meanwhile
        return Poll(SampleBatch.all_bad(np.array([7], np.int32), 1000), 1)

    async def aclose(self) -> None: ...


async def test_it_reads_while_it_may() -> None:
    asked = Asked()
    assert len((await LeasedDriver(asked, lambda: asked.may_read).poll(0)).samples) == 1


async def test_nothing_is_asked_without_a_lease() -> None:
    asked = Asked()
    asked.may_read = False
    poll = await LeasedDriver(asked, lambda: asked.may_read).poll(0)
    assert (asked.polls, poll.blocks_read, poll.error, len(poll.samples)) == (0, 0, None, 0)


async def test_what_was_read_while_the_lease_ended_is_not_passed_on() -> None:
    asked = Asked()
    asked.ends_meanwhile = True
    poll = await LeasedDriver(asked, lambda: asked.may_read).poll(0)
    assert (asked.polls, poll.blocks_read, len(poll.samples)) == (1, 0, 0)
