"""The desk and ``zejian review`` on one OUT: each keeps to what the other left."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk_year import Place, Visitor, served
from run import zejian

from pipeline.cli.app import SOME_FAILED
from pipeline.desk.command import CannotOpen, open_desk
from pipeline.desk.report_pages import address
from pipeline.desk.store import board
from pipeline.emit import read_score
from pipeline.receipts import receipt_path

NAME = "澄江阀门有限公司"
REPORT = """{name}{year}年社会责任报告
一、员工责任
{year}年公司组织安全培训{number}次，员工参训率达到100%。公司与员工签订劳动合同，签订率100%。
二、环境责任
{year}年公司用水{number}00吨，公司推进节能减排，综合能耗{number}0吨标准煤，未发生环境违法事件。
"""


def hand_in(folder: Path, year: int, number: int, bad: bool) -> None:
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(REPORT.format(name=NAME, year=year, number=number), "utf-8")
    rows = ["企业名称,所属行业,报告年度,报告文件", f"{NAME},制造业,{year},a.txt"]
    if bad:
        (folder / "坏.pdf").write_bytes(b"%PDF-1.4 nothing follows")
        rows.append(f"坏文件有限公司,服务业,{year},坏.pdf")
    (folder / "registration.csv").write_text("\n".join(rows) + "\n", "utf-8")


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``past/out``, and ``year/out`` compared with it; with a file that failed."""
    folder = tmp_path_factory.mktemp("years")
    hand_in(folder / "past/in", 2021, 12, bad=False)
    hand_in(folder / "year/in", 2022, 36, bad=True)
    options = ("--frameworks", "gbt36000", "--out")
    assert zejian("review", folder / "past/in", *options, folder / "past/out").returncode == 0
    more = (folder / "year/out", "--last-year", folder / "past/out")
    made = zejian("review", folder / "year/in", *options, *more)
    assert made.returncode == SOME_FAILED, made.stderr
    return folder


@pytest.fixture
def place(years: Path, tmp_path: Path) -> Iterator[Place]:
    with served(years / "year", tmp_path / "year", years / "past/out") as found:
        yield found


def test_the_overview_follows_decisions(place: Place, years: Path) -> None:
    out, submission = place.desk.shelf.out, place.ids["pdf"]
    before = {name: (out / name).read_bytes() for name in ("overview.xlsx", "overview.html")}
    finding = next(f for f in read_score(out / submission).findings if f.status == "disclosed")
    for name in ("zhang", "li"):
        reader, report = Visitor(place, name), address(submission)
        card = f"{report}/card/finding/gbt36000/{finding.indicator}"
        assert reader.send_form(card, verdict="not_found").status_code == 200
        assert reader.send_form(f"{report}/sign", sure="yes").status_code == 303
    wait(lambda: all((out / name).read_bytes() != was for name, was in before.items()))
    wait(lambda: not place.desk.overview.busy())
    renewed = {name: (out / name).read_bytes() for name in before}
    options = ("--frameworks", "gbt36000", "--out", out, "--last-year", years / "past/out")
    assert zejian("review", place.desk.shelf.materials, *options).returncode == SOME_FAILED
    assert renewed == {name: (out / name).read_bytes() for name in before}, "as a review has it"


def test_what_a_killed_desk_left_undone_the_next_one_does(years: Path, tmp_path: Path) -> None:
    with served(years / "year", tmp_path / "year") as place:
        out = place.desk.shelf.out
        receipt_path(out, place.ids["pdf"]).touch()
        (out / "overview.html").write_text("old")
        again = open_desk(out)
        wait(lambda: (out / "overview.html").read_text("utf-8") != "old")
        again.store.close()
        again.leaves.close()


def test_a_review_by_the_desk_compares_with_the_same_year(place: Place, years: Path) -> None:
    out, office = place.desk.shelf.out, Visitor(place, "office")
    compared = next(one for one in out.glob("澄江*") if read_score(one).facts.memory)
    kept = {one: one.read_bytes() for one in (out / ".zejian/receipts").glob("*.json")}
    (compared / "sheet.html").unlink()
    assert office.send_form("/intake/again").status_code == 303
    wait(lambda: (compared / "sheet.html").is_file() and not place.desk.reviewer.running().active)
    assert read_score(compared).facts.memory, "last year's report is still compared with"
    assert kept == {one: one.read_bytes() for one in kept}, "the same circumstances"


def test_a_comparison_is_never_lost_in_silence(years: Path, tmp_path: Path) -> None:
    with served(years / "year", tmp_path / "year") as place:
        run = place.desk.shelf.out / "run.json"
        told = json.loads(run.read_bytes())
        told["settings"].pop("last_year", None)  # a run of before it was told
        run.write_text(json.dumps(told), "utf-8")
        again = open_desk(place.desk.shelf.out, place.desk.shelf.materials)
        again.reviewer.begin()
        wait(lambda: "--last-year" in again.reviewer.running().problem)
        again.leaves.close()
        again.store.close()
        (sheet,) = place.desk.shelf.out.glob("澄江*/findings.json")
        assert read_score(sheet.parent).facts.memory


def test_last_year_is_as_the_run_tells_or_as_asked(years: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="没有评审结果"):
        open_desk(years / "year/out", last_year=tmp_path)
    told = json.loads((years / "year/out/run.json").read_bytes())
    told["settings"]["last_year"] = str(years / "past/out")
    (tmp_path / "run.json").write_text(json.dumps(told), "utf-8")
    desk = open_desk(tmp_path)
    assert desk.reviewer.rules.last_year == str(years / "past/out")
    desk.leaves.close()
    desk.store.close()


def test_the_board_names_the_company_of_a_report_that_failed(place: Place) -> None:
    with place.desk.store.read() as db:
        (failed,) = (one for one in board.board(db) if one.state == "failed")
    assert (failed.company, failed.industry, failed.year) == ("坏文件有限公司", "服务业", 2022)


def wait(until: Callable[[], bool], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.1)
