"""Plays SES's events of the letters: that one was sent by itself, the rest when asked to."""

import threading
from collections.abc import Callable
from datetime import datetime

from local.aws import Cloud, Mail
from local.bus import Bus
from local.news import event_of

# A letter is told of a moment after SES took it, so that whoever sent it is free to listen.
SEND_SECONDS = 0.3
STOP_SECONDS = 1.0
# What a person or a test asks for, and the event that this makes SES publish.
ASKED = {"deliver": "Delivery", "bounce": "Bounce", "complain": "Complaint", "reject": "Reject"}
Played = tuple[datetime, str]


class Postman:
    """A thread that tells of each mail once it is sent. `published`: kinds told, as in `SEND`."""

    def __init__(
        self, cloud: Cloud, bus: Bus, published: frozenset[str], now: Callable[[], datetime]
    ) -> None:
        self._cloud = cloud
        self._bus = bus
        self._published = published
        self._now = now
        self._told: set[str] = set()
        self._played: dict[str, list[Played]] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def play(self, mail: Mail, kind: str) -> None:
        """Let SES tell of a mail, as in `Bounce`; come back when functions took it."""
        if kind.upper() not in self._published:
            return
        now = self._now()
        self._bus.put(event_of(kind, mail, now))
        self._played.setdefault(mail.id, []).append((now, kind))

    def played(self, mail: Mail) -> list[Played]:
        """Give what was told of a mail and when, in order."""
        return list(self._played.get(mail.id, []))

    def stop(self) -> None:
        """Tell no more."""
        self._stopped.set()
        self._bus.stop()
        self._cloud.application.mailed.set()
        self._thread.join(timeout=STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._cloud.application.mailed.wait()
            self._cloud.application.mailed.clear()
            if not self._stopped.wait(SEND_SECONDS):
                self._tell_of_new()

    def _tell_of_new(self) -> None:
        mails = self._cloud.mails()
        new = [mail for mail in mails if mail.id not in self._told]
        self._told = {mail.id for mail in mails}
        for mail in new:
            self.play(mail, "Send")
