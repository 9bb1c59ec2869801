"""What ``zejian evaluate`` does: figures for the shipped matcher, or for a training run."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from pipeline.emit.html import page
from pipeline.evaluate.baseline import best_f1, nearest_definition
from pipeline.evaluate.crossval import left_out_predictions
from pipeline.evaluate.evaluation import Evaluation, evaluate
from pipeline.evaluate.predictions import predict
from pipeline.frameworks import framework
from pipeline.match import load_matcher
from pipeline.resources import shipped
from pipeline.train.command import adjudicated, train_on
from pipeline.train.labelled import FIELDS, LabelledReport, read_labelled


def run(gold: Path, texts: Path | None, encoder: str | None) -> tuple[Evaluation, list[str]]:
    """Evaluate on a gold folder.

    Args:
        gold: Folder of labelled reports, one JSONL file a report.
        texts: Folder of report texts: retrain and test by cross-validation over reports.
            None tests the shipped matcher as it is.
        encoder: As for a review; for the shipped matcher only.

    Returns:
        The evaluation and its lines for the terminal, in Chinese.
    """
    if texts:
        tested = set(adjudicated(gold))
        reports = [report for report in read_labelled(gold) if report.name in tested]
        found = evaluate(left_out_predictions(train_on(gold, texts), sorted(tested)))
        return found, [_HOW_LEFT_OUT, *lines(found), *_baselines(reports, found)]
    reports = list(read_labelled(gold))
    matcher = load_matcher(tuple(framework(name) for name in FIELDS), encoder)
    found = evaluate(predict(matcher, reports))
    return found, [*_warning(reports), *lines(found), *_baselines(reports, found)]


_HOW_LEFT_OUT = "按报告交叉验证：每份报告都由没有见过它的模型来判断。"


def write(found: Evaluation, path: Path) -> None:
    """Write an evaluation as JSON."""
    path.write_text(json.dumps(asdict(found), ensure_ascii=False, indent=1) + "\n", "utf-8")


def draw(found: Evaluation, path: Path) -> None:
    """Write an evaluation as a page: reliability diagram, precision curve, tables, errors."""
    path.write_bytes(page("evaluation", found=found))


def _warning(reports: list[LabelledReport]) -> list[str]:
    """Say so when the shipped models were trained on some of the reports."""
    facts = json.loads(shipped("models", "matcher", "training.json").read_text("utf-8"))
    seen = sorted({report.name for report in reports} & set(facts["reports"]))
    if not seen:
        return []
    return [f"注意：其中 {len(seen)} 份报告参加过训练，下列数字偏高；请加 --texts 做交叉验证。"]


def lines(found: Evaluation) -> list[str]:
    """The figures for the terminal, in Chinese."""
    told = [f"{found.reports} 份报告，{found.passages} 个段落"]
    for name, part in found.frameworks.items():
        decided = part["reports"]
        low, high = decided["automatic_precision"][1:]
        told.append(
            f"{name}：段落 micro-F1 {part['micro_f1']:.3f}，macro-F1 {part['macro_f1']:.3f}，"
            f"校准误差 {part['ece']:.3f}；报告×指标 {decided['decisions']} 项，"
            f"准确率 {decided['accuracy']:.3f}，κ {decided['kappa']:.3f}；"
            f"自动判断 {decided['automatic_share']:.0%}，"
            f"正确率 {decided['automatic_precision'][0]:.3f}（{low:.3f}–{high:.3f}）"
        )
    flags = "，".join(f"{flag} {part['f1']:.3f}" for flag, part in found.flags.items())
    told.append(f"层级：二次加权 κ {found.levels['quadratic_kappa']:.3f}；标记 F1：{flags}")
    return told


def _baselines(reports: list[LabelledReport], found: Evaluation) -> list[str]:
    lines = []
    for name in FIELDS:
        base = best_f1(nearest_definition(reports, name))
        ratio = found.frameworks[name]["micro_f1"] / base
        lines.append(f"{name}：最近定义基线 micro-F1 {base:.3f}，本系统为其 {ratio:.2f} 倍")
    return lines
