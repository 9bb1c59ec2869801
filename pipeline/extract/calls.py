"""PDFium's functions for calls by the thousand.

pypdfium2 declares their arguments as typed pointers, which ctypes checks and wraps one by one.
Declared as plain numbers, and looped over by ``map``, a call takes a third of the time.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable
from itertools import count, repeat
from typing import Any

import numpy as np

Number = type[ctypes.c_int] | type[ctypes.c_ulong] | type[ctypes.c_void_p] | type[ctypes.c_double]


def plain(function: Any, result: Number, *arguments: Number) -> Callable[..., Any]:
    """A function of ``pypdfium2.raw`` that takes and gives pointers as integers."""
    return ctypes.PYFUNCTYPE(result, *arguments)(address(function))


def address(pointer: Any) -> int:
    """A handle of ``pypdfium2.raw`` as an integer, 0 for none."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def fill(
    function: Callable[..., Any], handle: int, indices: Iterable[int], *out: np.ndarray
) -> None:
    """Have ``function(handle, index, row, ...)`` write a row of each array for each index.

    Args:
        function: From ``plain``.
        handle: Its first argument.
        indices: As many as the arrays have rows.
        out: Contiguous arrays of the type that the function writes.
    """
    rows = [count(a.ctypes.data, a[:1].nbytes) for a in out]
    deque(map(function, repeat(handle), indices, *rows), maxlen=0)
