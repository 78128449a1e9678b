"""The sessions of a model, kept for images to come."""

import threading
from collections.abc import Hashable

from ._session import Session

_KEPT = 4


class SessionPool:
    """Lends each thread a session of its own, and keeps those that were given back: of the options that were used last, four at most.

    There are as many sessions of the same options as threads have used at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: By their options, those that were used last at the end.
        self._idle: dict[Hashable, list[Session]] = {}
        self._is_closed = False

    def take(self, options: Hashable) -> Session | None:
        """A session that nobody else has until it is given back; None where there is none."""
        with self._lock:
            idle = self._idle.get(options)
            return idle.pop() if idle else None

    def give_back(self, options: Hashable, session: Session) -> None:
        """Keeps a session of these options, or closes what is not needed any more."""
        for unneeded in self._kept(options, session):
            unneeded.close()

    def close(self) -> None:
        """Closes all sessions, those that are lent when they are given back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, {}
        for sessions in idle.values():
            for session in sessions:
                session.close()

    def _kept(self, options: Hashable, session: Session) -> list[Session]:
        """Keeps a session; returns those to be closed."""
        with self._lock:
            if self._is_closed:
                return [session]
            self._idle[options] = [*self._idle.pop(options, []), session]
            if len(self._idle) <= _KEPT:
                return []
            return self._idle.pop(next(iter(self._idle)))
