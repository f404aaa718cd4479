"""The session engine: one row a browser, with its owner and two limits, idle and absolute.

``SESSION_IDLE_SECONDS`` after the last request, and ``SESSION_LIFETIME_SECONDS`` after signing in, a session is over.
The row is read once a request, as with Django's own engine; that it was used is noted at most once a minute.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from . import moment
from .models import Session

SINCE, ADDRESS, AGENT = "_since", "_address", "_agent"
NOTED = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Sessions in :class:`~.models.Session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        now = moment.now()
        row = Session.objects.filter(session_key=self.session_key, expire_date__gt=now).first()
        if row is None:
            self._session_key = None
            return None
        if now - row.seen_at > NOTED:
            ends = _ends(now, self.decode(row.session_data).get(SINCE))
            Session.objects.filter(pk=row.pk).update(seen_at=now, expire_date=ends)
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it is saved."""
        now, since = moment.now(), data.get(SINCE)
        return Session(
            session_key=self._get_or_create_session_key(),
            session_data=self.encode(data),
            expire_date=_ends(now, since),
            person_id=data.get(SESSION_KEY),
            started_at=datetime.fromtimestamp(since, UTC) if since else now,
            seen_at=now,
            address=data.get(ADDRESS, ""),
            agent=data.get(AGENT, ""),
        )

    @classmethod
    def clear_expired(cls) -> None:
        """Forget what is over (``manage clearsessions``)."""
        Session.objects.filter(expire_date__lte=moment.now()).delete()


def _ends(now: datetime, since: float | None) -> datetime:
    idle = now + timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    if since is None:
        return idle
    return min(idle, datetime.fromtimestamp(since, UTC) + timedelta(seconds=settings.SESSION_LIFETIME_SECONDS))
