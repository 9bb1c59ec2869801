"""Ten years of a programme from one reviewed year, to measure what works over years.

A second real year of many companies does not exist in our data. From the reports of a reviewed
OUT this writes an OUT for each later year: ``findings.json`` and ``document.json`` as
``zejian review`` does, but none of its sheets. Nothing is read or matched again, so a finding may
not fit its words; sizes, shapes and the way values move from year to year are what is copied:

- Each company begins as one of the given reports, under an invented name; one in twelve starts
  late, one in twelve stops early, one in fifty takes another name and says so in its report.
- Text carries over: of last year's sentences 70 % stay, in 20 % only digits change, 10 % are
  written anew (their characters shuffled, so that every offset still holds).
- Of the findings 4 % change status; levels of those disclosed go up or down in 8 %.
- Figures grow by 4 ± 10 %; dated ones move on by a year.

    python benchmarks/simulate_years.py OUT TO [--years 10] [--companies 600] [--first 2016]
"""

from __future__ import annotations

import argparse
import json
import random
import re
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

CHARACTERS = (
    "澄霁砚槐驿蓼禾杏篆汀岚桐榆舟棠梧沅芷黎朔珩瑾琮璇昀晖霖霏云岭峦溪涧泉松柏竹梅兰菊荷莲棋书画琴"
)
FORMS = ("有限公司", "股份有限公司", "集团有限公司", "科技有限公司", "实业有限公司")
INDUSTRIES = ("装备制造", "化工", "零售", "金融", "建筑", "信息技术")
DISTRICTS = ("临江区", "望山区", "听涛区", "云栖区")
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
STATUSES = ("disclosed", "not_found", "needs_expert")


@lru_cache(maxsize=80)
def read(folder: Path) -> tuple[bytes, bytes]:
    """Findings and document of a report, as bytes: parsed anew for each use."""
    return (folder / "findings.json").read_bytes(), (folder / "document.json").read_bytes()


def named(chance: random.Random) -> str:
    """A company that does not exist."""
    return "".join(chance.sample(CHARACTERS, 4)) + chance.choice(FORMS)


def write_company(number: int, base: list[Path], to: Path, first: int, years: int) -> int:
    """All years of one company; returns how many reports."""
    chance = random.Random(number)
    company, renamed = named(chance), first + chance.randrange(1, 50)
    begin = first + (chance.randrange(years) if chance.random() < 1 / 12 else 0)
    end = first + years - (chance.randrange(years) if chance.random() < 1 / 12 else 0)
    found, document = map(json.loads, read(base[number % len(base)]))
    about = (chance.choice(INDUSTRIES), chance.choice(DISTRICTS))
    for year in range(begin, end):
        said = ""
        if year > begin:
            move_text(document, chance)
            move_findings(found, chance)
        if year == renamed and year > begin:
            former, company = company, named(chance)
            said = f"{year}年，公司由{former}更名为{company}。"
        write(to / str(year) / f"{number:04d}", found, document, (company, *about, year), said)
    return max(end - begin, 0)


def move_text(document: dict[str, Any], chance: random.Random) -> None:
    """The next year's text, of the same length."""
    document["text"] = SENTENCE.sub(lambda one: reworded(one[0], chance), document["text"])


def reworded(sentence: str, chance: random.Random) -> str:
    """The sentence as it stands, with other digits, or written anew."""
    kind = chance.random()
    if kind < 0.7:
        return sentence
    if kind < 0.9:
        return re.sub(r"\d", lambda _: str(chance.randrange(10)), sentence)
    return "".join(chance.sample(sentence, len(sentence))).replace("\t", "，")


def move_findings(found: dict[str, Any], chance: random.Random) -> None:
    """The next year's findings and figures."""
    for one in found["findings"]:
        if chance.random() < 0.04:
            turn(one, chance.choice(STATUSES))
        elif one["status"] == "disclosed" and chance.random() < 0.08:
            one["level"] = min(4, max(1, one["level"] + chance.choice((-1, 1))))
    for one in found["facts"]["measures"]:
        one["figure"]["value"] *= 1 + chance.gauss(0.04, 0.1)
        if one["period"]:
            one["period"] = str(int(one["period"]) + 1)


def turn(finding: dict[str, Any], status: str) -> None:
    """Another status, its words moved to where they belong."""
    words = finding["evidence"] or finding["nearest"]
    told = status != "not_found"
    finding |= {"status": status, "level": 2 if told else 0}
    finding |= {"evidence": words if told else [], "nearest": [] if told else words}


def write(
    folder: Path,
    found: dict[str, Any],
    document: dict[str, Any],
    about: tuple[str, str, str, int],
    said: str,
) -> None:
    """Both files of a report, under its own name, year and digest."""
    company, industry, district, year = about
    told = dict(document)
    if said:
        start = len(told["text"]) + 1
        told["text"] += f"\n{said}"
        last = {**told["blocks"][-1], "kind": "text", "start": start, "end": len(told["text"])}
        told["blocks"] = [*told["blocks"], {**last, "lines": [], "level": None}]
    told["sha256"] = digest = sha256(f"{folder.name} {year} {told['text']}".encode()).hexdigest()
    for one in found["findings"]:
        for words in (*one["evidence"], *one["nearest"]):
            words["quote"] = told["text"][words["start"] : words["end"]]
    found["report"] |= {"company": company, "year": year, "sha256": digest}
    found["submission"] |= {"id": folder.name, "sha256": digest}
    row = {"company": company, "industry": industry, "district": district, "year": year}
    found["submission"]["registration"] |= row
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in (("document", told), ("findings", found)):
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        (folder / f"{name}.json").write_text(text, "utf-8")


def main() -> None:
    """Write all years and say how many reports."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("to", type=Path)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--companies", type=int, default=600)
    parser.add_argument("--first", type=int, default=2016)
    given = parser.parse_args()
    base = sorted(path.parent for path in given.out.glob("*/findings.json"))
    with ProcessPoolExecutor() as pool:
        jobs = [
            pool.submit(write_company, n, base, given.to, given.first, given.years)
            for n in range(given.companies)
        ]
        print(sum(job.result() for job in jobs), "reports")


if __name__ == "__main__":
    main()
