#!/usr/bin/env python3
"""Takes a checkout to a running app, or to its checks, with one command.

    python3 bootstrap.py setup            make .venv and install everything into it, the assistant's engine too
    python3 bootstrap.py run [ARGS...]    set up, then start cowrite with ARGS
    python3 bootstrap.py two              set up, then start a server and two windows
    python3 bootstrap.py test [ARGS...]   set up with the test tools, then run every check; ARGS go to pytest

On Windows write `py` in place of `python3`. Needs Python 3.11 to 3.14 and nothing else.
"""

# Every Python can read this file, however old, and one that does not suit is told so before it meets the others.

import sys

PYTHONS = ((3, 11), (3, 14))  # the oldest and the newest that work

if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
    found = ".".join(map(str, sys.version_info[:2]))
    other = "py -3.14" if sys.platform == "win32" else "python3.14"  # `py` alone takes the newest
    told = "bootstrap.py: this is Python {}; run it with Python 3.11 to 3.14, as in `{} bootstrap.py`."
    sys.exit(told.format(found, other))

if __name__ == "__main__":
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).resolve().parent))  # where no Python looks that was told -P
    from bootstrap_commands import main

    sys.exit(main(sys.argv[1:], __doc__))
