"""The allocator of the C library: told to give freed memory back to the system.

glibc takes large blocks straight from the system and gives them back when they are freed. But each time a larger one
is freed, it takes blocks up to that size from its heaps from then on, up to 32 MiB; heaps keep what is freed, and
there may be sixteen of them. A fleet of 1000 devices recorded for two minutes took 366 MB, and 215 MB with this.
"""

import ctypes

_M_ARENA_MAX = -8
_M_MMAP_THRESHOLD = -3
_HEAPS = 2
_LARGE_BYTES = 256 * 1024


def give_back_what_is_freed() -> None:
    """For this process, from now on. Without glibc nothing happens."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _HEAPS)
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
