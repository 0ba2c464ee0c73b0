"""Freed memory goes back to the system, whatever was freed before."""

import subprocess
import sys

_RISES_AND_FALLS = """
import ctypes
from stripchart.process import give_back_what_is_freed

def resident_kib():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4

give_back_what_is_freed()
malloc, free = ctypes.CDLL(None).malloc, ctypes.CDLL(None).free
malloc.restype, malloc.argtypes, free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
free(malloc(30 * 2**20))
before = resident_kib()
blocks = [malloc(2**20) for _ in range(50)]
for block in blocks:
    ctypes.memset(block, 1, 2**20)
held = resident_kib() - before
for block in blocks[:-1]:
    free(block)
print(held, resident_kib() - before)
"""


def test_freed_blocks_are_given_back_although_one_behind_them_is_not() -> None:
    command = [sys.executable, "-c", _RISES_AND_FALLS]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    held_kib, left_kib = map(int, done.stdout.split())
    assert held_kib > 45 * 1024
    assert left_kib < 10 * 1024


def test_as_many_files_may_be_open_as_the_system_allows() -> None:
    """In a process of its own: what a process gave away it does not get back."""
    script = (
        "import resource; hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1];"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard));"
        "from stripchart.process import open_many_files; open_many_files();"
        "print(resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 256)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "True"
