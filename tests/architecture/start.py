"""Run in a fresh interpreter, as Lambda starts a function: what a handler loads, and which routes it has.

`python start.py validate.handler < events.json`: prints one JSON document, with the modules that were loaded
when the handler was imported (first) and after each of the events.
"""

import importlib
import json
import sys
from typing import Any


def main(name: str) -> None:
    def loaded() -> list[str]:
        return sorted(set(sys.modules) - before)

    events, before = json.load(sys.stdin), set(sys.modules)
    handler = importlib.import_module(name)
    modules = [loaded()]
    resolver: Any = getattr(handler, "app", None)
    routes = resolver._static_routes + resolver._dynamic_routes if resolver else []
    statuses = []
    for event in events:
        statuses.append(resolver.resolve(event, None)["statusCode"])
        modules.append(loaded())
    paths = [[route.method, route.path] for route in routes]
    print("\n" + json.dumps({"modules": modules, "routes": paths, "statuses": statuses}))


if __name__ == "__main__":
    main(sys.argv[1])
