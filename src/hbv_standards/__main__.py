"""``python -m hbv_standards``."""

from hbv_standards.cli import main

main(prog_name="hbv-standards")
