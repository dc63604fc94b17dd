"""The command `cowrite-server`, and the process that tries an update."""

from __future__ import annotations

import sys

from cowrite_server.trial import COMMAND, try_update

if __name__ == "__main__":
    if sys.argv[1:] == [COMMAND]:
        sys.exit(try_update())
    from cowrite_server.cli import main  # only now: it has much to load that the other one does not need

    sys.exit(main())
