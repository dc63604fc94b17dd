"""The demonstration: a server and two people at two windows write one draft, without hands.

Nothing in it is staged: the windows are the application in processes of its own, driven by key and mouse events; the
network between one of them and the server is really cut.
"""

from cowrite.demo.director import demo

__all__ = ["demo"]
