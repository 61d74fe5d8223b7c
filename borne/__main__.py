"""`python -m borne`, and the `borne` command."""

import sys

from borne.cli import run

__all__ = ["main"]


def main() -> None:
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
