"""The synthetic trial: what three hospitals would send, and beside it what was meant.

:func:`.trial.simulate_trial` makes people, visits, results and doses; :func:`.write.write_simulation`
writes them as each hospital would, in FHIR, and the truth in SDTM words. The truth is computed here
alone: nothing of ``mapping``, ``derive``, ``sdtm`` or ``ingest`` is used.
"""
