"""The demonstrations, without hands: a server and two people at two windows write one draft, or three hold a meeting.

Nothing in it is staged: the windows are the application in processes of its own, driven by key and mouse events; the
network between one of them and the server is really cut.
"""

from cowrite.demo.director import demo
from cowrite.demo.meeting import meeting

__all__ = ["demo", "meeting"]
