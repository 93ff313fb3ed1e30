"""The three hospitals: each wraps the same kind of trial into FHIR in its own way."""
