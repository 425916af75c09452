"""An offer to take back what was just done."""

from datetime import datetime, timedelta
from math import ceil

import reflex as rx

from witei_app.clock import now

SECONDS = 10


class Offering(rx.State, mixin=True):
    """`offered` stands at the foot of the page with a button, for `seconds`. Who mixes it in knows what it undoes."""

    offered: str = ""
    offer_number: int = 0
    seconds: int = SECONDS
    _until: datetime | None = None

    def _make_offer(self, sentence: str, seconds: int = SECONDS) -> None:
        self.offered, self.seconds = sentence, seconds
        self._until = now() + timedelta(seconds=seconds)
        self.offer_number += 1

    def _end_offer(self) -> None:
        self.offered, self._until = "", None
        self.offer_number += 1

    def _keep_offer_for_its_time(self) -> None:
        """After a reload or another page it stands again: for what is left of its time, or not at all."""
        left = (self._until - now()).total_seconds() if self._until else 0
        if left > 0:
            self.seconds = ceil(left)
        elif self.offered:
            self.offered, self._until = "", None
