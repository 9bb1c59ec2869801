"""The desk under attack: what a stranger, a blind reader or a company tries over HTTP."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import httpx
import pytest
from desk_year import EVIL, PASSWORD, TEXT, Place, Visitor, review, served
from fastapi.routing import APIRoute

from pipeline.desk.app import HEADERS, create_app
from pipeline.desk.inbox import _append_csv
from pipeline.desk.report_pages import address
from pipeline.desk.store import accounts, audit, board, rulings
from pipeline.registration import read_registration

SECRET = "只有我知道的理由"
OPEN = ("/login", "/static/", "/hand-in/", "/first/")  # what needs no session


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("year")
    review(folder / "year")
    return folder / "year"


@pytest.fixture
def place(reviewed, tmp_path) -> Iterator[Place]:
    with served(reviewed, tmp_path / "year") as found:
        yield found


def routes(place: Place) -> list[tuple[str, str]]:
    """(method, address) of all there is, with a report's id where one is asked for."""
    told = {"submission": quote(place.ids["pdf"]), "key": "finding/gbt36000/7.2.3"}
    told |= {"number": "1", "width": "900", "name": "decisions.json", "chosen": "doubt"}
    told |= {"secret": "guess", "digest": "x"}
    found = []
    for route in _all(create_app(place.desk).routes):
        path = re.sub(r"\{(\w+)(?::path)?\}", lambda m: told[m[1]], route.path)
        found += [(method, path) for method in sorted(route.methods)]
    assert len(found) > 35
    return found


def _all(given) -> Iterator[APIRoute]:
    for route in given:
        if isinstance(route, APIRoute):
            yield route
        else:  # a router that was included
            yield from _all(getattr(getattr(route, "original_router", route), "routes", ()))


def test_nothing_is_open_and_every_answer_keeps_the_rules(place: Place) -> None:
    stranger, office = Visitor(place), Visitor(place, "office")
    for method, path in routes(place):
        told = stranger.request(method, path)
        free = path.startswith(OPEN)
        assert free or (told.status_code, told.headers["location"]) == (303, "/login"), path
        for answer in (told, office.request(method, path) if path != "/logout" else told):
            assert answer.status_code < 500, path
            for name, value in HEADERS.items():
                assert answer.headers[name] == value, (path, name)
            kept = answer.headers["cache-control"]
            assert path.startswith("/static/") or kept in ("no-store", "private, no-cache"), path


def test_what_makes_no_sense_is_no_fault_of_ours(place: Place) -> None:
    office, reader = Visitor(place, "office"), Visitor(place, "zhang")
    report = address(place.ids["pdf"])
    huge, long = "9" * 60, "长" * 400
    for path in (
        f"/log?before={huge}", f"/log?before={2**40}", f"/log?submission={long}",
        f"/board?leaf={huge}", f"{report}/page/{huge}/900", f"{report}/page/-1/900",
        f"{report}/words/{huge}", f"{report}/text/{huge}", f"{report}/page/{'9' * 5_000}/900",
        f"{report}/layout/find?start={huge}&end={huge}9", f"/r/{long}", f"/r/{long}/card/x/y/z",
        f"/export/decisions.csv?submission={long}", f"/export/{long}/labelstudio.json",
        f"/intake?submission={long}", f"{report}/card/finding/{long}/{long}", "/r/%ff%fe",
        f"{report}/in/{long}?of={long}", f"{report}/queue?chosen={long}",
    ):  # fmt: skip
        assert office.get(path).status_code in (200, 400, 403, 404), path
    with place.desk.store.read() as db:
        assert not [one for one in audit.entries(db) if len(one.submission) > 255]
    trick = {"content-type": "application/x-www-form-urlencoded; charset=unicode_escape"}
    body = f"csrf={reader.csrf}&verdict=disclosed&level=2&remark=\\ud800%00".encode()
    card = f"{report}/card/finding/gbt36000/7.2.3"
    assert reader.post(card, content=body, headers=trick).status_code < 500
    parts = (
        f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{reader.csrf}\r\n'
        + "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {"verdict": "disclosed", "level": "2", "remark": "\\ud800"}.items()
        )
    )
    odd = {"content-type": "multipart/form-data; boundary=b; charset=unicode_escape"}
    told = reader.post(card, content=(parts + "--b--\r\n").encode(), headers=odd)
    assert told.status_code < 500
    told = {"csrf": office.csrf, "company": "甲", "year": "999999999999"}
    assert office.post("/intake", data=told, files={"file": ("a.txt", b"x")}).status_code == 400


def test_an_upload_without_end_is_not_begun(place: Place) -> None:
    office = Visitor(place, "office")
    mark = {"x-csrf-token": office.csrf, "content-type": "multipart/form-data; boundary=b"}

    def forever() -> Iterator[bytes]:
        yield b"--b\r\n"

    assert office.post("/intake", content=forever(), headers=mark).status_code == 400
    raw = http.client.HTTPConnection(place.url.removeprefix("http://"), timeout=30)
    raw.putrequest("POST", "/intake")
    cookie = {"cookie": f"zejian={office.cookies['zejian']}", "content-length": str(2**40)}
    for name, value in (mark | cookie).items():
        raw.putheader(name, value)
    raw.endheaders(b"--b\r\n")  # and never more: the answer does not wait for it
    assert raw.getresponse().status == 400
    raw.close()


def test_a_session_is_ours_and_ends(place: Place) -> None:
    planted = "0" * 43
    visitor = Visitor(place)
    visitor.cookies.set("zejian", planted)
    assert visitor.get("/mine").status_code == 303
    came = visitor.post("/login", data={"name": "zhang", "password": PASSWORD})
    given = re.search(r"zejian=([^;]+); HttpOnly; Path=/; SameSite=lax", came.headers["set-cookie"])
    assert given
    assert given[1] != planted
    old = {"zejian": given[1]}
    assert httpx.get(f"{place.url}/mine", cookies=old).status_code == 200
    form = {"csrf": accounts.csrf_token(given[1])}
    assert httpx.post(f"{place.url}/logout", cookies=old, data=form).status_code == 303
    assert httpx.get(f"{place.url}/mine", cookies=old).status_code == 303


def test_nobody_is_led_elsewhere(place: Place) -> None:
    office = Visitor(place, "office")
    for back in ("//evil.example", "https://evil.example", "\r\nSet-Cookie: a=b", "/\\evil"):
        form = {"submission": place.ids["pdf"], "state": "reviewing", "back": back}
        answer = office.send_form("/board/state", **form)
        assert answer.headers["location"].startswith("/board?")
        assert "set-cookie" not in answer.headers
    assert "请打电话" not in office.get("/board?told=请打电话").text


def decided(place: Place, name: str, **said: str) -> str:
    """A reader's decision on the first finding that Zejian found; its indicator."""
    report = place.desk.shelf.report(place.ids["pdf"])
    code = next(f.indicator for f in report.score.findings if f.status == "disclosed")
    card = f"{address(place.ids['pdf'])}/card/finding/gbt36000/{code}"
    assert Visitor(place, name).send_form(card, **said).status_code == 200
    return code


def test_the_blind_see_nothing_whatever_they_ask_for(place: Place) -> None:
    code = decided(place, "zhang", verdict="not_found", remark=SECRET)
    other, office = Visitor(place, "li"), Visitor(place, "office")
    stranger, researcher = Visitor(place, "zhao"), Visitor(place, "wang")
    extra = [("GET", f"{address(place.ids['pdf'])}/card/finding/gbt36000/{code}")]
    extra += [
        ("GET", f"{address(place.ids['pdf'])}/sheet/{n}") for n in ("sheet.xlsx", "findings.json")
    ]
    for visitor in (other, office, stranger, researcher):
        for method, path in (*routes(place), *extra, ("GET", "/export/overview.xlsx")):
            if method == "GET":
                assert SECRET not in visitor.get(path).text, path
    log = office.get("/log").text
    assert f"{code}:" not in log
    assert "专家都签署后显示" in log
    image = f"{address(place.ids['pdf'])}/page/1/900"
    mark = {"if-none-match": other.get(image).headers["etag"]}
    assert other.get(image, headers=mark).status_code == 304
    assert stranger.get(image, headers=mark).status_code == 403


def test_who_reads_again_is_blind_again(place: Place) -> None:
    submission, out = place.ids["pdf"], place.desk.shelf.out
    for name in ("zhang", "li"):
        code = decided(place, name, verdict="not_found", remark=SECRET)
        Visitor(place, name).send_form(f"{address(submission)}/sign", sure="yes")
    sheet = out / submission / "findings.json"
    wait(lambda: SECRET in sheet.read_text("utf-8"))
    office = Visitor(place, "office")
    assert f"{code}:" in office.get("/log").text, "when all have signed"
    office.send_form("/board/reopen", submission=submission, expert="li")
    wait(lambda: SECRET not in sheet.read_text("utf-8"))
    card = f"{address(submission)}/card/finding/gbt36000/{code}"
    seen = Visitor(place, "li").get(card).text
    assert seen.count(SECRET) == 2, "their own: as said, and in the form"
    assert "专家改判" not in seen
    Visitor(place, "li").send_form(card, verdict="agree", level="2")
    with place.desk.store.read() as db:
        last = rulings.history(db, submission)[-1]
    assert (last.old_status, last.status) == ("disclosed", "disclosed"), "Zejian's own conclusion"


def test_a_company_learns_nothing_of_others(place: Place) -> None:
    with place.desk.store.write() as db:
        office = accounts.user_named(db, "office")
        secret = board.make_link(db, office, place.ids["pdf"])
        for number in range(2, 31):
            board.add_version(db, place.ids["pdf"], "a.txt", f"{number:064x}", "link")
    company = httpx.Client(base_url=place.url)
    link = f"/hand-in/{secret}"
    assert "太多" in company.post(link, files={"file": ("a.txt", TEXT.encode())}).text
    with place.desk.store.write() as db:
        again = board.make_link(db, office, place.ids["evil"])
    told = company.post(
        f"/hand-in/{again}",
        files={"file": ("x.pdf", next(place.desk.shelf.materials.glob("*.pdf")).read_bytes())},
    )
    assert "内容完全相同" in told.text
    assert "澄江" not in told.text


def test_a_password_of_one_s_own(place: Place) -> None:
    reader, other = Visitor(place, "zhang"), "另一个足够长的示范密码"
    assert reader.send_form("/password", old="wrong one", new=other).status_code == 403
    assert reader.send_form("/password", old=PASSWORD, new="short").status_code == 400
    assert reader.send_form("/password", old=PASSWORD, new=other).status_code == 303
    assert reader.get("/mine").status_code == 303, "all sessions ended"
    assert (
        Visitor(place).post("/login", data={"name": "zhang", "password": PASSWORD}).status_code
        == 403
    )
    assert (
        Visitor(place).post("/login", data={"name": "zhang", "password": other}).status_code == 303
    )


def test_no_formula_gets_into_the_registration(tmp_path) -> None:
    table = tmp_path / "registration.csv"
    table.write_text("企业名称,报告年度,报告文件\n", "utf-8")
    _append_csv(table, {"company": f"=HYPERLINK(1){EVIL}", "year": 2022, "file": "@a.txt"})
    (row,) = read_registration(table)
    assert row.company == f"HYPERLINK(1){EVIL}"


def wait(until: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.1)
