"""Which of several packs of local rules a body works under, from one setting for the whole installation."""

from .models import Body


def chosen(told: str, body: Body) -> str:
    """The pack that ``common,cq-yuzhong=hunan`` (body=pack; without a body: for everybody else) names for a body.

    Its own, else that of the nearest body above it; ``common`` where nothing is said.
    """
    pairs = (one.rpartition("=") for one in told.split(",") if one.strip())
    wanted = {key.strip(): pack.strip() for key, _, pack in pairs}
    steps = body.path.strip("/").split("/")[::-1]
    return next((wanted[key] for key in steps if key in wanted), wanted.get("", "common"))
