"""`constancia people`: the people of the sandbox registries, to try."""

import signal

from infra.registries.people import today_in_lima
from infra.registries.scenarios import scenarios


def people_table() -> str:
    """For each person the name, who it is, what to type, and how it ends."""
    people = scenarios(today_in_lima())
    width = max(len(person.name) for person in people)
    return "\n".join(
        f"  {person.name:{width}}  {person.title}\n  {'':{width}}  {person.try_with} -> {person.expected}"
        for person in people
    )


def run() -> int:
    """Print the table; a reader such as `head` may stop reading."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    print(people_table())
    return 0
