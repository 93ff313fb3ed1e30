"""FHIRPath entries: checked when the study is loaded, skipped where they can find nothing."""

from __future__ import annotations

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.ingest.stated import Entry, can_hold, evaluate_entries, read_entries, read_literals
from hbv_standards.mapping.site import SiteConfig


def build_site(path: str) -> dict[str, SiteConfig]:
    entry = {"resource": "Patient", "field": "race", "path": path}
    return {"a": SiteConfig.model_validate({"site": "a", "fhirpath": [entry]})}


@pytest.mark.parametrize(
    "path", ["Patient.where(", "Patient..x", "Patient.gender)", "Patient.gender x", "Patient.foo(1)"]
)
def test_a_faulty_path_is_a_fault_of_the_configuration(path: str) -> None:
    with pytest.raises(ConfigurationError, match=r"sites/a/site\.yaml: fhirpath\.0\.path") as caught:
        read_entries(build_site(path))
    assert caught.value.value == path


@pytest.mark.parametrize(
    ("path", "literals"),
    [
        ("Patient.extension.where(url='http://x').value", (b"http://x",)),
        ("Patient.extension('http://x').extension('y').value.text", (b"http://x", b"y")),
        ("Observation.component.where(code.coding.code='8').value", (b"8",)),
        ("Patient.gender", ()),
        ("iif(Patient.extension.where(url='http://x').exists(), 'Y', 'N')", ()),
        ("Patient.extension.where(url!='http://x').value", ()),
        ("Patient.extension.where(url='http://x').exists()", ()),
        ("Patient.extension.where(url='http://x').empty()", ()),
        ("Patient.extension.where(url='it\\'s').value", ()),
    ],
)
def test_texts_that_a_plain_path_needs(path: str, literals: tuple[bytes, ...]) -> None:
    assert read_literals(path) == literals


@pytest.mark.parametrize(
    "raw", [b'{"extension":[{"url":"http://x"}]}', b'{"extension":[{"url":"http:\\/\\/x"}]}']
)
def test_a_resource_that_may_hold_it_is_evaluated(raw: bytes) -> None:
    entry = Entry("Patient", "race", "Patient.extension.where(url='http://x').value")
    assert can_hold(raw, entry)
    assert not can_hold(b'{"extension":[{"url":"http://y"}]}', entry)


@pytest.mark.parametrize(
    ("json", "path", "value"),
    [
        ('{"resourceType":"Patient","multipleBirthInteger":2}', "Patient.multipleBirth", "2"),
        ('{"resourceType":"Patient","active":true}', "Patient.active", "true"),
        (
            '{"resourceType":"Observation","valueQuantity":{"value":1.50E-2}}',
            "Observation.value.value",
            "1.50E-2",
        ),
        ('{"resourceType":"Observation","valueQuantity":{"value":6.30}}', "Observation.value.value", "6.30"),
        ('{"resourceType":"Patient","name":[{"given":["b","c"]}]}', "Patient.name.given", "b"),
        ('{"resourceType":"Patient"}', "1 + 2", "3"),
    ],
)
def test_first_result_as_text(json: str, path: str, value: str) -> None:
    (found,) = evaluate_entries(json.encode(), [Entry("Patient", "race", path)], "R4")
    assert (found.value, found.problem) == (value, "")
