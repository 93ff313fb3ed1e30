"""A small sound study folder that a test may break: its parts, and one of two hospitals without any note."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DESIGN = """\
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
"""
"""``study.yaml`` but for its ``sites``."""

STUDY = (
    DESIGN
    + """\
sites:
  clinic: {siteid: "01", name: Clinic}
  ward: {siteid: "02", name: Ward}
"""
)

CONCEPTS = (
    "concept_id,concept,domain,testcd,test,tstdtl,specimen,result_type,std_unit,molar_mass,loinc,"
    "sponsor_terms\n"
)
CODES = "kind,system,code,text,specimen,to_system,to_code,field,status,note\n"
UNITS = "source_text,concept_id,ucum,unit_value,extension,source_factor,status,note\n"
VALUES = "codelist,system,source_text,submission_value,concept_id,extension,status,note\n"
SIZES = """\
unit_value,dimension,factor,offset,scale
U/L,enzyme,1,,
IU/L,unit,1,,
umol/L,substance concentration,1/1000000,,
mmol/L,substance concentration,1/1000,,
mg/dL,mass concentration,1/100,,
g/L,mass concentration,1,,
"""

THINGS = {
    "concepts/lb.csv": CONCEPTS
    + "ALT,Alanine aminotransferase,LB,ALT,Alanine Aminotransferase,,SERUM,NM,U/L,,1742-6;1743-4,\n"
    + "CREA,Creatinine,LB,CREAT,Creatinine,,SERUM,NM,umol/L,113.12,2160-0,\n",
    "treatments.csv": "treatment_id,treatment_class,names,atc,dose_form,route\n"
    + "ENTECAVIR,NA,恩替卡韦;Baraclude,J05AF10,TABLET,ORAL\n"
    + "LAMIVUDINE,NA,拉米夫定,J05AF05,TABLET,ORAL\n",
    "sites/clinic/site.yaml": "site: clinic\n",
}
"""The tests and drugs of the study, and its first hospital."""

FILES: dict[str, str] = {
    "study.yaml": STUDY,
    **THINGS,
    "unit_dimensions.csv": SIZES,
    "units.csv": "source_text,unit_value\nu/l,U/L\n",
    "labels_zh.csv": "dataset,variable,label\nLB,,实验室检查\n",
    "terminology/values.csv": "codelist,source_text,submission_value\nLBSTRESC,阴性,NEGATIVE\n",
    "sites/clinic/codes.csv": CODES
    + "test,http://clinic.example/lab,A1,谷丙转氨酶,,LOINC,1742-6,,accepted,\n"
    + "test,,,肌酐,,CONCEPT,CREA,,,\n",
    "sites/ward/site.yaml": "site: ward\n",
    "specs/methods.yaml": "{}\n",
    "specs/te.yaml": "dataset: TE\nkeys: [STUDYID, ETCD]\nvariables:\n"
    + "".join(
        f"  {name}: {{origin: Protocol, source: Sponsor}}\n"
        for name in ("STUDYID", "DOMAIN", "ETCD", "ELEMENT", "TESTRL")
    ),
}
"""A sound study of which no note is to be made."""


def write_study(
    folder: Path, files: Mapping[str, str | bytes | None] | None = None, sound: Mapping[str, str] = FILES
) -> Path:
    """Write :data:`FILES`, with other contents or further files; ``None`` leaves a file out."""
    for name, content in {**sound, **(files or {})}.items():
        if content is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def read_all(folder: Path) -> dict[str, bytes]:
    """Every table of a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.csv"))}
