"""Run in a fresh interpreter, as Lambda starts a function: what a handler loads, and which routes it has.

`python start.py validate.handler common < events.json`: only the third-party code of the named layers can be
imported. Prints one JSON document, with the modules that were loaded when the handler was imported (first)
and after each of the events.
"""

import importlib
import json
import re
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
OURS = {"cla-platform", "constancia"}


class OnlyLayers(MetaPathFinder):
    """Hides what the development environment has and Lambda has not."""

    def __init__(self, layers: Sequence[str]) -> None:
        texts = [(ROOT / "layers" / layer / "requirements.txt").read_text("utf-8") for layer in layers]
        shipped = {name for text in texts for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
        self._hidden = {
            package
            for package, distributions in packages_distributions().items()
            if not (shipped | OURS) & {re.sub(r"[-_.]+", "-", name).lower() for name in distributions}
        }

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.partition(".")[0] in self._hidden:
            raise ModuleNotFoundError(f"{name} is in no layer of the function", name=name)


def main(name: str, *layers: str) -> None:
    def loaded() -> list[str]:
        return sorted(set(sys.modules) - before)

    events = json.load(sys.stdin)
    sys.meta_path.insert(0, OnlyLayers(layers))
    before = set(sys.modules)
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
    main(*sys.argv[1:])
