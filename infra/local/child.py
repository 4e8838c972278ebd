"""Runs a module in a process that ends with the one that started it.

`python -m infra.local.child MODULE ARGS...`: the parent holds the other end of standard input. However the
parent ends, killed outright or not, that end closes, and the child ends too: no orphans are left behind.
"""

import os
import runpy
import sys
from threading import Thread


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def main() -> None:
    """Run the module that the arguments name, as `python -m` would."""
    sys.argv = sys.argv[1:]
    Thread(target=_end_with_parent, daemon=True).start()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
