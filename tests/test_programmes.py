"""The shipped programmes say what their notices say, and name frameworks that exist."""

from datetime import date

import pytest
import yaml
from pydantic import ValidationError

from pipeline.frameworks import framework_ids
from pipeline.programmes import programme, programme_ids

KNOWN = {
    "gbt36000", "iso26000", "cass_esg_5", "cass_csr_3", "cass_csr_4", "gri",
    "shanghai_civilised_unit", "shanghai_group_standard", "sasac_central_2008",
    "sasac_shanghai", "cfie_industrial", "csrc_annual_2021", "exchange_2024",
    "shenzhen_sasac", "ningbo",
}  # fmt: skip


def test_shipped_programmes_validate_and_name_known_frameworks():
    assert programme_ids() == ["ningbo", "shanghai-2020", "shanghai-2023", "shenzhen"]
    for name in programme_ids():
        found = programme(name)
        assert found.id == name
        assert set(found.framework_ids()) <= KNOWN


def test_frameworks_in_force_are_shipped():
    assert set(framework_ids()) >= KNOWN
    assert {i for n in programme_ids() for i in programme(n).framework_ids()} <= set(
        framework_ids()
    )


def test_shanghai_2023_is_the_notice():
    found = programme("shanghai-2023")
    assert (found.year, found.report_year) == (2023, 2022)
    assert [f.clause for f in found.frameworks] == [f"五、{n}" for n in range(1, 11)]
    assert {m.last for m in found.milestones if m.last} == {date(2023, 10, 20), date(2023, 11, 30)}
    assert all(not c.local for c in found.eligibility)


def test_a_programme_of_ones_own_is_read_by_path(tmp_path):
    mine = programme("shanghai-2020").model_dump(mode="json") | {"id": "mine"}
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(mine, allow_unicode=True), "utf-8")
    assert programme(str(path)).id == "mine"


def test_unknown_name_and_unknown_field_are_refused(tmp_path):
    with pytest.raises(KeyError):
        programme("no-such-programme")
    path = tmp_path / "bad.yaml"
    path.write_text("id: bad\nrules: 1\n", "utf-8")
    with pytest.raises(ValidationError):
        programme(str(path))
