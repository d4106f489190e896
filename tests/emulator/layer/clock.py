"""The time that ages are counted back from: the present, unless the server was started with `--clock`. Sessions, the
credential report and the log have the real time."""

from datetime import UTC, datetime, timedelta

_fixed: datetime | None = None


def fix(time: datetime) -> None:
    global _fixed
    _fixed = time


def ago(days: int) -> datetime:
    """Moto's times have no zone."""
    now = _fixed or datetime.now(UTC)
    return now.astimezone(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=days)
