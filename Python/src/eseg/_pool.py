"""The sessions of a model, kept for images to come."""

import threading
from collections.abc import Hashable

from ._session import Session

_KEPT = 4


class SessionPool:
    """Lends each thread a session of its own, and keeps them: of the options that were used last, four at most.

    There are as many sessions of the same options as threads have used at once. A lent one is locked.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: By their options, those that were used last at the end.
        self._sessions: dict[Hashable, list[Session]] = {}
        self._newest: Hashable = None
        self._is_closed = False

    def take(self, options: Hashable) -> Session | None:
        """A session that nobody else has until it is given back; None where there is none."""
        for session in self._sessions.get(options, ()):
            if session.lock.acquire(blocking=False):
                if not session.is_unwanted:
                    if options != self._newest:
                        self._move_to_end(options)
                    return session
                session.lock.release()
                _close([session])
        return None

    def add(self, options: Hashable, session: Session) -> Session:
        """Keeps a new session, and lends it."""
        session.lock.acquire()
        try:
            with self._lock:
                session.is_unwanted = self._is_closed
                self._sessions.setdefault(options, []).append(session)
            self._move_to_end(options)
            with self._lock:
                unwanted = self._sessions.pop(next(iter(self._sessions))) if len(self._sessions) > _KEPT else []
            _close(unwanted)
        except BaseException:
            session.lock.release()
            raise
        return session

    def give_back(self, session: Session) -> None:
        """Takes a session that was lent."""
        session.lock.release()
        if session.is_unwanted:
            _close([session])

    def close(self) -> None:
        """Closes all sessions, those that are lent when they are given back."""
        with self._lock:
            self._is_closed = True
            sessions, self._sessions = self._sessions, {}
        for each in sessions.values():
            _close(each)

    def _move_to_end(self, options: Hashable) -> None:
        with self._lock:
            sessions = self._sessions.pop(options, None)
            if sessions is not None:
                self._sessions[options] = sessions
                self._newest = options


def _close(sessions: list[Session]) -> None:
    """Closes sessions that are not lent; whoever has one of the others does so when it gives it back."""
    for session in sessions:
        session.is_unwanted = True
        if session.lock.acquire(blocking=False):
            session.lock.release()
            session.close()
