"""How many codes of a hospital that no table knows are proposed right, over invented hospitals.

    python benchmarks/proposals.py [--seeds 1-10] [--subjects 12] [--faults]

Each seed invents a hospital with names, units, words and questions of its own (the pool was written without
a look at the mapping tables). ``new-site`` answers at first sight; the truth says what was right. Units and
words are counted once the codes are decided, before any of them is. Precision is the share of the answers
that are right, recall the share of everything that was answered right; what stays open is a person's work.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from hbv_standards.desk.new_site import write_new_site  # noqa: E402  # after the path to the tests
from hbv_standards.mapping.locate import locate_mappings  # noqa: E402  # likewise
from hbv_standards.simulate.invented import write_invented  # noqa: E402  # likewise
from new_hospital import Hospital, Score, walk  # noqa: E402  # likewise: the player of the person


def measure(seed: int, subjects: int, folder: Path) -> Score:
    """Invent a hospital, give it its folder in a copy of the trial's tables, and count the answers."""
    write_invented("clinic", subjects, seed, folder, validate=False)
    study = folder / "study"
    shutil.copytree(locate_mappings(), study)
    hospital = Hospital("clinic", folder)
    return walk(hospital, study, lambda: write_new_site(hospital.name, [hospital.delivery], study))


def describe(score: Score) -> list[str]:
    """One line for each kind, and one for all."""
    lines = [f"{'kind':20} {'right':>6} {'wrong':>6} {'open':>6}  precision  recall"]
    for kind in [*score.kinds(), ""]:
        kinds = [kind] if kind else score.kinds()
        right, wrong, none = (
            sum(counts[k] for k in kinds) for counts in (score.right, score.wrong, score.none)
        )
        shares = f"{score.precision(*kinds):9.3f} {score.recall(*kinds):7.3f}"
        lines.append(f"{kind or 'all':20} {right:6} {wrong:6} {none:6}  {shares}")
    return lines


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", default="1-10", help="first-last")
    parser.add_argument("--subjects", type=int, default=12)
    parser.add_argument("--faults", action="store_true", help="list what was proposed wrong")
    chosen = parser.parse_args()
    first, _, last = chosen.seeds.partition("-")
    total = Score()
    for seed in range(int(first), int(last or first) + 1):
        with tempfile.TemporaryDirectory() as folder:
            total.add(measure(seed, chosen.subjects, Path(folder)))
    lines = [*describe(total), *(sorted(set(total.faults)) if chosen.faults else ())]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
