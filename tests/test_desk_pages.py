"""The desk over HTTP: who may ask for what, what bad requests learn, what files are let in."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import quote, unquote

import httpx
import pytest
from desk_year import EVIL, PASSWORD, TEXT, Place, Visitor, review, served
from fastapi.testclient import TestClient
from run import zejian

from pipeline.desk.app import create_app
from pipeline.desk.command import open_desk
from pipeline.desk.intake_pages import settle_versions
from pipeline.desk.store import accounts, audit, board, rulings
from pipeline.registration import read_registration

NOBODY, OFFICE, READER, OTHER, RESEARCHER = "", "office", "zhang", "zhao", "wang"
ALL = (NOBODY, OFFICE, READER, OTHER, RESEARCHER)
PAGES = {  # who may see it; everybody else is refused, nobody is sent to log in
    "/board": (OFFICE, RESEARCHER),
    "/agreement": (OFFICE, RESEARCHER),
    "/intake": (OFFICE,),
    "/exchange": (OFFICE,),
    "/export/decisions.csv": (OFFICE,),
    "/export/{id}/labelstudio.json": (OFFICE,),
    "/people": (OFFICE,),
    "/log": (OFFICE,),
    "/mine": (OFFICE, READER, OTHER, RESEARCHER),
    "/r/{id}": (OFFICE, READER, RESEARCHER),
    "/r/{id}/queue?chosen=doubt": (OFFICE, READER, RESEARCHER),
    "/r/{id}/card/finding/gbt36000/7.2.3": (OFFICE, READER, RESEARCHER),
    "/r/{id}/page/1/900": (OFFICE, READER, RESEARCHER),
    "/r/{id}/words/1": (OFFICE, READER, RESEARCHER),
    "/r/{id}/text/1": (OFFICE, READER, RESEARCHER),
    "/r/{id}/search?q=安全": (OFFICE, READER, RESEARCHER),
    "/r/{id}/sign": (READER,),
    "/r/{id}/pair": (),
    "/r/{id}/sheet/sheet.xlsx": (OFFICE, RESEARCHER),
}
FORMS = {
    "/board/assign": (OFFICE,),
    "/board/reopen": (OFFICE,),
    "/board/share": (OFFICE,),
    "/board/state": (OFFICE,),
    "/people": (OFFICE,),
    "/people/active": (OFFICE,),
    "/people/password": (OFFICE,),
    "/import": (OFFICE,),
    "/intake": (OFFICE,),
    "/intake/registration": (OFFICE,),
    "/intake/link": (OFFICE,),
    "/r/{id}/card/finding/gbt36000/7.2.3": (READER,),
    "/r/{id}/sign": (READER,),
    "/r/{id}/pair/finding/gbt36000/7.2.3": (),
}


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("year")
    review(folder / "year")
    return folder / "year"


@pytest.fixture(scope="module")
def place(reviewed, tmp_path_factory):
    with served(reviewed, tmp_path_factory.mktemp("desk") / "year") as found:
        yield found


@pytest.fixture(scope="module")
def visitors(place: Place):
    return {name: Visitor(place, name) for name in ALL}


def test_each_page_is_for_those_who_may(place: Place, visitors) -> None:
    told = {"id": place.ids["pdf"]}
    for path, allowed in PAGES.items():
        for name in ALL:
            wanted = 200 if name in allowed else 303 if name == NOBODY else 403
            assert visitors[name].get(path.format(**told)).status_code == wanted, (path, name)


def test_each_form_is_for_those_who_may(place: Place, visitors) -> None:
    told = {"id": place.ids["pdf"]}
    for path, allowed in FORMS.items():
        for name in (OFFICE, READER, OTHER, RESEARCHER):
            blank = visitors[name].send_form(path.format(**told), submission=told["id"])
            assert (blank.status_code == 403) == (name not in allowed), (path, name)
        assert visitors[NOBODY].post(path.format(**told)).status_code == 303


def test_a_form_must_be_ours(place: Place, visitors) -> None:
    visitor = visitors[OFFICE]
    plain = {"name": "mallory", "role": "office", "password": PASSWORD}
    assert visitor.post("/people", data=plain).status_code == 400
    assert visitor.post("/people", data={**plain, "csrf": "x"}).status_code == 400
    elsewhere = {"origin": "https://evil.example"}
    ours = {**plain, "csrf": visitor.csrf}
    assert visitor.post("/people", data=ours, headers=elsewhere).status_code == 400
    assert visitor.post("/login", data=plain, headers=elsewhere).status_code == 400
    long = visitor.post("/people", data={**ours, "shown": "长" * 100_000})
    assert long.status_code == 400
    assert "mallory" not in visitor.get("/people").text


def test_bad_tries_learn_nothing(place: Place, visitors) -> None:
    visitor, report = visitors[OFFICE], "/r/" + place.ids["pdf"]
    for path in (
        "/r/../../etc/passwd",
        "/r/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/r/nobody",
        f"{report}/page/999/900",
        f"{report}/page/1/90000",
        f"{report}/words/0",
        f"{report}/card/finding/gbt36000/nothing",
        f"{report}/card/strange/x/y",
        f"{report}/sheet/document.json",
        f"{report}/sheet/..%2f..%2frun.json",
        "/static/x/..%2fapp.py",
        "/static/x/app.py",
        "/export/passwd",
        "/hand-in/guess",
        "/first/guess",
        "/openapi.json",
        "/docs",
    ):
        answer = visitor.get(path)
        assert answer.status_code in (400, 403, 404), path
        assert "Traceback" not in answer.text
        assert len(answer.text) < 2_500
    wrong = [Visitor(place).post("/login", data={"name": n, "password": "x"}) for n in ("li", "x")]
    assert wrong[0].text == wrong[1].text
    assert wrong[0].status_code == 403


def test_every_answer_keeps_the_browser_short(place: Place, visitors) -> None:
    for path in ("/login", "/board", "/nowhere", "/r/" + place.ids["evil"], "/static/x/desk.js"):
        answer = visitors[OFFICE].get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.search(r"\bstyle=|\bon[a-z]+=\"|<style|<script>", answer.text), path
        assert not re.search(r"(?:src|href|action)=\"https?:", answer.text), path


def test_markup_of_others_stays_text(place: Place, visitors) -> None:
    report = "/r/" + place.ids["evil"]
    first = place.desk.shelf.report(place.ids["evil"]).score.findings[0]
    card = f"{report}/card/finding/gbt36000/{first.indicator}"
    spoken = {"verdict": "disclosed", "level": "2", "remark": EVIL}
    assert visitors[READER].send_form(card, **spoken).status_code == 200
    pages = [visitors[READER].get(p) for p in (report, card, f"{report}/text/1", f"{report}/sign")]
    pages += [visitors[OFFICE].get(p) for p in ("/board", "/exchange", "/log")]
    for page in pages:
        assert page.status_code == 200
        assert "<img src=x" not in page.text
        assert "<script>" not in page.text
    assert "&lt;img src=x" in pages[2].text


def test_a_decision_that_makes_no_sense_is_told(place: Place, visitors) -> None:
    card = f"/r/{place.ids['pdf']}/card/finding/gbt36000/7.2.3"
    before = len(_given(place, "pdf"))
    for fields in (
        {"verdict": ""},
        {"verdict": "approved"},
        {"verdict": "disclosed", "level": "9"},
        {"verdict": "disclosed", "level": ""},
    ):
        assert 'role="alert"' in visitors[READER].send_form(card, **fields).text, fields
    outside = {"verdict": "disclosed", "level": "2", "start": "5", "end": "99999999"}
    assert visitors[READER].send_form(card, **outside).status_code == 404
    assert len(_given(place, "pdf")) == before


def _given(place: Place, which: str):
    with place.desk.store.read() as db:
        return rulings.history(db, place.ids[which])


def test_looks_and_changes_are_written_down(place: Place, visitors) -> None:
    visitors[READER].get(f"/r/{place.ids['pdf']}/card/finding/gbt36000/7.2.3")
    with place.desk.store.read() as db:
        latest = audit.entries(db, place.ids["pdf"], most=1)[0]
    assert (latest.who, latest.action) == ("zhang", "decisions.look")


def test_the_first_account_is_made_on_this_machine(tmp_path) -> None:
    away = zejian("desk", tmp_path, "--host", "0.0.0.0")
    assert (away.returncode, "账号" in away.stderr) == (2, True)
    desk = open_desk(tmp_path)
    with TestClient(create_app(desk), follow_redirects=False) as visitor:
        assert visitor.get("/first/guess").status_code == 404
        told = {"name": "办公室", "password": PASSWORD}
        assert visitor.post(f"/first/{desk.first}", data=told).status_code == 303
        assert visitor.post(f"/first/{desk.first}", data=told).status_code == 400
        assert visitor.post("/login", data=told).status_code == 303
        assert "还没有" not in visitor.get("/board").text


def test_intake_by_web(tmp_path) -> None:
    """From an empty year: refusals at once, a report, and by the company's link its revision."""
    (tmp_path / "year" / "in").mkdir(parents=True)
    (tmp_path / "year" / "out").mkdir()
    with served(tmp_path / "year", tmp_path / "desk") as place:
        office, company = Visitor(place, "office"), Visitor(place)
        told = {"csrf": office.csrf, "company": EVIL, "year": "2022", "district": "=1+1"}

        def hand(name: str, content: str) -> httpx.Response:
            return office.post("/intake", data=told, files={"file": (name, content.encode())})

        assert "无法识别的文件类型" in hand("a.pdf", "MZ\x00\x01 no report").text
        page = hand("../../a.txt", TEXT).headers["location"]
        assert "完全相同" in hand("b.txt", TEXT).text
        submission = unquote(page.partition("=")[2])
        made = office.send_form("/intake/link", submission=submission)
        link = re.search(r"/hand-in/[\w-]+", made.text)[0]
        revised = TEXT.replace("36次", "48次") * 3
        taken = company.post(link, files={"file": ("\x00/etc/x.txt", revised.encode())})
        assert taken.status_code == 303
        _wait(lambda: "已评审" in company.get(link).text.partition("第2版")[2], 300)
        assert "48次" in office.get(f"/r/{quote(submission)}/text/1").text
        assert "<img" not in office.get("/board").text
        lying = sorted(one.name for one in place.desk.shelf.materials.rglob("*.*"))
        assert len([name for name in lying if name.endswith(".txt")]) == 2, lying  # one put aside
        (row,) = read_registration(place.desk.shelf.materials / "registration.xlsx")
        assert (row.company, row.district) == (EVIL, "=1+1")


def test_a_version_that_a_newer_one_replaced_unread_says_so(tmp_path) -> None:
    desk = open_desk(tmp_path)
    with desk.store.write() as db:
        board.put_entry(db, "甲", "甲公司", "submitted")
        for sha256 in ("1" * 64, "2" * 64):
            board.add_version(db, "甲", "甲.txt", sha256, "link")
    settle_versions(desk)
    with desk.store.read() as db:
        first, last = board.versions_of(db, "甲")
    assert (first.status, first.code, last.status) == ("skipped", "replaced", "waiting")


def test_a_board_of_six_hundred(tmp_path) -> None:
    desk = open_desk(tmp_path)
    with desk.store.write() as db:
        office = accounts.create_user(db, "test", "office", "", "office", PASSWORD)
        readers = [accounts.create_user(db, "test", n, n, "expert", None) for n in ("甲", "乙")]
        for number in range(600):
            state = ("submitted", "missing", "failed")[number % 3]
            board.put_entry(db, f"s{number:03d}", f"第{number:03d}公司", state)
        for name in ("s003", "s006"):
            for reader in readers:
                board.assign(db, office, name, reader)
        spoken = rulings.Choice("finding", "gri", "2-1", "not_found", 0, "disclosed", 2, "", "0")
        rulings.decide(db, readers[0], "s003", spoken)
        for reader in readers:
            board.sign(db, reader, "s003")
    with TestClient(create_app(desk), follow_redirects=False) as visitor:
        visitor.post("/login", data={"name": "office", "password": PASSWORD})

        def shown(query: str) -> list[str]:
            return re.findall(r"第\d{3}公司(?=</td>|\n)", visitor.get(f"/board?{query}").text)

        assert len(shown("")) == 100
        assert shown("leaf=6")[-1] == "第599公司"
        assert not shown("leaf=7")
        assert len(shown("state=missing&leaf=2")) == 100
        assert shown("q=第 0".replace(" ", "")) == [f"第{n:03d}公司" for n in range(100)]
        assert shown("only=disputed") == ["第003公司"]
        assert shown("only=unsigned") == ["第006公司"]
        assert "1 项待裁定" in visitor.get("/board?only=disputed").text


def _wait(until: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.2)
