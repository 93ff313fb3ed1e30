"""From the canonical model to SDTM datasets (hop 2).

A domain is ``mappings/specs/<xx>.yaml``, which says what its variables are and where they come from,
and ``domains/<xx>.py``, which makes the rows. Both are found by name.
"""
