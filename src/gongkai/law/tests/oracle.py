"""The clock counted day by day: slow, independent of ``gongkai.law.clocks``, sharing only which days are worked.

Each day is lived through once. A working day either counts against the answer period or, while an opinion is awaited,
does not. Events happen at the end of their day. Days are ordinals; an event is ``(kind, on, days, until)``.
"""

from collections.abc import Sequence

Event = tuple[str, int, int | None, int | None]
WAITING = {"clarification": ("clarified", "consultation_returned"), "fee": ("fee_paid", "consultation_returned")}


class Impossible(Exception):
    """The events cannot have happened."""


class Oracle:
    """``worked[day - base]`` says whether an ordinal is a working day."""

    def __init__(self, received: int, worked: Sequence[bool], base: int) -> None:
        self.worked, self.base, self.day = worked, base, received
        self.left = 20  # working days of the answer period still to come
        self.last = 0  # the day the period's last working day was used up
        self.extension = self.delay = 0
        self.letter = False  # an opinion was asked for and has not come
        self.opinion_left = 0  # working days left for it; 0 is silence
        self.opinion_last = 0  # the day silence began
        self.excludes = False  # whether waiting for it takes days out of the period
        self.wait = ""
        self.corrected_once = self.charged_once = False
        self.pay_left = self.pay_last = 0

    def copy(self) -> "Oracle":
        """The same moment, to live on differently."""
        twin = object.__new__(Oracle)
        twin.__dict__.update(self.__dict__)
        return twin

    def live(self) -> None:
        """One more day passes."""
        self.day += 1
        if not self.worked[self.day - self.base]:
            return
        if self.pay_left:
            self.pay_left -= 1
            self.pay_last = self.day
        if self.letter and self.opinion_left:
            self.opinion_left -= 1
            self.opinion_last = self.day
            if self.excludes:
                # Asked on the very last day: today becomes the last.
                self.last = self.day if not self.left else 0
                return
        if self.left:
            self.left -= 1
            self.last = self.day

    def excluding(self) -> bool:
        return self.letter and self.opinion_left > 0 and self.excludes

    def statutory(self) -> int:
        """The end of the period of Art 33 if nothing more happens."""
        future = self.copy()
        while future.left or future.excluding():
            future.live()
        return future.last

    def due(self) -> int:
        """The due date if nothing more happens."""
        return max(self.statutory(), self.delay)

    def due_if_answered_today(self) -> int:
        """The due date if the awaited opinion came today."""
        answered = self.copy()
        answered.letter = False
        return answered.due()

    def restart(self) -> None:
        self.left, self.last, self.extension, self.delay, self.wait = 20, 0, 0, 0, ""
        self.excludes = True  # a letter still out keeps days out of the new period

    def happen(self, event: Event) -> None:
        """One event; ``Impossible`` if it cannot be."""
        kind, on, days, until = event
        if on < self.day:
            raise Impossible("order")
        while self.day < on:
            self.live()
        if self.wait and kind not in WAITING[self.wait]:
            raise Impossible("waiting")
        getattr(self, kind)(days, until)

    def refuse(self, condition: object) -> None:
        if condition:
            raise Impossible

    def clarification_requested(self, days: int | None, until: int | None) -> None:
        self.refuse(self.corrected_once or (until and until <= self.day))
        self.corrected_once, self.wait = True, "clarification"

    def clarified(self, days: int | None, until: int | None) -> None:
        self.refuse(self.wait != "clarification")
        self.restart()

    def consultation_sent(self, days: int | None, until: int | None) -> None:
        self.refuse(self.letter and (self.opinion_left or self.day <= self.opinion_last))
        self.letter = False
        self.excludes = self.day <= self.statutory()
        self.letter, self.opinion_left = True, 15

    def consultation_returned(self, days: int | None, until: int | None) -> None:
        self.refuse(not self.letter)
        self.letter = False

    def extended(self, days: int | None, until: int | None) -> None:
        self.refuse(self.extension or self.delay or not days or days not in range(1, 21) or self.day > self.due())
        # Waiting on the last day, the day of the letter was the last that counted.
        self.extension = days
        self.left += days

    def reasonable_delay(self, days: int | None, until: int | None) -> None:
        self.refuse(self.delay or not until or self.day > self.due() or until <= self.due_if_answered_today())
        self.delay = until

    def fee_noticed(self, days: int | None, until: int | None) -> None:
        self.refuse(self.charged_once or self.day > self.due())
        self.charged_once, self.wait, self.pay_left = True, "fee", 20

    def fee_paid(self, days: int | None, until: int | None) -> None:
        self.refuse(self.wait != "fee" or (not self.pay_left and self.day > self.pay_last))
        self.restart()
