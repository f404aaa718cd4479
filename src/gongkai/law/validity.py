"""What a document is on a given day: a pure function of its dates. 废止 and 失效 differ and are kept apart."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: The end of the validity of what has no end yet.
OPEN = date(9999, 12, 31)
#: How long before its end a document counts as 即将到期 (local rules ask for an evaluation within six months).
SOON = timedelta(days=183)


class Status(StrEnum):
    """The status of a document on a day; NONE where the question does not arise (a report, a list)."""

    NONE = ""
    UNISSUED = "unissued"
    DRAFT = "draft"
    COMMENTING = "commenting"
    REGISTERED = "registered"
    ABANDONED = "abandoned"
    PENDING = "pending"
    IN_FORCE = "in_force"
    AMENDED = "amended"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REPEALED = "repealed"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        """The status in Chinese."""
        return _LABELS[self]

    @property
    def in_force(self) -> bool:
        """Whether the norm is issued and has not ceased; one issued and not yet applied counts (see figures)."""
        return self in {Status.PENDING, Status.IN_FORCE, Status.AMENDED, Status.EXPIRING}

    @property
    def ended(self) -> bool:
        """Whether it was in force and is no longer."""
        return self in {Status.EXPIRED, Status.REPEALED, Status.LAPSED}

    @property
    def tone(self) -> str:
        """How it is to be taken: ``ok``, ``soon`` (look at it), ``late`` (over), ``brand`` (on its way), or nothing."""
        return _TONES.get(self, "")


_LABELS = {
    Status.NONE: "",
    Status.UNISSUED: "尚未公布",
    Status.DRAFT: "草案",
    Status.COMMENTING: "征求意见",
    Status.REGISTERED: "已登记，待公布",
    Status.ABANDONED: "终止起草",
    Status.PENDING: "已公布未施行",
    Status.IN_FORCE: "有效",
    Status.AMENDED: "有效（已修改）",
    Status.EXPIRING: "即将到期",
    Status.EXPIRED: "失效（期满）",
    Status.REPEALED: "废止",
    Status.LAPSED: "宣布失效",
}
_TONES = {
    Status.COMMENTING: "brand", Status.REGISTERED: "brand", Status.ABANDONED: "late",
    Status.PENDING: "brand", Status.IN_FORCE: "ok", Status.AMENDED: "ok", Status.EXPIRING: "soon",
    Status.EXPIRED: "late", Status.REPEALED: "late", Status.LAPSED: "late",
}  # fmt: skip


@dataclass(frozen=True)
class Validity:
    """The dates that decide. ``valid_until`` is the last day in force; ``ended_on`` the first day no longer in force.

    ``ended_how`` is ``repealed`` or ``lapsed`` where an act of the issuer ends it; ``amended_from`` the days from which
    amendments apply. ``earlier_terms`` are the ends of validity that renewals replaced, each with the day of its
    renewal; ``stages`` what it was before it was issued, each from its day on.
    """

    issued_on: date | None
    effective_on: date | None
    valid_until: date | None = None
    ended_on: date | None = None
    ended_how: str = ""
    amended_from: tuple[date, ...] = ()
    earlier_terms: tuple[tuple[date, date], ...] = ()
    stages: tuple[tuple[date, Status], ...] = ()

    def until(self, day: date) -> date | None:
        """The last day in force as it was fixed on ``day``: before a renewal the term that was renewed."""
        return next((term for renewed, term in self.earlier_terms if day < renewed), self.valid_until)

    def stage(self, day: date) -> Status:
        """What it was on a day before it was issued."""
        begun = [stage for since, stage in self.stages if since <= day]
        return begun[-1] if begun else Status.UNISSUED

    @property
    def ceased_on(self) -> date:
        """The first day no longer in force, ``OPEN`` while there is none."""
        return min(self.ended_on or OPEN, self.valid_until + timedelta(1) if self.valid_until else OPEN)


def status(norm: Validity, day: date, soon: timedelta = SOON) -> Status:
    """The status on ``day``; ``soon`` is how long before its end a norm is 即将到期."""
    if norm.issued_on is None or norm.effective_on is None or day < norm.issued_on:
        return norm.stage(day)
    if day >= norm.ceased_on:
        by_act = norm.ended_on is not None and norm.ended_on == norm.ceased_on
        return Status(norm.ended_how) if by_act else Status.EXPIRED
    if day < norm.effective_on:
        return Status.PENDING
    if (until := norm.until(day)) and until - day <= soon:
        return Status.EXPIRING
    return Status.AMENDED if any(start <= day for start in norm.amended_from) else Status.IN_FORCE
