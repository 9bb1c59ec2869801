"""Keep a process, and all it starts, off the network: a filter of system calls (seccomp).

Namespaces would do as well, but containers and some desktops forbid them to ordinary users; a
filter needs no right at all. Sockets of the machine itself (AF_UNIX) stay: LibreOffice wants one.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from functools import cache

# (audit name, socket, seccomp) of the kernel for each machine we know.
_NUMBERS = {"x86_64": (0xC000003E, 41, 317), "aarch64": (0xC00000B7, 198, 277)}
_IO_URING = 425  # makes sockets without the system call of that name
_OTHER_CALLS = 0x40000000  # bit of the x32 calls, another way to the same
_AF_UNIX = 1
_NO_NEW_PRIVILEGES = 38
_FILTER, _ALL_THREADS = 1, 1
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # EACCES: "Permission denied"
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ARCHITECTURE, _NUMBER, _FIRST_ARGUMENT = 4, 0, 16  # places in struct seccomp_data


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


@cache
def go_offline() -> bool:
    """Refuse this process and its children every new socket but those of the machine itself.

    Returns:
        Whether the system could do it: Linux on x86-64 or ARM64 can; others go on as they are.
    """
    known = _NUMBERS.get(platform.machine()) if sys.platform == "linux" else None
    if known is None:
        return False
    code = _code(known[0], known[1])
    kernel = ctypes.CDLL(None, use_errno=True)
    program = _Program(len(code) // 8, code)
    if kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return bool(kernel.syscall(known[2], _FILTER, _ALL_THREADS, ctypes.byref(program)) == 0)


def _code(architecture: int, socket: int) -> bytes:
    """The filter: eight bytes an instruction, jumps counted from the next one."""
    steps = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 7, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 5, 0, _OTHER_CALLS),
        (_EQUAL, 4, 0, _IO_URING),
        (_EQUAL, 0, 2, socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 0, 1, _AF_UNIX),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
