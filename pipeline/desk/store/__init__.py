"""What the desk keeps, and the rules of who may see and change it; knows nothing of the web.

Open, and do everything inside a transaction (a SQLAlchemy ``Connection``)::

    store = open_store(out)                  # OUT/desk.sqlite3 or ZEJIAN_DATABASE_URL
    with store.write() as db: ...            # all or nothing; writers queue
    with store.read() as db: ...             # waits for nobody
    backup(store, to) -> Path

Refused(sentence) is told to the person as it stands (Chinese); Forbidden without detail.
A ``look`` writes the audit log, so it needs ``store.write()``.

accounts    create_user(db, by, name, shown, role, password|None)
                -> User(id, name, shown, role, active)
            user_named(db, name) · all_users(db) · set_password(db, by, name, password)
            set_active(db, by, name, active)
            log_in(store, name, password, origin) -> session token | None
            session_user(db, token) -> User | None · log_out(db, token) · csrf_token(token) -> str
rights      may(db, user, action, submission="") -> bool · demand(...) raises Forbidden
            both_signed(db, submission) -> bool · ACTIONS
board       board(db) -> [Entry] · entry(db, submission) · STATES: {state: Chinese}
            set_state(db, by, submission, state) · put_entry(db, submission, company, state, ...)
            add_version(db, submission, file, sha256, sender) -> version id
            set_version(db, version, status, progress 0-1, code, reason)
            versions_of(db, submission)
            assign(db, by, submission, expert) -> Reader
            readers(db, submission="") · reports_of(db, user)
            sign(db, by, submission) · reopen(db, by, submission, expert)
            make_link(db, by, submission, days) -> secret · link_submission(db, secret) -> id | None
sync        sync_year(db, out): bring submissions and versions up to OUT/run.json
rulings     Choice(subject, framework, key, old_status, old_level, status, level, why, document,
                   quote, start, end, page, paragraph)
            decide(db, by, submission, choice) -> Decision       # a reader's, blind
            adjudicate(db, by, submission, choice) -> Decision   # final, by the office
            adopt(db, by, submission, decisions)                 # make readers' decisions final
            look(db, by, submission) -> [Decision]               # only those ``by`` may see; logged
            standing(decisions) -> {(subject, framework, key): latest}
            disputes(db, submission) -> [Dispute(about, first, second)]
            in_force(db, submission) -> [Decision] · history(db, submission="") -> [Decision]
audit       log(db, who, action, submission, detail) · entries(db, submission, before, most)
publish     publish(db, out, submission): decisions in force -> OUT/<id>/decisions.json, and the
            report's files anew from it, without reading or matching again
exchange    decisions as JSON and CSV, out and in; the verdict columns of a filled sheet.xlsx, in;
            findings as Label Studio tasks, out
agreement   agreement(...) per framework, indicator and pair; where experts and Zejian differ most
gold        write_gold(...): decisions as labelled reports for ``zejian evaluate`` and ``train``

Blindness: until both readers have signed show a reader **Zejian's own** conclusions
(``pipeline.override.undone(score)``), never findings.json as overruled by others.
"""

from pipeline.desk.store.accounts import Refused, User
from pipeline.desk.store.database import Store, backup, open_store
from pipeline.desk.store.rights import Forbidden, demand, may

__all__ = ["Forbidden", "Refused", "Store", "User", "backup", "demand", "may", "open_store"]
