"""Facts that the trial's own tables must hold, whatever its hospitals say."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from fractions import Fraction

import pytest

from hbv_standards.canonical.concept_text import join_concept
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.rows import NO_UNIT, ConceptRow
from hbv_standards.mapping.tables import BASE
from hbv_standards.standards import read_codelist

MICROMOLES = "umol/L"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The trial's tables with hospitals that say nothing."""
    folder = tmp_path_factory.mktemp("trial") / "mappings"
    shutil.copytree(locate_mappings(), folder)
    for path in sorted((folder / "sites").iterdir()):
        if path.name != BASE:
            shutil.rmtree(path)
    for site in ("zhongshan", "guangzhou", "foshan"):
        (folder / "sites" / site).mkdir()
        (folder / "sites" / site / "site.yaml").write_text(f"site: {site}\n", encoding="utf-8")
    return read_catalog(folder)


@pytest.fixture(scope="module")
def mapper(catalog: Catalog) -> SiteMapper:
    return SiteMapper(catalog, "foshan")


def loinc(code: str) -> str:
    joined = join_concept(None, [("http://loinc.org", code, None)])
    assert joined is not None
    return joined


def test_number_of_tests(catalog: Catalog) -> None:
    domains = Counter(concept.domain for concept in catalog.concepts.values())
    assert domains == {"LB": 61, "MB": 13, "IS": 7, "VS": 8, "GF": 3, "GI": 9, "FA": 1, "PE": 11}


def test_every_loinc_code_leads_back_to_its_test(catalog: Catalog, mapper: SiteMapper) -> None:
    found = {
        code: (mapper.map_test(loinc(code), None), concept)
        for concept in catalog.concepts.values()
        for code in concept.loinc
    }
    assert len(found) == 162
    for code, (match, concept) in found.items():
        assert match is not None
        assert (match.concept_id, match.loinc, match.row) == (concept.concept_id, code, concept.row)


@pytest.mark.parametrize(
    ("code", "domain", "testcd", "detail"),
    [
        ("1742-6", "LB", "ALT", None),
        ("14682-9", "LB", "CREAT", None),
        ("2951-2", "LB", "SODIUM", None),
        ("770-8", "LB", "NEUTLE", None),
        ("751-8", "LB", "NEUT", None),
        ("6301-6", "LB", "INR", None),
        ("63557-3", "MB", "HBSAG", "QUANTIFICATION"),
        ("5196-1", "MB", "HBSAG", "DETECTION"),
        ("42595-9", "MB", "HBDNA", "VIRAL LOAD"),
        ("29610-3", "MB", "HBDNA", "DETECTION"),
        ("56888-1", "MB", "HIVAGAB", "DETECTION"),
        ("16935-9", "IS", "MBAB", None),
        ("24113-3", "IS", "MBIMAB", None),
        ("5048-4", "IS", "ATAB", None),
        ("77615-3", "GI", "ELASTIC", None),
        ("8480-6", "VS", "SYSBP", None),
    ],
)
def test_where_a_loinc_code_goes(
    catalog: Catalog, mapper: SiteMapper, code: str, domain: str, testcd: str, detail: str | None
) -> None:
    match = mapper.map_test(loinc(code), None)
    assert match is not None
    assert match.concept_id is not None
    concept = catalog.concepts[match.concept_id]
    assert (concept.domain, concept.testcd, concept.tstdtl) == (domain, testcd, detail)


@pytest.mark.parametrize(
    "code",
    [
        "5964-2",  # prothrombin time in blood, not in platelet poor plasma
        "46418-0",  # INR in capillary blood
        "76625-3",  # ALT in blood
        "47364-5",  # HBsAg of a donor
        "65633-0",  # HBsAg, confirmatory
        "22322-2",  # presence of anti-HBs, where the test is its quantity
        "34444-0",  # PIVKA-II by mass, which no factor makes units
        "33463-1",  # anti-HBe IgG, not total
    ],
)
def test_loinc_codes_of_other_tests(mapper: SiteMapper, code: str) -> None:
    assert mapper.map_test(loinc(code), None) is None


def test_qualitative_and_quantitative_share_a_code_and_differ_in_detail(catalog: Catalog) -> None:
    one, other = catalog.concepts["HBSAG_QN"], catalog.concepts["HBSAG_QL"]
    assert (one.testcd, one.test) == (other.testcd, other.test)
    assert (one.tstdtl, other.tstdtl) == ("QUANTIFICATION", "DETECTION")


def test_tests_without_a_term_are_declared(catalog: Catalog) -> None:
    declared = {c.testcd for c in catalog.concepts.values() if "TESTCD" in c.sponsor_terms and c.domain != "PE"}
    assert declared == {"HBCCCDNA", "HBCRAG", "FIB4IDX", "CAP", "ELASTIQR", "ELASTIRM", "ELASTNVM", "MODTRN"}
    # CT has no list of body systems: those of PE are all the study's own.
    assert {c.testcd for c in catalog.concepts.values() if c.domain == "PE" and "TESTCD" not in c.sponsor_terms} == set()


def test_units_without_a_term_are_declared(catalog: Catalog) -> None:
    declared = {row.unit_value for row in catalog.units("foshan") if row.extension == "Y"}
    assert declared == {"S/CO", "COI", "PEIU/mL", "NCU/mL", "dB/m", "mAU/mL", "copies/10^6 cells", "jin"}


def test_cccdna_has_one_standard_unit_per_specimen(catalog: Catalog) -> None:
    found = {c.specimen: c.std_unit for c in catalog.concepts.values() if c.testcd == "HBCCCDNA"}
    assert found == {
        "TISSUE": "copies/cell",
        "PERIPHERAL BLOOD MONONUCLEAR CELL": "copies/cell",
        "SERUM": "copies/mL",
    }


@pytest.mark.parametrize(
    ("spelling", "concept", "unit"),
    [
        ("[IU]/mL", None, "IU/mL"),
        ("IU/ml", None, "IU/mL"),
        ("k[IU]/L", None, "IU/mL"),
        ("kIU/mL", None, "10^3 IU/mL"),
        ("m[IU]/mL", None, "IU/L"),
        ("u[IU]/mL", None, "mIU/L"),
        ("μIU/mL", None, "mIU/L"),
        ("{log_IU}/mL", None, "log10 IU/mL"),
        ("lg IU/mL", None, "log10 IU/mL"),
        ("{copies}/mL", None, "copies/mL"),
        ("拷贝/mL", None, "copies/mL"),
        ("{Log_copies}/mL", None, "log10 copies/mL"),
        ("拷贝/10⁶细胞", None, "copies/10^6 cells"),
        ("10*9/L", None, "10^9/L"),
        ("×10⁹/L", None, "10^9/L"),
        ("G/L", None, "10^9/L"),
        ("10*12/L", None, "10^12/L"),
        ("μmol/L", None, "umol/L"),
        ("µmol/L", None, "umol/L"),
        ("ng/mL", None, "ug/L"),
        ("ng/ml", None, "ug/L"),
        ("pg/mL", None, "ng/L"),
        ("mg/mL", None, "g/L"),
        ("ug/mL", None, "mg/L"),
        ("kU/L", None, "U/mL"),
        ("u/L", None, "U/L"),
        ("mm[Hg]", None, "mmHg"),
        ("Cel", None, "C"),
        ("℃", None, "C"),
        ("[degF]", None, "F"),
        ("kg/m²", None, "kg/m2"),
        ("[lb_av]", None, "LB"),
        ("斤", None, "jin"),
        ("秒", None, "s"),
        ("mL/min/{1.73_m2}", None, "mL/min/1.73 m2"),
        ("Inh%", None, "% INHIBITION"),
        ("/min", "PULSE", "beats/min"),
        ("/min", "RESP", "breaths/min"),
        ("次/分", "PULSE", "beats/min"),
        ("次/分", "RESP", "breaths/min"),
        ("1", "HCT", "fraction of 1"),
        ("1", "INR", "RATIO"),
        ("{INR}", "INR", "RATIO"),
        ("S/CO", "HBEAB", "S/CO"),
        ("AU/mL", "PIVKA", "Arbitrary U/mL"),
        ("m[AU]/mL", "PIVKA", "mAU/mL"),
        ("{tbl}", None, "TABLET"),
        ("片", None, "TABLET"),
        ("次", "LSMNVAL", None),
    ],
)
def test_spellings_of_units(mapper: SiteMapper, spelling: str, concept: str | None, unit: str | None) -> None:
    match = mapper.map_unit(spelling, None, concept)
    assert match is not None
    assert (match.unit_value, match.source_factor) == (unit, 1)


@pytest.mark.parametrize(
    ("spelling", "concept"), [("1", None), ("次/分", None), ("g/M", None), ("IU", "HBSAG_QN2")]
)
def test_spellings_that_nothing_tells(mapper: SiteMapper, spelling: str, concept: str | None) -> None:
    match = mapper.map_unit(spelling, None, concept)
    assert match is None or match.unit_value == spelling  # a CT value means itself


def test_case_tells_units_apart(mapper: SiteMapper) -> None:
    found = {text: mapper.map_unit(None, text, None) for text in ("g/L", "G/L", "mg", "m", "MM")}
    assert [match and match.unit_value for match in found.values()] == ["g/L", "10^9/L", "mg", "m", "mm"]


def test_every_unit_that_a_spelling_means_has_a_size(catalog: Catalog) -> None:
    sized = {row.unit_value for row in catalog.dimensions}
    meant = {row.unit_value for row in catalog.units("foshan")} - {NO_UNIT}
    assert sorted(meant - sized) == []


def test_the_ucum_cell_of_a_spelling_means_the_same_unit(mapper: SiteMapper) -> None:
    for row in mapper.catalog.units("foshan"):
        match = mapper.map_unit(row.ucum, None, row.concept_id)
        expected = None if row.unit_value == NO_UNIT else row.unit_value
        assert row.ucum is None or (match is not None and match.unit_value == expected), row.row


def test_units_of_vital_signs_are_of_their_own_codelist(catalog: Catalog) -> None:
    units = read_codelist("VSRESU")
    assert [
        c.std_unit for c in catalog.concepts.values() if c.domain == "VS" and not units.term(c.std_unit or "")
    ] == []


def size(catalog: Catalog, unit: str) -> tuple[str, Fraction]:
    row = next(row for row in catalog.dimensions if row.unit_value == unit)
    return row.dimension, row.factor


@pytest.mark.parametrize(
    ("one", "number", "other"),
    [
        ("ukat/L", Fraction(60), "U/L"),
        ("nkat/L", Fraction(6, 100), "U/L"),
        ("U/mL", Fraction(1000), "U/L"),
        ("g/dL", Fraction(10), "g/L"),
        ("mg/dL", Fraction(10), "mg/L"),
        ("ng/dL", Fraction(1, 100), "ug/L"),
        ("ng/L", Fraction(1, 1000), "ug/L"),
        ("mmol/L", Fraction(1000), "umol/L"),
        ("nmol/L", Fraction(1000), "pmol/L"),
        ("10^12/L", Fraction(1000), "10^9/L"),
        ("10^6/L", Fraction(1, 1000), "10^9/L"),
        ("IU/mL", Fraction(1000), "IU/L"),
        ("10^3 IU/mL", Fraction(1000), "IU/mL"),
        ("IU/L", Fraction(1000), "mIU/L"),
        ("copies/10^6 cells", Fraction(1, 1_000_000), "copies/cell"),
        ("%", Fraction(1, 100), "fraction of 1"),
        ("in", Fraction("2.54"), "cm"),
        ("m", Fraction(1000), "mm"),
        ("LB", Fraction("0.45359237"), "kg"),
        ("jin", Fraction(1, 2), "kg"),
        ("ug", Fraction(1, 1000), "mg"),
        ("cmHg", Fraction(10), "mmHg"),
        ("Arbitrary U/mL", Fraction(1000), "mAU/mL"),
    ],
)
def test_sizes(catalog: Catalog, one: str, number: Fraction, other: str) -> None:
    (dimension, factor), (same, base) = size(catalog, one), size(catalog, other)
    assert dimension == same
    assert factor / base == number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U/L", "IU/L"),  # enzyme unit and WHO international unit
        ("IU/mL", "copies/mL"),
        ("copies/mL", "copies/cell"),
        ("copies/mL", "RNA copies/mL"),
        ("S/CO", "COI"),
        ("S/CO", "RATIO"),
        ("RATIO", "fraction of 1"),
        ("PEIU/mL", "IU/mL"),
        ("mAU/mL", "IU/mL"),
        ("mEq/L", "mmol/L"),
        ("mg/dL", "mmol/L"),
        ("beats/min", "breaths/min"),
        ("titer", "RATIO"),
    ],
)
def test_units_that_do_not_convert(catalog: Catalog, one: str, other: str) -> None:
    assert size(catalog, one)[0] != size(catalog, other)[0]


def test_temperature_and_logarithms(catalog: Catalog) -> None:
    rows = {row.unit_value: row for row in catalog.dimensions}
    fahrenheit = rows["F"]
    assert (Fraction("98.6") + fahrenheit.offset) * fahrenheit.factor == 37
    logarithms = {unit for unit, row in rows.items() if row.scale == "log10"}
    assert logarithms == {"log10 IU/mL", "log10 copies/mL", "log10 U/mL", "log10 copies"}
    for unit in ("IU/mL", "copies/mL", "U/mL"):
        assert (rows[f"log10 {unit}"].dimension, rows[f"log10 {unit}"].factor) == (
            rows[unit].dimension,
            rows[unit].factor,
        )


@pytest.mark.parametrize(
    ("concept_id", "mass_unit", "factor"),
    [
        ("TBIL", "mg/dL", "17.104"),
        ("CREA", "mg/dL", "88.402"),
        ("UREA", "mg/dL", "0.16651"),
        ("BUN", "mg/dL", "0.35697"),
        ("UA", "mg/dL", "59.485"),
        ("PHOS", "mg/dL", "0.32285"),
        ("CA", "mg/dL", "0.24951"),
        ("GLU", "mg/dL", "0.055507"),
        ("TC", "mg/dL", "0.025863"),
        ("TG", "mg/dL", "0.01129"),
        ("FT3", "ng/L", "1.5362"),
        ("FT4", "ng/dL", "12.872"),
    ],
)
def test_molar_masses(catalog: Catalog, concept_id: str, mass_unit: str, factor: str) -> None:
    concept = catalog.concepts[concept_id]
    assert concept.molar_mass is not None
    grams, moles = size(catalog, mass_unit)[1], size(catalog, concept.std_unit or "")[1]
    digits = len(factor.partition(".")[2])
    assert f"{float(grams / concept.molar_mass / moles):.{digits}f}" == factor


def test_factors_of_one_test(catalog: Catalog) -> None:
    found = {(row.concept_id, row.from_unit, row.to_unit): row.factor for row in catalog.conversions}
    assert found["AFP", "IU/mL", "ug/L"] == Fraction("1.21")
    assert found["K", "mEq/L", "mmol/L"] == found["ALT", "IU/L", "U/L"] == found["TSH", "mU/L", "mIU/L"] == 1
    assert found["MCH", "fmol", "pg"] == Fraction("16.114")
    assert not [key for key in found if key[0] == "HBVDNA"]  # copies per IU is the kit's


@pytest.mark.parametrize(
    ("codelist", "text", "system", "value"),
    [
        ("LBSTRESC", "阴性", None, "NEGATIVE"),
        ("LBSTRESC", "(－)", None, "NEGATIVE"),
        ("LBSTRESC", "弱阳性", None, "WEAKLY POSITIVE"),
        ("LBSTRESC", "未检出", None, "NOT DETECTED"),
        ("LBSTRESC", "Target Not Detected", None, "NOT DETECTED"),
        ("LBSTRESC", "POS", "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "POSITIVE"),
        ("LBSTRESC", "10828004", "http://snomed.info/sct", "POSITIVE"),
        ("LBSTRESC", "260415000", "http://snomed.info/sct", "NOT DETECTED"),
        ("LBSTRESC", "LA6577-6", "http://loinc.org", "NEGATIVE"),
        ("NRIND", "↑", None, "HIGH"),
        ("NRIND", "HH", "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "HIGH"),
        ("NRIND", "N", "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "NORMAL"),
        ("SEX", "male", "http://hl7.org/fhir/administrative-gender", "M"),
        ("SEX", "female", None, "F"),
        ("SEX", "unknown", "http://hl7.org/fhir/administrative-gender", "U"),
        ("SEX", "女性", None, "F"),
        ("SPECTYPE", "SER", "http://terminology.hl7.org/CodeSystem/v2-0487", "SERUM"),
        ("SPECTYPE", "119361006", "http://snomed.info/sct", "PLASMA"),
        ("SPECTYPE", "全血", None, "BLOOD"),
        ("ROUTE", "34206005", "http://snomed.info/sct", "SUBCUTANEOUS"),
        ("ROUTE", "PO", "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration", "ORAL"),
        ("FREQ", "1/1/wk", None, "EVERY WEEK"),
        ("FREQ", "1/1/d", None, "QD"),
        ("FREQ", "2/1/d", None, "BID"),
        ("FREQ", "QOD", "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation", "QOD"),
        ("FREQ", "WK", "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation", "EVERY WEEK"),
        ("FREQ", "qw", None, "EVERY WEEK"),
        ("POSITION", "坐位", None, "SITTING"),
        ("METHOD", "化学发光微粒子免疫", None, "CHEMILUMINESCENT MICROPARTICLE IMMUNOASSAY"),
        ("NCOMPLT", "失访", None, "LOST TO FOLLOW-UP"),
        ("ETHNICC", "汉族", None, "HAN"),
        ("SUBJECT_STATUS", "ineligible", "http://hl7.org/fhir/research-subject-status", "SCREEN FAILURE"),
        ("SUBJECT_STATUS", "on-study-intervention", None, "RANDOMIZED"),
        (
            "NOT_DONE_REASON",
            "not-performed",
            "http://terminology.hl7.org/CodeSystem/data-absent-reason",
            "NOT PERFORMED",
        ),
    ],
)
def test_values(mapper: SiteMapper, codelist: str, text: str, system: str | None, value: str) -> None:
    match = mapper.map_value(codelist, text, system=system)
    assert match is not None
    assert match.value == value


@pytest.mark.parametrize(
    ("codelist", "text", "system"),
    [
        ("SEX", "other", "http://hl7.org/fhir/administrative-gender"),  # SEX has no such term
        ("SUBJECT_STATUS", "off-study", "http://hl7.org/fhir/research-subject-status"),  # completed or not
        (
            "SUBJECT_STATUS",
            "withdrawn",
            "http://hl7.org/fhir/research-subject-status",
        ),  # before or after randomisation
        ("NRIND", "POS", "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"),
        ("LBSTRESC", "B型", None),  # a genotype only of the genotype test
    ],
)
def test_values_that_are_not_certain(
    mapper: SiteMapper, codelist: str, text: str, system: str | None
) -> None:
    assert mapper.map_value(codelist, text, system=system) is None


@pytest.mark.parametrize(
    ("concept", "text", "value"),
    [("HBVGT", "B型", "GENOTYPE B"), ("HBVGT", "无法分型", "NOT TYPABLE"), ("IFNA2", "GG", "G/G")],
)
def test_values_of_one_test(mapper: SiteMapper, concept: str, text: str, value: str) -> None:
    match = mapper.map_value("LBSTRESC", text, concept_id=concept)
    assert match is not None
    assert match.value == value


def test_classes_of_drugs(catalog: Catalog) -> None:
    classes: dict[str, set[str]] = {}
    for drug in catalog.treatments.values():
        classes.setdefault(drug.treatment_class, set()).add(drug.treatment_id)
    assert classes["PEGIFN"] == {"PEGINTERFERON ALFA-2A"}
    assert classes["IFN"] == {"PEGINTERFERON ALFA-2B", "INTERFERON ALFA"}
    assert {"ENTECAVIR", "TENOFOVIR ALAFENAMIDE", "LAMIVUDINE"} <= classes["NA"]


@pytest.mark.parametrize(
    ("concept_text", "drug"),
    [
        ("恩替卡韦分散片", "ENTECAVIR"),
        ("TDF", "TENOFOVIR DISOPROXIL FUMARATE"),
        ("聚乙二醇干扰素α-2a注射液", "PEGINTERFERON ALFA-2A"),
        ("Pegasys", "PEGINTERFERON ALFA-2A"),
        ("派格宾", "PEGINTERFERON ALFA-2B"),
        (join_concept(None, [("http://www.whocc.no/atc", "L03AB11", None)]), "PEGINTERFERON ALFA-2A"),
        ("替诺福韦", None),  # disoproxil or alafenamide: the name does not tell
    ],
)
def test_drugs(mapper: SiteMapper, concept_text: str, drug: str | None) -> None:
    match = mapper.map_treatment(concept_text)
    assert (match and match.value) == drug


def test_the_concept_tables_show_every_column() -> None:
    expected = [name for name in ConceptRow.model_fields if name != "row"]
    for file in sorted((locate_mappings() / "concepts").glob("??.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            assert next(csv.reader(lines)) == expected
