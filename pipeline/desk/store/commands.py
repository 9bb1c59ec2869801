"""What the office does with decisions from the command line: files in, files out, a backup.

Each opens the desk of an OUT folder, does one thing and closes it. Whoever can run a command
on the machine can read the database anyway: these act as the office.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.desk.store import accounts, audit, board, database, exchange, sheets, sync
from pipeline.desk.store.accounts import Refused, Role, User
from pipeline.desk.store.database import Store, open_store
from pipeline.desk.store.exchange import Imported
from pipeline.desk.store.publish import publish
from pipeline.emit.files import put
from pipeline.reissue import ReviewAgain, renew_overview, reviewed
from pipeline.score import Policy

OPERATOR = User(0, "命令行", "命令行", "office", True)  # no account: nothing is decided in its name
FORMS = (".json", ".csv")


@contextmanager
def desk_of(out: Path) -> Iterator[Store]:
    """The desk of a reviewed folder, its board up to date; Refused if it is none."""
    if not (out / "run.json").is_file():
        raise Refused(f"“{out}”不是 zejian review 的输出文件夹。")
    store = open_store(out)
    try:
        with store.write() as db:
            sync.sync_year(db, out)
        yield store
    finally:
        store.close()


def add_account(out: Path, name: str, shown: str, role: Role, password: str) -> None:
    """Make an account; Refused as ``accounts.create_user``."""
    with desk_of(out) as store, store.write() as db:
        accounts.create_user(db, OPERATOR.name, name, shown, role, password)


def set_password(out: Path, name: str, password: str) -> None:
    """Give an account another password and let it in again; Refused if there is none."""
    with desk_of(out) as store, store.write() as db:
        accounts.set_password(db, OPERATOR.name, name, password)
        accounts.set_active(db, OPERATOR.name, name, True)


def export(out: Path, to: Path) -> None:
    """Write all decisions to a .json or .csv file; Refused for another ending."""
    if to.suffix not in FORMS:
        raise Refused("导出文件须以 .json 或 .csv 结尾。")
    write = exchange.export_json if to.suffix == ".json" else exchange.export_csv
    with desk_of(out) as store, store.write() as db:
        put(to, write(db, OPERATOR))


def take_in(out: Path, file: Path) -> Imported:
    """Take in an export and write the reports it concerns anew; Refused if it is none."""
    if file.suffix not in FORMS:
        raise Refused("只能导入 .json 或 .csv。")
    read = exchange.read_json if file.suffix == ".json" else exchange.read_csv
    given = read(_content(file))
    with desk_of(out) as store:
        with store.write() as db:
            made = exchange.import_decisions(db, OPERATOR, given)
            known = {one.id for one in board.board(db)}
        touched = sorted({one.submission for one in given} & known)
        return _published(store, out, touched, made)


def take_in_sheet(
    out: Path, submission: str, expert: str, shown: str, file: Path, sign: bool
) -> Imported:
    """Take in a filled sheet.xlsx.

    Args:
        out: The year's folder.
        submission: Id of the report: the name of its folder.
        expert: Account name; one that is not there is made, without a password.
        shown: Name of a new account on pages.
        file: The sheet.
        sign: Whether it is all the expert has to say; not done where a row was not taken.

    Raises:
        Refused: as ``sheets.import_sheet``.
        ReviewAgain: the report has to be reviewed first.
    """
    content, left = _content(file), reviewed(out, submission)
    with desk_of(out) as store:
        with store.write() as db:
            known = {one.name: one for one in accounts.all_users(db)}
            who = known.get(expert) or accounts.create_user(
                db, OPERATOR.name, expert, shown, "expert", None
            )
            told = (submission, who, content, left.frameworks, out)
            made = sheets.import_sheet(db, OPERATOR, *told)
            if sign and made.problems:
                left_open = "有未采用的行，没有代为签署；请改正后再次导入。"
                made = Imported(made.added, made.known, (*made.problems, left_open))
            elif sign:
                board.sign_for(db, OPERATOR, submission, who)
        return _published(store, out, [submission], made)


def write_gold(out: Path, to: Path) -> int:
    """Write the signed reports as gold into folder ``to``; how many there were."""
    from pipeline.desk.store import gold  # a second: scikit-learn

    with desk_of(out) as store:
        with store.read() as db:
            reports = gold.answered(db, out)
        with store.write() as db:
            return gold.write_gold(db, OPERATOR, to, reports)


def write_policy(out: Path, to: Path) -> Policy:
    """Write thresholds learned from the signed reports; Refused where they are too few."""
    from pipeline.desk.store import gold

    with desk_of(out) as store:
        with store.write() as db:
            audit.log(db, OPERATOR.name, "policy")
        with store.read() as db:
            policy = gold.recalibrated(gold.answered(db, out))
    gold.write_policy(policy, to)
    return policy


def backup(out: Path, to: Path) -> Path:
    """Copy the database to ``to``; Refused if that is there already or the copy failed."""
    try:
        with desk_of(out) as store:
            with store.write() as db:  # a backup holds what readers decided, signed or not
                audit.log(db, OPERATOR.name, "backup")
            return database.backup(store, to)
    except FileExistsError as fault:
        raise Refused(f"“{to}”已经存在，请换一个文件名。") from fault
    except RuntimeError as fault:
        raise Refused(f"备份失败：{fault}") from fault


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise Refused(f"读不到“{file}”：{fault.strerror}") from fault


def _published(store: Store, out: Path, touched: Sequence[str], made: Imported) -> Imported:
    """Write the reports anew, then the overview; what has to wait is told."""
    waiting = []
    for submission in touched:
        try:
            publish(store, out, submission, OPERATOR.name)
        except ReviewAgain as fault:
            waiting.append(f"“{submission}”的改判已收下，覆盖表待更新：{fault}")
    try:
        renew_overview(out)
    except ReviewAgain as fault:
        waiting.append(f"全年总览待更新：{fault}")
    return Imported(made.added, made.known, (*made.problems, *waiting))
