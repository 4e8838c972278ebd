"""Whether two kinds of call take as long: a rank statistic over interleaved trials.

Medians in milliseconds would need a threshold that holds on every machine. Instead: of a call of one kind and
a call of the other, how often did the latter take longer? One time in two, where both take as long, with a
standard error that depends on the number of trials alone: sqrt((2n + 1) / 12n²), 0.0289 for n = 200 (Mann and
Whitney 1947). Chance exceeds `FAR` standard errors in one comparison of 16,000. Who exceeds them is measured
once more, wholly anew, and counts as different only when that says so too: one comparison of 250 million.

Measured is the thread's processor time. What other processes take is noise, and outside calls, which would be
waited for, are held to be the same ones by other tests.
"""

import gc
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Final

TRIALS: Final = 200
FAR: Final = 4
_WARM_UP: Final = 20

type Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one kind against the reference."""

    kind: str
    longer: float
    """How often it took longer than the reference; 0.5 where both take as long."""
    medians: tuple[float, float]
    """Of the reference and of the kind, in microseconds."""

    @property
    def errors(self) -> float:
        """By how many standard errors that is away from one in two."""
        return abs(self.longer - 0.5) / sqrt((2 * TRIALS + 1) / (12 * TRIALS * TRIALS))

    @property
    def is_far(self) -> bool:
        """More than chance explains."""
        return self.errors > FAR


def differences(reference: Call, kinds: Mapping[str, Call]) -> list[Difference]:
    """Time each kind against the reference, and those that differ once more; what differs twice."""
    far = {one.kind for one in measured(reference, kinds) if one.is_far}
    if not far:
        return []
    again = measured(reference, {kind: kinds[kind] for kind in far})
    return [one for one in again if one.is_far]


def measured(reference: Call, kinds: Mapping[str, Call]) -> list[Difference]:
    """Call all of them in turns, in another order each time."""
    calls = {"": reference, **kinds}
    times: dict[str, list[int]] = {kind: [] for kind in calls}
    order = list(calls)
    collecting = gc.isenabled()
    gc.disable()
    try:
        for trial in range(-_WARM_UP, TRIALS):
            random.shuffle(order)
            for kind in order:
                begun = time.thread_time_ns()
                calls[kind]()
                taken = time.thread_time_ns() - begun
                if trial >= 0:
                    times[kind].append(taken)
            gc.collect(0)
    finally:
        if collecting:
            gc.enable()
    return [_difference(kind, times[""], times[kind]) for kind in kinds]


def _difference(kind: str, reference: list[int], other: list[int]) -> Difference:
    longer = sum((b > a) + (a == b) / 2 for a in reference for b in other) / len(reference) / len(other)
    return Difference(kind, longer, (median(reference) / 1000, median(other) / 1000))
