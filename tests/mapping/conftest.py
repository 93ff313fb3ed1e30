"""A small study folder that a test may break."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

WriteStudy = Callable[..., Path]

STUDY = """\
studyid: T-1
title: A trial of its tables
country: CHN
time_zone: Asia/Shanghai
sdtm: {ig: "3.4", model: "2.0", terminology: "2025-03-28"}
epochs: [TREATMENT]
elements: [{etcd: TRT, element: Treatment, start_rule: First dose}]
arms: [{armcd: A, arm: ARM A, treatment_classes: [NA], cells: [{epoch: TREATMENT, etcd: TRT}]}]
visits:
  - {visitnum: 1, visit: DAY 1, visitdy: 1, epoch: TREATMENT, window: [1, 1], start_rule: First dose}
  - {visitnum: 2, visit: DAY 8, visitdy: 8, epoch: TREATMENT, window: [5, 12], start_rule: A week later}
exposure: {gap_days: {default: 7}}
sites: {clinic: {siteid: "01", name: Clinic}}
"""

CONCEPTS = (
    "concept_id,concept,domain,testcd,test,tstdtl,specimen,result_type,std_unit,molar_mass,loinc,"
    "sponsor_terms\n"
)
FILES = {
    "study.yaml": STUDY,
    "concepts/lb.csv": CONCEPTS
    + "ALT,Alanine aminotransferase,LB,ALT,Alanine Aminotransferase,,SERUM,NM,U/L,,1742-6;1743-4,\n"
    + "CREA,Creatinine,LB,CREAT,Creatinine,,SERUM,NM,umol/L,113.12,2160-0,\n",
    "concepts/mb.csv": CONCEPTS
    + "CCC_T,cccDNA in tissue,MB,HBCCCDNA,Hepatitis B Virus cccDNA,,TISSUE,NM,copies/cell,,,TESTCD;TEST\n"
    + "CCC_S,cccDNA in serum,MB,HBCCCDNA,Hepatitis B Virus cccDNA,,SERUM,NM,copies/mL,,,TESTCD;TEST\n",
    "treatments.csv": "treatment_id,treatment_class,names,atc,dose_form,route\n"
    + "ENTECAVIR,NA,恩替卡韦;Baraclude,J05AF10,TABLET,ORAL\n"
    + "LAMIVUDINE,NA,拉米夫定,J05AF05,TABLET,ORAL\n",
    "sites/clinic/site.yaml": "site: clinic\n",
}


@pytest.fixture
def write_study(tmp_path: Path) -> WriteStudy:
    """Write :data:`FILES`, with other contents or further files; ``None`` leaves a file out."""

    def write(files: Mapping[str, str | bytes | None] | None = None) -> Path:
        folder = tmp_path / "study"
        for name, content in {**FILES, **(files or {})}.items():
            if content is not None:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write
