"""The desk's only look at the clock; times as the tables hold them."""

from datetime import UTC, datetime, timedelta


def now(later: timedelta = timedelta()) -> str:
    """The present moment, or one ``later``: ISO 8601, UTC, microseconds, always 32 characters."""
    return (datetime.now(UTC) + later).isoformat(timespec="microseconds")
