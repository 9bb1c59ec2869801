"""The command line, by running it."""

import fcntl
import json
from pathlib import Path

import pytest
from run import SENTENCES, write_report, zejian

from pipeline.resources import shipped

FRAMEWORK = ("--frameworks", "gbt36000")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("one") / "一号企业.txt"
    write_report(path, 1)
    return path


def test_help_is_chinese_and_version_is_told() -> None:
    for command in ([], ["review"], ["match"], ["frameworks"], ["frameworks", "lint"]):
        told = zejian(*command, "--help")
        assert told.returncode == 0
        assert "用法：" in told.stdout
        assert "Options" not in told.stdout
    assert zejian("--version").stdout.startswith("zejian ")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["review"], "缺少参数：材料"),
        (["review", "nowhere"], "找不到"),
        (["review", ".", "--programme", "atlantis-1999"], "现有：ningbo、shanghai-2020"),
        (["review", ".", "--frameworks", "gbt36000,nope"], "没有名为“nope”的指南"),
        (["review", ".", "--frameworks", "gbt36000,indicators/gbt36000.yaml"], "只能用一次"),
        (["review", "tests", "--out", "tests/out"], "--out"),
        (["review", "tests", "--workers", "0"], "--workers"),
        (["review", "tests", "--colour"], "没有这个选项：--colour"),
        (["match"], "缺少参数：--framework"),
        (["frameworks", "show", "nope"], "现有：cass"),
        (["frameworks", "lint", "nope.yaml"], "找不到文件"),
    ],
)
def test_bad_use_is_refused_in_chinese(args: list[str], said: str) -> None:
    refused = zejian(*args)
    assert refused.returncode == 2, refused.stderr
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not refused.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [("id: ours-2026\n", "title：缺少这一项"), ("id: [\n", "不是 UTF-8 编码的 YAML")],
)
def test_faults_of_a_file_of_ones_own_are_told(content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(content, "utf-8")
    refused = zejian("review", "tests", "--programme", tmp_path / "ours.yaml")
    assert (refused.returncode, said in refused.stderr) == (2, True), refused.stderr


def test_bad_setting_is_refused() -> None:
    refused = zejian("review", "tests", ZEJIAN_WORKERS="many")
    assert (refused.returncode, "ZEJIAN_WORKERS" in refused.stderr) == (2, True)


def test_a_single_report_ends_with_where_to_look(report: Path, tmp_path: Path) -> None:
    told = zejian("review", report, "--out", tmp_path, *FRAMEWORK)
    assert told.returncode == 0, told.stderr
    assert "一号企业" in told.stdout
    assert str(tmp_path / "overview.html") in told.stdout.replace("\n", "")
    folder = tmp_path / "一号企业"
    text = json.loads((folder / "document.json").read_text("utf-8"))["text"]
    findings = json.loads((folder / "findings.json").read_text("utf-8"))["findings"]
    quotes = [e for f in findings for e in (*f["evidence"], *f["nearest"])]
    assert quotes
    assert all(text[e["start"] : e["end"]] == e["quote"] for e in quotes)


def test_a_failed_file_is_told_with_its_reason(report: Path, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "好.txt").write_bytes(report.read_bytes())
    (source / "空.pdf").touch()
    told = zejian("review", source, "--out", tmp_path / "out", *FRAMEWORK, "--json")
    assert told.returncode == 3, told.stderr
    run = json.loads(told.stdout)
    assert run == json.loads((tmp_path / "out/run.json").read_text("utf-8"))
    failed = next(one for one in run["files"] if one["file"] == "空.pdf")
    assert failed["status"] == "failed"
    assert "请企业" in failed["reason"]
    assert (
        failed["reason"] in zejian("review", source, "--out", tmp_path / "out", *FRAMEWORK).stdout
    )


def test_a_folder_in_use_is_left_alone(report: Path, tmp_path: Path) -> None:
    (tmp_path / ".zejian").mkdir()
    with (tmp_path / ".zejian/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = zejian("review", report, "--out", tmp_path, *FRAMEWORK)
    assert (refused.returncode, "另一个 zejian" in refused.stderr) == (2, True)


def lines(*reports: str) -> list[dict[str, str]]:
    return [
        {"id": f"{report}-{n}", "heading": "责任实践", "text": text, "report": report}
        for n, text in enumerate(SENTENCES)
        for report in reports
    ]


def matched(given: list[dict[str, str]], *args: str) -> list[dict[str, object]]:
    told = zejian(
        *("match", "--framework", "gbt36000", *args),
        given="".join(json.dumps(one, ensure_ascii=False) + "\n" for one in given),
    )
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]


def test_match_keeps_order_and_reports_apart() -> None:
    mixed = lines("甲", "乙")
    together = matched(mixed, "--doc-field", "report")
    assert [one["id"] for one in together] == [one["id"] for one in mixed]
    alone = matched([one for one in mixed if one["report"] == "甲"])
    assert [one for one in together if str(one["id"]).startswith("甲")] == alone
    for one in together:
        found = [match["probability"] for match in one["matches"]]
        assert found == sorted(found, reverse=True)
        assert all(0.05 <= p <= 1 for p in found)
        assert one["level"] in range(5)
        assert set(one["flags"]) <= {"neg", "target", "cmp"}
    assert any(one["matches"] for one in together)


@pytest.mark.parametrize(
    "bad", ["{", "[]", '{"id": "x"}', '{"id": "x", "text": 3}', '{"id": 1.5, "text": "x"}']
)
def test_match_names_the_bad_line(bad: str) -> None:
    good = json.dumps({"id": "a", "heading": "", "text": SENTENCES[0]}, ensure_ascii=False)
    refused = zejian("match", "--framework", "gbt36000", given=f"{good}\n\n{bad}\n{good}\n")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "第 3 行" in refused.stderr


def test_frameworks_can_be_listed_and_shown() -> None:
    listed = json.loads(zejian("frameworks", "list", "--json").stdout)
    assert {"gbt36000", "gri"} <= {one["id"] for one in listed}
    shown = json.loads(zejian("frameworks", "show", "gbt36000", "--json").stdout)
    assert len(shown["indicators"]) == next(
        one["indicators"] for one in listed if one["id"] == "gbt36000"
    )


def test_lint_tells_faults_of_shape(tmp_path: Path) -> None:
    bad = tmp_path / "own.yaml"
    bad.write_text("id: own\ntitle: 自订指南\nshort: 自订\nindicators: []\n", "utf-8")
    told = zejian("frameworks", "lint", bad, "--json")
    assert told.returncode == 3
    assert any("indicators" in fault for fault in json.loads(told.stdout)["faults"])


def test_lint_advises_on_wording_without_failing() -> None:
    told = zejian("frameworks", "lint", shipped("indicators", "ningbo.yaml"))
    assert (told.returncode, told.stdout[:3]) == (0, "建议：")
