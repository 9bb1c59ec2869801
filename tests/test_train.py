"""Training and evaluation on small labelled reports made of our own example sentences."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.choices import BadUse
from pipeline.evaluate.baseline import best_f1, nearest_definition
from pipeline.evaluate.command import draw
from pipeline.evaluate.crossval import left_out_predictions
from pipeline.evaluate.evaluation import evaluate
from pipeline.frameworks import framework
from pipeline.match.encoder import home_encoder
from pipeline.match.models import FILES, load_models, save_models
from pipeline.match.ngrams import inverse_frequency
from pipeline.match.text import normal
from pipeline.resources import shipped
from pipeline.train import network
from pipeline.train.build import Trained, build
from pipeline.train.labelled import (
    FIELDS,
    MORE,
    LabelledReport,
    read_fictional,
    read_labelled,
)

REPORTS = 10
PLAIN = (  # (text, level, flags): every level and flag stands in every report
    ("目录", 0, []),
    ("我们始终坚持与社会共同成长的理念。", 1, []),
    ("2021年营业收入12亿元，较上年的10亿元增长20%。", 4, ["cmp"]),
    ("报告期内未发生重大投诉事件。", 3, ["neg"]),
    ("公司计划到2025年单位能耗比2020年下降18%。", 3, ["target"]),
)


def lines(report: int) -> list[dict]:
    """One report: the next positive example of most GB/T 36000 issues, and the plain ones."""
    said = [
        {"text": i.examples.positive[report % len(i.examples.positive)], "gbt": [i.code], "gri": []}
        for k, i in enumerate(framework("gbt36000").indicators)
        if (report + k) % 3  # no report discloses everything
    ]
    said = [{**one, "level": 2, "flags": []} for one in said]
    said += [
        {"text": t, "gbt": [], "gri": ["201-1"] if "收入" in t else [], "level": n, "flags": f}
        for t, n, f in PLAIN
    ]
    return [{"id": f"{report}-{k}", "heading": "", **one} for k, one in enumerate(said)]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledReport]:
    folder = tmp_path_factory.mktemp("gold")
    for report in range(REPORTS):
        said = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines(report))
        (folder / f"d{report:02d}.jsonl").write_text(said, "utf-8")
    return list(read_labelled(folder))


def trained_on(reports: list[LabelledReport]) -> Trained:
    texts = [normal(p.text) for r in reports for p in r.passages]
    return build(reports, inverse_frequency(texts), home_encoder())


@pytest.fixture(scope="module", autouse=True)
def short_lessons() -> Iterator[None]:
    """The network reads everything once: training is tested, not what comes of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "EPOCHS", 1)
        yield


@pytest.fixture(scope="module")
def trained(reports: list[LabelledReport]) -> Trained:
    return trained_on(reports)


def test_training_twice_gives_the_same_bytes(
    reports: list[LabelledReport], trained: Trained, tmp_path: Path
) -> None:
    save_models(trained.models, tmp_path / "a")
    save_models(trained_on(reports).models, tmp_path / "b")
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_models_come_back_from_their_files(trained: Trained, tmp_path: Path) -> None:
    save_models(trained.models, tmp_path)
    back = load_models(tmp_path)
    assert back.policy == trained.models.policy
    assert back.head.classes == trained.models.head.classes
    assert [len(c.nets) for c in back.known.values()] == [
        len(c.nets) for c in trained.models.known.values()
    ]


def test_left_out_figures_beat_the_nearest_definition(
    reports: list[LabelledReport], trained: Trained
) -> None:
    found = evaluate(left_out_predictions(trained, [r.name for r in reports[:4]]))
    assert found.passages == sum(len(lines(report)) for report in range(4))
    baseline = best_f1(nearest_definition(reports[:4], "gbt36000"))
    assert found.frameworks["gbt36000"]["micro_f1"] > baseline
    assert found.errors == sorted(
        found.errors, key=lambda e: (e["framework"] != "gbt36000", -abs(e["probability"] - 0.5))
    )
    for part in found.frameworks.values():
        assert sum(row["labelled"] for row in part["indicators"].values()) == part["labelled"]


def test_the_page_draws_reliability_and_lets_no_markup_through(
    reports: list[LabelledReport], trained: Trained, tmp_path: Path
) -> None:
    found = evaluate(left_out_predictions(trained, [r.name for r in reports[:4]]))
    hostile = {**found.errors[0], "text": "<script>alert(1)</script>"} if found.errors else None
    found = replace(found, errors=[*([hostile] if hostile else []), *found.errors])
    draw(found, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.count("<circle") == sum(len(p["calibration"]) for p in found.frameworks.values())
    assert hostile is not None
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUse):
        list(read_labelled(tmp_path))


def test_a_label_that_lacks_something_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "全文", "heading": "", "level": 0}\n', "utf-8")
    with pytest.raises(BadUse, match=r"a\.jsonl 第 1 行：缺少字段（flags、gbt、gri）"):
        list(read_labelled(tmp_path))


def test_our_own_reports_use_codes_that_exist_and_grade_what_they_label() -> None:
    known = {name: {i.code for i in framework(name).indicators} for name in ("gbt36000", "gri")}
    reports = list(read_fictional())
    assert len(reports) == len({r.name for r in reports}) == 28
    for report in reports:
        assert not report.whole, "no evaluation may count them as real reports"
        for said, level in zip(report.codes, report.levels, strict=True):
            assert all(code in known[name] for name, code in said), report.name
            assert not (level == 0 and any(name == "gbt36000" for name, _ in said)), report.name


@pytest.mark.parametrize("name", ["csr2016.jsonl", MORE])
def test_our_own_labels_are_places_with_codes_that_exist(name: str) -> None:
    known = {f: {i.code for i in framework(f).indicators} for f in FIELDS}
    lines = shipped("data", "labels", name).read_text("utf-8").splitlines()
    for line in map(json.loads, lines):
        assert line["text"][0] < line["text"][1], "places, not words"
        for f, (key, prefix) in FIELDS.items():
            assert all(prefix + code in known[f] for code in line[key]), line
        assert line["level"] in range(5)
        assert set(line["flags"]) <= {"neg", "target", "cmp"}


def test_nothing_is_labelled_for_the_heads_and_the_network_twice() -> None:
    units = [
        {
            json.loads(line)["unit"]
            for line in shipped("data", "labels", name).read_text("utf-8").splitlines()
        }
        for name in ("csr2016.jsonl", MORE)
    ]
    assert not units[0] & units[1]
