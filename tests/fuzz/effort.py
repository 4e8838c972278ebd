"""How long the fuzzers look: in CI as long as it affords, always at the same cases; or many times that.

`make fuzz TIMES=50` (the environment's CONSTANCIA_FUZZ) looks fifty times as long, at other cases each time.
"""

import os
from collections.abc import Callable
from typing import Final

from hypothesis import HealthCheck, settings

TIMES: Final = int(os.environ.get("CONSTANCIA_FUZZ", "1"))
FRESH: Final = TIMES > 1
"""Whether each run looks at cases of its own."""


def effort(examples: int, **changes: object) -> settings:
    """So many examples in CI, from one seed for good; a failure prints what to repeat it with."""
    return settings(
        max_examples=examples * TIMES,
        derandomize=not FRESH,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
        **changes,  # type: ignore[arg-type]
    )


def outcome_of[Result, Error: Exception](errors: type[Error], call: Callable[[], Result]) -> Result | Error:
    """What a call answers or refuses with, where either may be right."""
    try:
        return call()
    except errors as error:
        return error
