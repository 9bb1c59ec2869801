"""The tables of the desk. One database holds one programme year: one OUT folder.

Times are ISO 8601 text in UTC, of one width, so that they sort and read the same on SQLite and
PostgreSQL. ``decisions`` and ``audit`` only grow: triggers refuse changes (see migrations).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    CursorResult,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
TIME = String(32)

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),  # typed at login
    Column("shown", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password", String(256), nullable=False),  # argon2id, with its salt and costs
    Column("active", Boolean, nullable=False, default=True),
    Column("created", TIME, nullable=False),
    CheckConstraint("role IN ('office', 'expert', 'researcher')", name="role"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),  # SHA-256 of what the browser holds
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("created", TIME, nullable=False),
    Column("expires", TIME, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("origin", String(64), nullable=False),  # address the try came from
    Column("at", TIME, nullable=False),
    Column("ok", Boolean, nullable=False),
    Index(None, "name", "at"),
    Index(None, "origin", "at"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", String(255), primary_key=True),  # folder of OUT
    Column("company", Text, nullable=False),
    Column("year", Integer),
    Column("industry", Text, nullable=False),
    Column("district", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("changed", TIME, nullable=False),
    CheckConstraint(
        "state IN ('missing', 'submitted', 'failed', 'reviewing', 'suggested', 'revised',"
        " 'approved')",
        name="state",
    ),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1 = first hand-in
    Column("file", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received", TIME, nullable=False),
    Column("sender", Text, nullable=False),  # account, or who had the link
    Column("status", String(16), nullable=False),  # waiting, running, or as in run.json
    Column("progress", Float, nullable=False, default=0.0),  # of its review, 0-1
    Column("code", String(64), nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    UniqueConstraint("submission_id", "number"),
    CheckConstraint(
        "status IN ('waiting', 'running', 'done', 'partial', 'failed', 'skipped')", name="status"
    ),
)

links = Table(
    "links",
    metadata,
    Column("token", String(64), primary_key=True),  # SHA-256 of the link's secret
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("created", TIME, nullable=False),
    Column("expires", TIME, nullable=False),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("seat", Integer, nullable=False),  # 1 or 2: two readers a report
    Column("assigned", TIME, nullable=False),
    Column("signed", TIME),
    UniqueConstraint("submission_id", "seat"),
    UniqueConstraint("submission_id", "user_id"),
    CheckConstraint("seat IN (1, 2)", name="seat"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("seq", Integer, primary_key=True),  # order of arrival
    Column("id", String(32), nullable=False, unique=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("subject", String(16), nullable=False),
    Column("framework", String(64), nullable=False),
    Column("key", String(128), nullable=False),
    Column("at", TIME, nullable=False),
    Column("why", Text, nullable=False),
    Column("old_status", String(32), nullable=False),
    Column("old_level", Float),
    Column("status", String(32), nullable=False),
    Column("level", Float),
    Column("document", String(64), nullable=False),
    Column("quote", Text, nullable=False),
    Column("fingerprint", String(16), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page", Integer),
    Column("paragraph", Integer, nullable=False),
    Column("supersedes", String(32), nullable=False),
    Column("final", Boolean, nullable=False),
    Index(None, "submission_id", "seq"),
    CheckConstraint("subject IN ('finding', 'check', 'quality')", name="subject"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", TIME, nullable=False, index=True),
    Column("who", String(64), nullable=False),  # account name, or "" for nobody known
    Column("action", String(32), nullable=False),
    Column("submission", String(255), nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "submission", "at"),
)


def inserted(result: CursorResult[Any]) -> int:
    """Key of the one row that an insert made; for the tables whose key is a single number."""
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])
