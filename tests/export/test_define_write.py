from __future__ import annotations
def test_x(written_study):
    print(written_study.folder)
