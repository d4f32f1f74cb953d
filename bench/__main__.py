"""The benchmark: `make bench`, or `python -m bench` with options. Exits with 1 where a target is missed."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from bench import served
from bench.parts import PARTS
from bench.result import table
from bench.workloads import WORKLOADS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.result import Result

_ALL = [*WORKLOADS, *PARTS]


def main() -> int:
    """Measure, print the table, and tell whether the targets are met."""
    options = _options()
    results = []
    for result in _measured(options):
        results.append(result)
        _say(f"{' · '.join(result.key)}: {result.value:.4g}")
    text, met = table(results)
    sys.stdout.write(f"{text}\n")
    return 0 if met else 1


def _measured(options: argparse.Namespace) -> Iterator[Result]:
    seconds = 3.0 if options.quick else 20.0
    for name in options.only:
        if name in PARTS:
            yield from PARTS[name](seconds)
            continue
        begun = time.monotonic()
        workload = WORKLOADS[name]()
        workload.bundle()
        _say(f"{name}: prepared in {time.monotonic() - begun:.1f} s")
        yield from served.measure(workload, options.rows, options.addresses, seconds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", type=_names, default=_ALL, metavar="W1,W2", help=f"some of {', '.join(_ALL)}")
    parser.add_argument("--rows", type=_names, default=list(served.ROWS), metavar="allow,decision", help="some rows")
    parser.add_argument("--addresses", type=_names, default=["tcp", "unix"], metavar="tcp,unix", help="how to connect")
    parser.add_argument("--quick", action="store_true", help="a few seconds for each row")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    return text.split(",")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
