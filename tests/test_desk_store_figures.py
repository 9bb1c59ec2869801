"""What decisions tell: agreement between readers, and with Zejian; gold and tasks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from desk_store import address, assigned, choice, out, reviewed, server, store

from pipeline.desk.store import agreement, board, gold, rights, rulings
from pipeline.desk.store.accounts import Refused
from pipeline.desk.store.database import Store
from pipeline.desk.store.labelstudio import label_studio, tasks_json
from pipeline.desk.store.rights import Forbidden
from pipeline.emit import read_score
from pipeline.train.labelled import read_labelled

LEVELS = ((1, 1), (2, 2), (2, 3), (3, 3), (4, 2), (1, 0), (3, 4))


def test_agreement_is_measured_on_what_both_said(store: Store) -> None:
    office, first, second = assigned(store)
    with store.write() as db:
        for n, levels in enumerate(LEVELS):
            for reader, level in zip((first, second), levels, strict=True):
                status = "disclosed" if level else "not_found"
                rulings.decide(db, reader, "甲", choice(f"GRI 2-{n}", status, level or None))
        rulings.decide(db, first, "甲", choice("GRI 2-30"))
        board.sign(db, first, "甲")
        assert agreement.pairs(db, office) == [], "nothing is measured before both have signed"
        board.sign(db, second, "甲")
        pairs = agreement.pairs(db, office)
        with pytest.raises(Forbidden):
            agreement.pairs(db, first)
        told = agreement.by_framework(pairs)["gri"]
        assert (told.units, told.one_sided, told.same) == (7, 1, round(6 / 7, 4))
        assert told.kappa == 0.0, "one says always yes: no better than chance"
        assert told.weighted == pytest.approx(_weighted_kappa(LEVELS), abs=1e-4)
        assert told.alpha == pytest.approx(_nominal_alpha(LEVELS), abs=1e-4)
        assert set(agreement.by_experts(pairs)) == {("e0", "e1")}
        assert len(agreement.by_indicator(pairs)) == 8
        differences = agreement.with_zejian(db, office)
        assert {d.missed for d in differences} == {1}
        assert len(differences) == 3, "only what is in force: where both agree"


def _weighted_kappa(pairs: tuple[tuple[int, int], ...]) -> float:
    """Cohen 1968 by its definition: 1 - observed / expected disagreement."""
    n = len(pairs)
    seen = sum((a - b) ** 2 for a, b in pairs) / n
    chance = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs) / n**2
    return 1 - seen / chance


def _nominal_alpha(pairs: tuple[tuple[int, int], ...]) -> float:
    """Krippendorff's alpha by its definition, for two readers without gaps."""
    values = [bool(one) for pair in pairs for one in pair]
    n = len(values)
    seen = sum(bool(a) != bool(b) for a, b in pairs) / len(pairs)
    yes = sum(values)
    chance = 2 * yes * (n - yes) / (n * (n - 1))
    return 1 - seen / chance


def test_signed_reports_become_gold_and_tasks(store: Store, out: Path) -> None:
    office, first, second = assigned(store)
    own = read_score(out / "甲")
    yes = next(f for f in own.findings if f.status == "disclosed" and f.framework == "gbt36000")
    best = yes.evidence[0]
    what = choice(
        yes.indicator,
        level=1,
        document=own.submission.sha256,
        quote=best.quote,
        start=best.start,
        end=best.end,
    )
    with store.write() as db:
        assert gold.answered(db, out) == []
        for reader in (first, second):
            rulings.decide(db, reader, "甲", replace(what, framework="gbt36000"))
            board.sign(db, reader, "甲")
        reports = gold.answered(db, out)
        assert gold.write_gold(db, office, out / "gold", reports) == 1
        with pytest.raises(Forbidden):
            rights.demand(db, first, "export")
        tasks = label_studio(own, rulings.in_force(db, "甲"), "1")
    (report,) = read_labelled(out / "gold")
    labelled = {code: n for n, codes in enumerate(report.codes) for code in codes}
    assert report.levels[labelled["gbt36000", yes.indicator]] == 1
    assert best.quote in report.passages[labelled["gbt36000", yes.indicator]].text
    answers = gold.answers(reports)
    settled = [f for f in own.findings if f.status in ("disclosed", "not_found")]
    assert answers.best.shape == (len(settled), 3)
    with pytest.raises(Refused, match="现有1份"):
        gold.recalibrated(reports)
    assert len(json.loads(tasks_json(tasks))) == len(own.findings)
    assert [t["data"]["experts"] for t in tasks if t["annotations"]] == ["e0"]
