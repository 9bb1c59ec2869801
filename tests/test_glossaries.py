"""The Chinese programmes' frameworks as glossaries: rich entries, consistent examples."""

from collections import Counter

import pytest

from pipeline.frameworks import Framework, framework

COUNTS = {
    "cfie_industrial": 41,
    "csrc_annual_2021": 32,
    "exchange_2024": 85,
    "ningbo": 41,
    "sasac_central_2008": 56,
    "sasac_shanghai": 28,
    "shanghai_civilised_unit": 103,
    "shanghai_group_standard": 68,
    "shenzhen_sasac": 37,
}
DRAFTS = {
    "cfie_industrial",
    "ningbo",
    "sasac_shanghai",
    "shanghai_civilised_unit",
    "shanghai_group_standard",
}


@pytest.fixture(params=sorted(COUNTS))
def glossary(request) -> Framework:
    return framework(request.param)


def test_nothing_is_lost_and_drafts_say_so(glossary):
    assert len(glossary.indicators) == COUNTS[glossary.id]
    assert glossary.draft == (glossary.id in DRAFTS)
    assert len(glossary.short) <= 12


def test_entries_are_rich(glossary):
    for entry in glossary.indicators:
        assert 8 <= len(entry.cues) <= 14, entry.code
        assert len(set(entry.cues)) == len(entry.cues), entry.code
        assert not set(entry.cues) & set(entry.not_cues), entry.code
        assert len(entry.examples.positive) >= 2, entry.code


def test_examples_do_not_contradict_each_other(glossary):
    positives = Counter(s for e in glossary.indicators for s in e.examples.positive)
    assert [s for s, n in positives.items() if n > 1] == []
    for entry in glossary.indicators:
        assert not set(entry.examples.positive) & set(entry.examples.negative), entry.code


def test_sources_are_told_in_words(glossary):
    text = glossary.model_dump_json()
    assert not any(trace in text for trace in ("http", "github", "seed:", "www."))
