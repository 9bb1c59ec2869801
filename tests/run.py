"""Run ``zejian`` as a user does: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "pipeline.cli"]
SENTENCES = (
    "公司建立安全生产责任制，全年组织安全培训 36 次，员工参训率达到 100%。",
    "报告期内，公司向社区教育基金捐赠 120 万元，志愿服务时长 3,400 小时。",
    "公司推进节能减排，单位产品综合能耗比上年下降 4.2%，碳排放总量下降 3.1%。",
    "公司保障员工合法权益，劳动合同签订率 100%，未发生歧视事件。",
    "公司完善反腐败制度，对全部供应商开展廉洁教育，未发生贪污贿赂案件。",
)


def environment(**extra: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZEJIAN_", "PREFECT_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **extra}


def zejian(
    *args: object, given: str = "", cwd: Path | None = None, **extra: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, args)],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(**extra),
        cwd=cwd,
        check=False,
    )


def write_report(path: Path, number: int) -> None:
    """A report of a few lines; each number gives another text."""
    turned = SENTENCES[number % 5 :] + SENTENCES[: number % 5]
    lines = [f"{number} 号企业社会责任报告", "一、公司概况", *turned[:3], "二、展望", *turned[3:]]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def write_year(folder: Path, count: int) -> Path:
    """A folder of so many different reports: 00号.txt, 01号.txt ..."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        write_report(folder / f"{number:02}号.txt", number)
    return folder


def tree(out: Path) -> dict[str, bytes]:
    """All that a reader finds in OUT: run.json without its times, .zejian left out."""
    import json

    found = {}
    for path in sorted(out.rglob("*")):
        shown = path.relative_to(out)
        if path.is_file() and shown.parts[0] != ".zejian":
            found[shown.as_posix()] = path.read_bytes()
    run = json.loads(found["run.json"])
    del run["times"]
    found["run.json"] = json.dumps(run, ensure_ascii=False).encode()
    return found
