"""The command `cowrite-server`, and the process that tries an update."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # Each loads much that the other one does not need.
    if sys.argv[1:] == ["try-update"]:  # see `trial.COMMAND`
        from cowrite_server.rooms.trial import try_update

        sys.exit(try_update())
    from cowrite_server.commands.cli import main

    sys.exit(main())
