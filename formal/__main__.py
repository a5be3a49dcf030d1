"""``python -m formal``: the same as the command ``formal``."""

from formal.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
