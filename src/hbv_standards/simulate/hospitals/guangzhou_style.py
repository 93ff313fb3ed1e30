"""What tells a hospital of Guangzhou's kind from another: addresses, and names that are no habit of a laboratory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random

from hbv_standards.simulate.habits import find_text, list_texts
from hbv_standards.simulate.hospital_names import show_site
from hbv_standards.simulate.invented_rows import draw_visits_stated
from hbv_standards.simulate.protocol import VISITS

Questions = tuple[str, str, tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Style:
    """Identifier systems, code systems, headings of panels and reports, questions, file of enrolment."""

    site: str
    patients: str  # identifier system of the patient number
    barcodes: str
    examinations: str  # code system
    questionnaire: str
    laboratory: str  # name of the Organization
    panels: Mapping[str, tuple[str, str]]  # by panel of tests.csv: code and name
    reports: Mapping[str, tuple[str, str]]
    questions: Mapping[str, Questions]  # by substance: number and name of the group, what is asked
    route: str
    family: str
    procedures: Mapping[str, tuple[str, str]]
    history: str  # category of a disease that came before
    adverse: str
    centre: str  # the hospital in the enrolment table
    file: str
    encoding: str
    header: Mapping[str, str]  # field → header
    contact: str  # what an Encounter is called that states no visit
    visits: Mapping[int, str] = field(default_factory=dict)  # what it is called where it states one


_FIELDS = ("site", "subject", "patient", "consent", "randomised", "arm", "status", "end", "reason")
_HEADER = ("中心", "受试者编号", "病历号", "知情同意日期", "随机日期", "组别", "状态", "结束日期", "结束原因")
_BASE = "https://guangzhou-hospital.example"

GUANGZHOU = Style(
    site="guangzhou",
    patients=f"{_BASE}/his/patient-number",
    barcodes=f"{_BASE}/lis/barcode",
    examinations=f"{_BASE}/ris/exam-code",
    questionnaire=f"{_BASE}/Questionnaire/enrolment",
    laboratory="广州市第八人民医院检验科（模拟）",
    panels={"LIVER": ("GZA000", "肝功能组合"), "BLOOD": ("GZE000", "血常规")},
    reports={
        "KIDNEY": ("GZB000", "肾功能报告"),
        "VIROLOGY": ("GZL000", "乙肝病毒学报告"),
        "THYROID": ("GZH000", "甲状腺功能报告"),
        "COAGULATION": ("GZF000", "凝血报告"),
    },
    questions={
        "CIGARETTE": ("1", "吸烟史", ("是否吸烟", "每日吸烟支数", "开始吸烟年份", "戒烟年份")),
        "ALCOHOLIC BEVERAGE": (
            "2",
            "饮酒史",
            ("是否饮酒", "每日酒精摄入量（克）", "开始饮酒年份", "戒酒年份"),
        ),
    },
    route="可疑传播途径（可多选）",
    family="乙肝家族史",
    procedures={
        "ABDOMINAL ULTRASOUND": ("US01", "腹部彩超"),
        "TRANSIENT ELASTOGRAPHY": ("TE01", "肝脏瞬时弹性成像"),
    },
    history="既往史",
    adverse="不良反应",
    centre="广州八院",
    file="enrolment_randomisation.csv",
    encoding="gb18030",
    header=dict(zip(_FIELDS, _HEADER, strict=True)),
    contact="专科门诊",
)

_PANEL_NAMES = {
    "LIVER": ("肝功能", "肝功能全套", "肝功十二项"),
    "BLOOD": ("血细胞分析", "血常规五分类", "全血细胞计数+五分类"),
}
_REPORT_NAMES = {
    "KIDNEY": ("肾功能", "肾功能四项", "肾功组合"),
    "VIROLOGY": ("肝炎病毒检测报告", "乙肝两对半及病毒学", "肝炎病毒学"),
    "THYROID": ("甲功五项", "甲状腺功能", "甲功组合"),
    "COAGULATION": ("凝血功能", "凝血四项", "凝血功能检测"),
}


@cache
def find_style(site: str) -> Style:
    """The style of Guangzhou or of an invented hospital."""
    return GUANGZHOU if site == "guangzhou" else _invent_style(site)


def _invent_style(site: str) -> Style:
    name, dice = show_site(site), Random(f"{site} style")
    base = f"https://{name}.example"
    patients = dice.choice(("his/pid", "empi", "emr/patient-id"))
    visits = {n: find_text(site, "VISIT", str(n)).said for n in VISITS} if draw_visits_stated(site) else {}
    return Style(
        site=site,
        patients=f"{base}/{patients}",
        barcodes=f"{base}/{dice.choice(('lis/sample', 'lis/tube', 'barcode'))}",
        examinations=f"{base}/{dice.choice(('pacs/item', 'ris/procedure', 'exam'))}",
        questionnaire=f"{base}/Questionnaire/{dice.choice(('crf-screening', 'baseline', 'lifestyle'))}",
        laboratory="检验科（模拟）",
        panels=_number(_PANEL_NAMES, "P", dice),
        reports=_number(_REPORT_NAMES, "R", dice),
        questions={s: _ask(site, s, str(n)) for n, s in enumerate(("CIGARETTE", "ALCOHOLIC BEVERAGE"), 1)},
        route=find_text(site, "QUESTION", "ROUTE").said,
        family=find_text(site, "QUESTION", "FAMILY").said,
        procedures={
            text.value: (f"E{dice.randrange(100, 200) + 100 * place}", text.said)
            for place, text in enumerate(list_texts(site, "PROCEDURE"))
        },
        history=find_text(site, "CATEGORY", "HISTORY").said,
        adverse=find_text(site, "CATEGORY", "ADVERSE EVENT").said,
        centre=name,
        file=dice.choice(("入组登记表.csv", "randomisation_list.csv", "subjects.csv")),
        encoding=dice.choice(("gb18030", "utf-8", "utf-8-sig")),
        header={text.value: text.said for text in list_texts(site, "HEADER")},
        contact=dice.choice(("门诊", "肝病门诊", "普通门诊")),
        visits=visits,
    )


def _number(names: Mapping[str, tuple[str, ...]], letter: str, dice: Random) -> dict[str, tuple[str, str]]:
    return {
        panel: (f"{letter}{900 + place}", dice.choice(known))
        for place, (panel, known) in enumerate(names.items())
    }


def _ask(site: str, substance: str, number: str) -> Questions:
    group, *questions = (
        find_text(site, "QUESTION", asked, substance).said
        for asked in ("GROUP", "STATUS", "AMOUNT", "START", "END")
    )
    status, amount, start, end = questions
    return number, group, (status, amount, start, end)
