"""`constancia people`: the people of the sandbox registries, what to type for each, and how each ends."""

import signal

from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenarios


def people_table() -> str:
    """One line for the name and the end of each scenario, one for who it is, one for what to type."""
    return "\n".join(
        f"  {person.name:<24}{_end(person.expected)}\n      {person.title}\n      {person.try_with}"
        for person in scenarios(today_in_lima())
    )


def run() -> int:
    """Print the table; a reader such as `head` may stop reading."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    print(people_table())
    return 0


def _end(expected: str) -> str:
    return "issued" if expected == "ISSUED" else f"refused: {expected}"
