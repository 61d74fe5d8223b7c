"""The workbench: a web page on which a centre's devices lie side by side, to be touched, pressed and read.

It moves and sees the fakes only through their control sockets and the slips that the printer has left, as a hand and an
eye would; every other path is the network's own pages, passed through from the agent.
"""

from borne.demo.workbench.app import make_app

__all__ = ["make_app"]
