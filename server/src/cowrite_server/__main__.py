"""The command `cowrite-server`, and the processes that a server begins."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # Each loads much that the other one does not need.
    if sys.argv[1:] == ["try-update"]:  # see `trial.COMMAND`
        from cowrite_server.rooms.trial import try_update

        sys.exit(try_update())
    if sys.argv[1:] == ["place-update"]:  # see `trial.PLACE_COMMAND`
        from cowrite_server.rooms.trial import place_update

        sys.exit(place_update())
    if sys.argv[1:] == ["make-snapshot"]:  # see `compaction.COMMAND`
        from cowrite_server.rooms.compaction import make_snapshot

        sys.exit(make_snapshot())
    if sys.argv[1:] == ["weigh-document"]:  # see `burden.COMMAND`
        from cowrite_server.rooms.burden import weigh_document

        sys.exit(weigh_document())
    from cowrite_server.commands.cli import main

    sys.exit(main())
