"""Who may come in: accounts, argon2 passwords, sessions, and a limit on tries.

A refusal never says why: not whether the name exists, nor which limit was met.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.desk.store import audit
from pipeline.desk.store.clock import now
from pipeline.desk.store.database import Store
from pipeline.desk.store.schema import attempts, inserted, sessions, users
from pipeline.emit.escape import clean

Role = Literal["office", "expert", "researcher"]
ROLES: tuple[Role, ...] = ("office", "expert", "researcher")
SESSION = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
TRIES = 5  # failures of a name from one origin in the window
TRIES_NAME, TRIES_ORIGIN = 20, 50  # of a name from anywhere; of an origin at any names
SHORTEST, LONGEST = 10, 200  # characters of a password
NO_PASSWORD = "!"  # nothing hashes to this: an account that cannot log in

_hasher = PasswordHasher()  # argon2id, RFC 9106's second profile (64 MiB, 3 passes)
_NOBODY = _hasher.hash(secrets.token_hex())  # verified for unknown names: as slow as a known one


class Refused(Exception):
    """What was asked cannot be; the message is a Chinese sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: int
    name: str
    shown: str
    role: Role
    active: bool


def create_user(
    db: Connection, by: str, name: str, shown: str, role: Role, password: str | None
) -> User:
    """A new account; ``password`` None makes one that cannot log in (an expert without the desk).

    Args:
        db: A write transaction.
        by: Account name of who makes it, or a word such as ``command``; for the audit log.
        name: Typed at login; letters of any script, digits, ``.``, ``-``, ``_``.
        shown: Name on pages.
        role: office, expert or researcher.
        password: 10-200 characters.

    Raises:
        Refused: the name is taken or unfit, or the password too short.
    """
    if not name.replace(".", "").replace("-", "").replace("_", "").isalnum() or len(name) > 64:
        raise Refused("账号只能由文字、数字和 . - _ 组成，最多64个字。")
    if role not in ROLES:
        raise Refused("没有这种角色。")
    row = {"name": name, "shown": (clean(shown).strip() or name)[:64], "role": role, "active": True}
    secret = NO_PASSWORD if password is None else _hashed(password)
    try:
        with db.begin_nested():
            db.execute(insert(users).values(**row, password=secret, created=now()))
    except IntegrityError as fault:
        raise Refused(f"账号“{name}”已经有了。") from fault
    audit.log(db, by, "account.create", detail=f"{name} {role}")
    return user_named(db, name)


def user_named(db: Connection, name: str) -> User:
    """The account of that name; Refused if there is none."""
    row = db.execute(_USER.where(users.c.name == name)).mappings().one_or_none()
    if row is None:
        raise Refused(f"没有账号“{name}”。")
    return User(**row)


def all_users(db: Connection) -> list[User]:
    """All accounts by name, inactive ones too."""
    return [User(**row) for row in db.execute(_USER.order_by(users.c.name)).mappings()]


def set_password(db: Connection, by: str, name: str, password: str) -> None:
    """Change a password and end the account's sessions; Refused as in ``create_user``."""
    user = user_named(db, name)
    db.execute(update(users).where(users.c.id == user.id).values(password=_hashed(password)))
    db.execute(delete(sessions).where(sessions.c.user_id == user.id))
    audit.log(db, by, "account.password", detail=name)


def set_active(db: Connection, by: str, name: str, active: bool) -> None:
    """Let an account in, or shut it out and end its sessions; its decisions remain."""
    user = user_named(db, name)
    db.execute(update(users).where(users.c.id == user.id).values(active=active))
    if not active:
        db.execute(delete(sessions).where(sessions.c.user_id == user.id))
    audit.log(db, by, "account.active", detail=f"{name} {active}")


def log_in(store: Store, name: str, password: str, origin: str) -> str | None:
    """A new session's token, or None, whatever the reason.

    The try is written down before the password is looked at, so that a hundred tries at once
    count as a hundred.

    Args:
        store: The desk's database; no transaction is held while argon2 works.
        name: As typed.
        password: As typed.
        origin: Address the try came from.
    """
    name, origin = clean(name)[:64], clean(origin)[:64]
    with store.write() as db:
        known = {"name": name, "origin": origin, "at": now(), "ok": False}
        attempt = inserted(db.execute(insert(attempts).values(**known)))
        allowed = _allowed(db, name, origin)
        found = db.execute(select(users).where(users.c.name == name)).mappings().one_or_none()
    if not allowed or len(password) > LONGEST:
        return None
    right = _verify(found["password"] if found else _NOBODY, password)
    if not (found and right and found["active"]):
        return None
    with store.write() as db:
        db.execute(update(attempts).where(attempts.c.id == attempt).values(ok=True))
        audit.log(db, name, "login", detail=origin)
        return _open_session(db, found["id"])


def session_user(db: Connection, token: str) -> User | None:
    """Whose session it is; None for a token unknown or expired, or an account shut out."""
    alive = (sessions.c.token == _digest(token)) & (sessions.c.expires > now())
    query = _USER.join(sessions, sessions.c.user_id == users.c.id)
    row = db.execute(query.where(alive, users.c.active)).mappings().one_or_none()
    return User(**row) if row else None


def log_out(db: Connection, token: str) -> None:
    """End a session, and forget those that have expired."""
    ended = (sessions.c.token == _digest(token)) | (sessions.c.expires <= now())
    db.execute(delete(sessions).where(ended))


def csrf_token(token: str) -> str:
    """What forms of a session carry; of no use to who does not hold the session's cookie."""
    return hmac.new(token.encode(), b"zejian csrf", hashlib.sha256).hexdigest()


_USER = select(users.c.id, users.c.name, users.c.shown, users.c.role, users.c.active)


def _hashed(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"密码须为{SHORTEST}至{LONGEST}个字符。")
    return _hasher.hash(password)


def _verify(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except InvalidHashError:  # NO_PASSWORD: take as long as for others
        return _verify(_NOBODY, password)
    except (VerificationError, UnicodeEncodeError):
        return False


def _allowed(db: Connection, name: str, origin: str) -> bool:
    """Whether the tries that failed in the window, this one included, are within the limits."""
    recent = (attempts.c.at > now(-WINDOW)) & ~attempts.c.ok
    of_name, of_origin = attempts.c.name == name, attempts.c.origin == origin
    count = select(func.count()).select_from(attempts)
    limits = ((of_name & of_origin, TRIES), (of_name, TRIES_NAME), (of_origin, TRIES_ORIGIN))
    return all((db.scalar(count.where(recent, which)) or 0) <= most for which, most in limits)


def _open_session(db: Connection, user_id: int) -> str:
    token = secrets.token_urlsafe(32)
    times = {"created": now(), "expires": now(SESSION)}
    db.execute(insert(sessions).values(token=_digest(token), user_id=user_id, **times))
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
