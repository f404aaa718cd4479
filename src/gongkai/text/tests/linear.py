"""Whether time grows with the text and no faster: the guard against texts made to keep a parser busy."""

import gc
import time
from collections.abc import Callable
from typing import Any


def assert_linear(work: Callable[[int], Any], times: int) -> None:
    """``work(n)`` with ``4 * times`` takes nowhere near sixteen times as long as with ``times``.

    The best of some tries, none of them with the garbage of other tests to collect: all else only ever adds time.
    """

    def seconds(count: int) -> float:
        started = time.process_time()
        work(count)
        return time.process_time() - started

    work(times // 20)
    gc.collect()
    gc.disable()
    try:
        short, long = min(seconds(times) for _ in range(3)), min(seconds(4 * times) for _ in range(3))
    finally:
        gc.enable()
    assert long < max(8 * short, 0.6), (short, long)
