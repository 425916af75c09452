"""python -m bench [SECTION ...] [--full] [--keep FOLDER]: measure, and print it."""

import argparse
import shutil
import tempfile
from pathlib import Path

from bench import acts, delivery, intake, outgoing, process, reads, report, sign_in, visitors, weight
from bench.figures import machine_line
from witei_app.frontend import ensure_built

SECTIONS = (
    *("delivery", "reads", "acts", "weight", "intake", "outgoing"),
    *("report", "visitors", "sign_in", "process"),
)


def main() -> None:
    """Everything by default: some ten minutes. `--full` adds 500,000 conversations, and half an hour."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--full", action="store_true", help="reads, acts and reports with 500,000 conversations, too")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep seeded databases there for the next run")
    chosen = parser.parse_args()
    if unknown := set(chosen.sections) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
    ensure_built()
    machine_line()
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        for section in chosen.sections or SECTIONS:
            _run(section, folder, chosen)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(section: str, folder: Path, chosen: argparse.Namespace) -> None:
    match section:
        case "delivery":
            delivery.run(folder)
        case "reads":
            reads.run(chosen.keep or folder, is_full=chosen.full)
        case "acts":
            acts.run(chosen.keep or folder, is_full=chosen.full)
        case "weight":
            weight.run(folder)
        case "intake":
            intake.run(folder)
        case "outgoing":
            outgoing.run(folder)
        case "report":
            report.run(chosen.keep or folder, is_full=chosen.full)
        case "visitors":
            visitors.run(folder)
        case "sign_in":
            sign_in.run(folder)
        case "process":
            process.run(folder)


if __name__ == "__main__":
    main()
