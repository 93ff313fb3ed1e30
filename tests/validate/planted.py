"""Faults planted into the clean study, one a line: rule, how it is broken, and where it must be found."""

from __future__ import annotations

from .breaking import (
    allot,
    append_bytes,
    append_member,
    copy_file,
    copy_record,
    drop,
    empty_file,
    label,
    leave_out_define,
    make_text,
    move_file,
    patch,
    put,
    put_all,
    put_first,
    remove_records,
    rename_domain,
)
from .faults import Fault, fault
from .planted_define import DEFINE

FILES = (
    fault(1, "LB", patch("lb.xpt", b"HEADER RECORD*******LIBRARY", b"HEADER RECORD*******LIBRERY")),
    fault(1, "LB", patch("lb.xpt", b"HEADER RECORD*******LIBRARY", b"HEADER RECORD*******LIBV8  ")),
    fault(1, "LB", patch("lb.xpt", b"HEADER RECORD*******NAMESTR", b"HEADER RECORD*******NAMESTX")),
    fault(2, "LB", append_bytes("lb.xpt", b"lost")),
    fault(3, "LB", append_member("lb.xpt", "vs.xpt")),
    fault(4, "LB", copy_file("lb.xpt", "lbcopy.xpt")),
    fault(5, "LB", move_file("lb.xpt", "lab.xpt")),
    fault(6, "LB", move_file("lb.xpt", "LB.xpt")),
    fault(7, "L_B", patch("lb.xpt", b"SAS     LB      SASDATA ", b"SAS     L_B     SASDATA ")),
    fault(8, "LB.lbnam", patch("lb.xpt", b"LBNAM   ", b"lbnam   ")),
    fault(9, "LB.LBNAM", label("LB", "A label that is longer than forty bytes are", "LBNAM"), in_memory=True),
    fault(10, "LB.LBNAM", allot("LB", "LBNAM", 201), in_memory=True),
    fault(11, "LB.LBNAM", allot("LB", "LBNAM", 40)),
    fault(12, "LB.LBNAM:3", put("LB", 3, LBNAM="检验科")),
    fault(12, "LB.LBNAM", label("LB", "供应商", "LBNAM")),
    fault(13, "LB", patch("lb.xpt", b"LAB X", b"\xff\xfe\xfd\xfc\xff"), agency="nmpa"),
    fault(14, "LB.LBREASND:10", patch("lb.xpt", b"SAMPLE LOST", b"SAMPLE\nLOST")),
    fault(15, "SUPPLB.QVAL:1", patch("supplb.xpt", b"SLIGHT", b" LIGHT")),
    fault(16, "LB.LBREASND:10", put("LB", 10, LBREASND="@"), patch("lb.xpt", b"@LAB", b".LAB")),
)

STRUCTURE = (
    fault(101, "LB.LBTEST", drop("LB", "LBTEST")),
    fault(101, "SUPPLB.QORIG", drop("SUPPLB", "QORIG")),
    fault(102, "LB.USUBJID:2", put("LB", 2, USUBJID="")),
    fault(102, "SUPPLB.QVAL:1", put("SUPPLB", 1, QVAL="")),
    fault(103, "LB.LBNRIND", drop("LB", "LBNRIND")),
    fault(104, "LB.LBMETHOD", put_all("LB", LBMETHOD="")),
    fault(105, "LB.LBWEIRD", put_all("LB", LBWEIRD="X")),
    fault(105, "DM.AGEGRP", put_all("DM", AGEGRP="X")),
    fault(106, "LB.LBEXCLFL", put_all("LB", LBEXCLFL="Y")),
    fault(107, "LB.VISITNUM", make_text("LB", "VISITNUM")),
    fault(108, "LB.LBNAM", label("LB", "Name of the Laboratory", "LBNAM")),
    fault(109, "LB.LBDTC", put_first("LB", "LBDTC")),
    fault(109, "DM.SEX", put_first("DM", "SEX")),
    fault(110, "LB", label("LB", "Laboratory")),
    fault(110, "VS", label("VS", "")),
    fault(111, "CO", empty_file("co.xpt")),
    fault(112, "DM", drop("DM")),
    fault(113, "QQ.DOMAIN", rename_domain("VS", "QQ")),
    fault(114, "TS", drop("TS")),
    fault(114, "TS.TSVAL:1", put("TS", 1, TSVAL="2024-01")),
    fault(115, "LB.LBNAM", patch("lb.xpt", b"LBSPEC  ", b"LBNAM   ")),
    fault(116, "LB.EPOCH", drop("LB", "EPOCH")),
    fault(117, "IS", drop("IS", "VISITNUM", "VISIT", "VISITDY", "EPOCH", "ISDTC", "ISDY")),
    fault(118, "CM.CMSCAT", drop("CM", "CMCAT")),
    fault(118, "VS.VSTPT", put_all("VS", VSTPT="BEFORE")),
    fault(119, "CM.CMSCAT:1", put("CM", 1, CMCAT="")),
    fault(119, "EX.EXDOSE:2", put("EX", 2, EXDOSU="")),
    fault(119, "LB.LBSTRESU:3", put("LB", 3, LBSTRESC="")),
    fault(119, "DM.AGE:1", put("DM", 1, AGEU="")),
)

TERMINOLOGY = (
    fault(201, "DM.SEX:2", put("DM", 2, SEX="MALE")),
    fault(201, "AE.AESER:1", put("AE", 1, AESER="NO")),
    fault(202, "LB.LBORRESU:4", put("LB", 4, LBORRESU="mg/dl")),
    fault(202, "EX.EXROUTE:1", put("EX", 1, EXROUTE="SC")),
    fault(202, "LB.LBSTRESC:8", put("LB", 8, LBSTRESC="Negative")),
    fault(203, "LB.LBSPEC:1", put("LB", 1, LBSPEC="SERUM OF OURS")),
    fault(204, "LB.LBSPEC:1", put("LB", 1, LBSPEC="SERUM OF OURS"), leave_out_define),
    fault(205, "LB.LBLOBXFL:3", put("LB", 3, LBLOBXFL="N")),
    fault(205, "DM.DTHFL:1", put("DM", 1, DTHFL="N")),
    fault(206, "LB.LBTEST:1", put_all("LB", LBTEST="Glucose")),
    fault(206, "TS.TSPARM:2", put("TS", 2, TSPARM="Type of Study")),
    fault(206, "VS.VSTEST:3", put("VS", 3, VSTESTCD="OURTEMP")),
    fault(207, "LB.LBTESTCD:7", put("LB", 7, LBTESTCD="c-rp")),
    fault(207, "SUPPLB.QNAM:1", put("SUPPLB", 1, QNAM="1HEMOL")),
    fault(208, "SUPPLB.QLABEL:1", put("SUPPLB", 1, QLABEL="A label that is longer than forty letters.")),
    fault(209, "LB.LBNAM:1", put("LB", 1, LBNAM="nan")),
    fault(210, "CM.CMTRT:2", put("CM", 2, CMTRT="OTHER")),
    fault(211, "DM.COUNTRY:1", put("DM", 1, COUNTRY="China")),
    fault(212, "CM.CMSTRTPT:1", put_all("CM", CMSTRTPT="", CMSTTPT=""), put("CM", 1, CMSTRTPT="ONGOING")),
    fault(213, "VS.VSTEST:3", put("VS", 3, VSTESTCD="SYSBP")),
    fault(213, "SV.VISIT:4", put("SV", 4, VISITNUM=3.0)),
    fault(213, "VS.VSTPT:2", put_all("VS", VSTPT="PRE", VSTPTNUM=1.0, VISITNUM=1.0), put("VS", 2, VSTPT="X")),
)  # fmt: skip

DATES = (
    fault(301, "LB.LBDTC:1", put("LB", 1, LBDTC="03JAN2024")),
    fault(301, "DM.BRTHDTC:1", put("DM", 1, BRTHDTC="1980/05/01")),
    fault(301, "LB.LBDTC:2", put("LB", 2, LBDTC="2024-01-10T")),
    fault(302, "LB.LBDTC:3", put("LB", 3, LBDTC="2024-02-30")),
    fault(303, "TE.TEDUR:2", put("TE", 2, TEDUR="9 weeks")),
    fault(304, "LB.LBDY:3", put("LB", 3, LBDY=28.0)),
    fault(304, "EX.EXENDY:1", put("EX", 1, EXENDY=30.0)),
    fault(305, "AE.AESTDY:2", put("AE", 2, AESTDY=23.0)),
    fault(306, "LB.LBDY:3", put("LB", 3, LBDY=float("nan"))),
    fault(307, "LB.LBDY:2", put("LB", 2, LBDY=0.0)),
    fault(308, "LB.LBDY", drop("LB", "LBDY")),
    fault(308, "AE.AESTDTC", drop("AE", "AESTDTC")),
    fault(309, "AE.AESTDTC:1", put("AE", 1, AESTDTC="2024-01-22", AESTDY=13.0)),
    fault(310, "LB.LBDTC:6", put("LB", 6, LBDTC="2024-04-06")),
    fault(311, "DM.RFICDTC:1", put("DM", 1, RFICDTC="2024-01-11")),
    fault(311, "DM.RFXSTDTC:1", put("DM", 1, RFXSTDTC="2024-03-14")),
)

KEYS = (
    fault(401, "LB.LBSEQ:2", put("LB", 2, LBSEQ=1.0)),
    fault(402, "LB.LBSEQ:2", put("LB", 2, LBSEQ=2.5)),
    fault(403, "LB.USUBJID:2", put("LB", 2, USUBJID="ST1-009")),
    fault(404, "DM.SUBJID:2", put("DM", 2, SUBJID="001")),
    fault(405, "LB.STUDYID:2", put("LB", 2, STUDYID="ST2")),
    fault(406, "LB.DOMAIN:2", put("LB", 2, DOMAIN="VS")),
    fault(407, "DM.USUBJID:4", copy_record("DM", 1, SUBJID="004")),
    fault(407, "SV.VISITNUM:11", copy_record("SV", 1)),
    fault(407, "SUPPLB.QNAM:3", copy_record("SUPPLB", 1, QVAL="STRONG")),
    fault(407, "TS.TSSEQ:5", copy_record("TS", 3)),
    fault(408, "VS.VSSEQ:4", copy_record("VS", 1, VSSEQ=4.0)),
    fault(409, "SE.SESEQ:1", put("SE", 1, SESEQ=2.0), put("SE", 2, SESEQ=1.0)),
)

RESULTS = (
    fault(501, "LB.LBSTRESC:3", put("LB", 3, LBSTRESC="", LBSTRESN=float("nan"), LBSTRESU="")),
    fault(502, "LB.LBSTRESN:3", put("LB", 3, LBSTRESN=float("nan"))),
    fault(503, "LB.LBSTRESN:7", put("LB", 7, LBSTRESN=2.0)),
    fault(504, "LB.LBSTRESN:3", put("LB", 3, LBSTRESN=88.5)),
    fault(505, "LB.LBSTRESU:6", put("LB", 6, LBSTRESU="mg/dL")),
    fault(506, "LB.LBSTAT:3", put("LB", 3, LBSTAT="NOT DONE", LBREASND="SAMPLE LOST")),
    fault(507, "LB.LBREASND:10", put("LB", 10, LBREASND="")),
    fault(508, "LB.LBREASND:3", put("LB", 3, LBREASND="SAMPLE LOST")),
    fault(509, "LB.LBORRES:10", put("LB", 10, LBSTAT="", LBREASND="")),
    fault(510, "LB.LBSTNRLO:3", put("LB", 3, LBSTNRLO=50.0)),
    fault(510, "LB.LBORNRLO:3", put("LB", 3, LBORNRLO="50")),
    fault(511, "LB.LBNRIND:3", put("LB", 3, LBNRIND="NORMAL")),
    fault(511, "LB.LBNRIND:1", put("LB", 1, LBNRIND="LOW")),
    fault(512, "LB.LBORRESU:3", put("LB", 3, LBORRESU="")),
    fault(513, "LB.LBSTRESC:3", put("LB", 3, LBSTRESC="8.8", LBSTRESN=8.8)),
    fault(514, "LB.LBSTRESN:6", put("LB", 6, LBSTRESC="55", LBSTRESN=55.0)),
)

BASELINE = (
    fault(601, "LB.LBLOBXFL:10", put("LB", 10, LBLOBXFL="Y")),
    fault(602, "LB.LBLOBXFL:2", put("LB", 1, LBLOBXFL="Y")),
    fault(603, "LB.LBLOBXFL:3", put("LB", 3, LBLOBXFL="Y"), put("LB", 2, LBLOBXFL="")),
    fault(604, "LB.LBLOBXFL:12", copy_record("LB", 4, LBSEQ=9.0, LBDTC="2024-01-08", LBDY=-2.0, LBLOBXFL="")),
    fault(605, "LB.LBLOBXFL:4", put("LB", 4, LBLOBXFL="")),
    fault(606, "LB.LBLOBXFL:11", put("LB", 11, LBLOBXFL="Y")),
    fault(607, "MB.MBBLFL:1", put("MB", 1, MBSTRESC="", MBORRES="")),
)

DEMOGRAPHICS = (
    fault(701, "DM.ARMCD:1", put("DM", 1, ARMCD="C")),
    fault(701, "DM.ACTARM:1", put("DM", 1, ACTARM="DRUG B")),
    fault(702, "DM.ARMCD:2", put("DM", 2, ARM="")),
    fault(703, "DM.ARMNRS:3", put("DM", 3, ARMNRS="")),
    fault(703, "DM.ARMNRS:1", put("DM", 1, ARMNRS="NOT ASSIGNED")),
    fault(704, "DM.ARM:3", put("DM", 3, ARM="Screen Failure", ARMCD="SCRNFAIL")),
    fault(705, "DM.RFSTDTC:3", put("DM", 3, RFSTDTC="2024-01-08")),
    fault(706, "DM.RFENDTC:1", put("DM", 1, RFENDTC="")),
    fault(706, "DM.RFENDTC:3", put("DM", 3, RFENDTC="2024-01-12")),
    fault(707, "DM.AGE:1", put("DM", 1, AGE=34.0)),
    fault(709, "DM.AGE:1", put("DM", 1, AGE=float("nan"), AGEU="")),
    fault(708, "DM.ACTARMUD:3", put("DM", 3, ARMNRS="UNPLANNED TREATMENT")),
)

EXPOSURE = (
    fault(720, "DM.RFXSTDTC:1", put("DM", 1, RFXSTDTC="2024-01-12")),
    fault(720, "DM.RFXSTDTC:1", put("DM", 1, RFXSTDTC="")),
    fault(721, "DM.RFXENDTC:1", put("DM", 1, RFXENDTC="2024-03-06")),
    fault(722, "DM.RFXSTDTC:2", remove_records("EX", 3)),
    fault(723, "DM.ARMNRS:3", copy_record("EX", 3, USUBJID="ST1-003")),
    fault(724, "DM.ARMNRS:2", remove_records("EX", 3), put("DM", 2, RFXSTDTC="", RFXENDTC="")),
    fault(725, "EX.EXDOSE:1", put("EX", 1, EXDOSE=-180.0)),
    fault(726, "EX.EXDOSTXT:2", put_all("EX", EXDOSTXT=""), put("EX", 2, EXDOSTXT="180-360")),
    fault(727, "EX.EXSTDY:1", put("EX", 1, EXSTDY=-5.0)),
)

VISITS = (
    fault(730, "LB.VISIT:3", put_all("LB", VISIT="WEEK 5")),
    fault(730, "SV.VISITDY:3", put("SV", 3, VISITDY=30.0)),
    fault(731, "SV.VISITDY:4", put("SV", 4, VISITDY=43.0)),
    fault(732, "LB.VISITNUM:3", remove_records("SV", 3)),
    fault(733, "SV.SVPRESP:4", put("SV", 4, SVPRESP="Y", SVOCCUR="Y")),
    fault(734, "SV.SVOCCUR:1", put("SV", 1, SVOCCUR="")),
    fault(735, "SV.SVOCCUR:9", put("SV", 9, SVSTDTC="2024-03-11")),
)

ELEMENTS = (
    fault(740, "LB.EPOCH:3", put("LB", 3, EPOCH="RUN-IN")),
    fault(741, "SE.ETCD:2", put("SE", 2, ETCD="TRTC")),
    fault(742, "SE.ELEMENT:2", put("SE", 2, ELEMENT="Treatment")),
    fault(743, "SE.SEENDTC:1", put("SE", 1, SEENDTC="2024-01-08", SEENDY=-2.0)),
    fault(744, "SE.SEENDTC:1", put("SE", 1, SEENDTC="", SEENDY=float("nan"))),
    fault(745, "SE.ETCD:2", put("SE", 2, ETCD="UNPLAN")),
    fault(746, "LB.EPOCH:3", put("LB", 3, EPOCH="SCREENING")),
    fault(747, "LB.EPOCH:3", put("LB", 3, EPOCH="")),
    fault(748, "DM.USUBJID:3", remove_records("SE", 6)),
)

EVENTS = (
    fault(750, "DM.DTHFL:2", put("DM", 2, DTHFL="")),
    fault(751, "DM.DTHDTC:2", put("DM", 2, DTHDTC="")),
    fault(752, "AE.AEOUT:1", put("AE", 1, AEOUT="FATAL")),
    fault(752, "DS.DSDECOD:3", put("DS", 3, DSDECOD="DEATH")),
    fault(753, "DM.DTHFL:2", put("DS", 5, DSDECOD="LOST TO FOLLOW-UP")),
    fault(754, "DS.DSSTDTC:5", put("DS", 5, DSSTDTC="2024-02-19", DSSTDY=36.0)),
    fault(754, "AE.AEENDTC:3", put("AE", 3, AEENDTC="2024-02-19", AEENDY=36.0)),
    fault(755, "DS.DSSTDTC:1", put("DS", 1, DSSTDTC="2024-01-03", DSSTDY=-7.0)),
    fault(756, "DS.DSCAT:2", put("DS", 2, DSCAT="")),
    fault(757, "DS.DSDECOD:8", copy_record("DS", 5, DSSEQ=3.0)),
    fault(758, "DM.ACTARMCD:2", remove_records("DS", 4, 5)),
    fault(759, "AE.AESER:3", put("AE", 3, AESER="N")),
    fault(759, "AE.AESER:1", put("AE", 1, AESER="Y")),
    fault(760, "AE.AEENDTC:1", put("AE", 1, AEENDTC="", AEENDY=float("nan"))),
    fault(761, "DS.DSDECOD:2", put("DS", 2, DSDECOD="ADVERSE EVENT")),
)

TRIAL_DESIGN = (
    fault(770, "TE.TEENRL:1", put("TE", 1, TEENRL="")),
    fault(771, "TA.TAETORD:2", put("TA", 2, TAETORD=1.5)),
    fault(772, "TV.ARMCD:2", put("TV", 2, ARMCD="C")),
    fault(773, "IE.IEORRES:1", put("IE", 1, IEORRES="Y", IESTRESC="Y")),
    fault(773, "IE.IEORRES:1", put("IE", 1, IESTRESC="Y")),
    fault(774, "IE.IETESTCD:1", put("IE", 1, IETESTCD="INCL09")),
    fault(775, "TS.TSVAL:4", put("TS", 4, TSVAL="P70Y")),
    fault(776, "TS.TSVAL:2", put("TS", 2, TSVAL="Interventional")),
    fault(777, "TS.TSVALCD:2", put("TS", 2, TSVALCD="C98722")),
)

RELATIONS = (
    fault(801, "SUPPLB.RDOMAIN:1", put("SUPPLB", 1, RDOMAIN="QS")),
    fault(802, "SUPPLB.RDOMAIN:1", put("SUPPLB", 1, RDOMAIN="VS")),
    fault(803, "SUPPLB.IDVAR:1", put("SUPPLB", 1, IDVAR="LBNUMBER")),
    fault(804, "SUPPLB.IDVARVAL:1", put("SUPPLB", 1, IDVARVAL="77")),
    fault(804, "SUPPLB.IDVARVAL:2", put("SUPPLB", 2, IDVARVAL="P99")),
    fault(804, "RELREC.IDVARVAL:1", put("RELREC", 1, IDVARVAL="9")),
    fault(804, "CO.IDVARVAL:1", put("CO", 1, USUBJID="ST1-003")),
    fault(805, "SUPPLB.IDVAR:1", put("SUPPLB", 1, IDVAR="", IDVARVAL="")),
    fault(805, "SUPPLB.IDVARVAL:1", put("SUPPLB", 1, IDVARVAL="")),
    fault(806, "SUPPLB.QNAM:1", put("SUPPLB", 1, QNAM="LBMETHOD")),
    fault(807, "SUPPDM.QNAM:1", put("SUPPDM", 1, QNAM="ITT")),
    fault(808, "RELREC.RELID:2", put("RELREC", 2, RELID="R2")),
    fault(809, "RELREC.IDVAR:1", put("RELREC", 1, RELTYPE="ONE")),
    fault(810, "DM.RACE:3", drop("SUPPDM")),
    fault(810, "DM.RACE:1", put("DM", 1, RACE="MULTIPLE")),
)

FAULTS: tuple[Fault, ...] = (
    *FILES, *STRUCTURE, *TERMINOLOGY, *DATES, *KEYS, *RESULTS, *BASELINE, *DEMOGRAPHICS, *EXPOSURE, *VISITS,
    *ELEMENTS, *EVENTS, *TRIAL_DESIGN, *RELATIONS, *DEFINE,
)  # fmt: skip
