"""The check of Chinese punctuation: what it finds, and that our own words pass."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "check_punctuation.py"


def check(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, SCRIPT, *files]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("找不到文件,请重试。", "half-width punctuation"),
        ("已完成!", "half-width punctuation"),
        ("材料(扫描件)无法读取。", "half-width brackets"),
        ("请重新提交.", "full stop"),
        ("请 重新提交。", "space between"),
        ("完成 。", "space between"),
        ("已完成。。", "doubled"),
        ("可疑，。", "doubled"),
    ],
)
def test_a_fault_is_found_in_code_and_in_pages(tmp_path: Path, words: str, what: str) -> None:
    code, page = tmp_path / "one.py", tmp_path / "one.html.j2"
    code.write_text(f'say("{words}")\n', "utf-8")
    page.write_text(f"<p>好</p>\n<p>{words}</p>\n", "utf-8")
    told = check(code, page)
    assert told.returncode == 1
    first, second = told.stdout.splitlines()[:2]
    assert "one.py:1:" in first
    assert what in first
    assert "one.html.j2:2:" in second


def test_what_users_do_not_read_is_left_alone(tmp_path: Path) -> None:
    code = tmp_path / "one.py"
    code.write_text(
        '"""说明,文档。"""\n'
        "import re\n"
        'P = re.compile(r"公司(?:集团|银行)(全部)")\n'
        'STOPS = "，。；;！!"\n'
        'FOUND = "公司(集团)"  # punctuation: as found\n'
        'SAID = f"共{len(STOPS)}项：“{P}”，{P}（{P}）……"\n',
        "utf-8",
    )
    assert check(code).stdout == ""


def test_our_own_words_pass() -> None:
    told = check()
    assert (told.returncode, told.stdout) == (0, "")
