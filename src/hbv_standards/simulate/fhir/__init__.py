"""Building blocks of FHIR resources: elements, lossless JSON and XML, and the conformance check."""
