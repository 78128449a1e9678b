#!/usr/bin/env python3
"""Times eseg beside other runtimes on the same weights and writes the table as Markdown and JSON.

usage: table.py PEERS NETWORKS [--threads 1 2] [--isas best avx2] [--rounds 5] [--only NAME ...] [--output out/benchmarks]

PEERS holds bench_one.py (RUNTIME PRECISION THREADS --network NAME: prints the median milliseconds of one inference) and is run with the Python
that runs this script, so that Python needs the runtimes: onnxruntime, openvino, ai-edge-litert. NETWORKS holds NAME.eseg for each network that
is timed, and beside it NAME.safetensors where eseg's float time is wanted.

Machines are noisy: each round runs everything once, in turns, and a figure is the median over rounds; the JSON file has them all. With an
instruction set other than the best, only runtimes that can be limited to it are timed.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ESEG = Path(__file__).resolve().parent.parent / ".build/release/eseg"
RUNTIMES = {"eseg": "eseg", "litert": "LiteRT", "openvino": "OpenVINO", "onnxruntime": "ONNX Runtime"}
# How a runtime is kept to an instruction set, by the environment.
LIMITS = {("openvino", "avx2"): {"ONEDNN_MAX_CPU_ISA": "AVX2"}}
SIZE = "480x360"


@dataclass
class Cell:
    """What is timed: a runtime on a network."""

    network: str
    isa: str
    threads: int
    runtime: str
    precision: str
    milliseconds: list = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.milliseconds) if self.milliseconds else None


def bench_eseg(model, cell):
    """What `eseg bench` says, on the CPUs that peers are pinned to."""
    cpus = ",".join(map(str, sorted(os.sched_getaffinity(0))[-cell.threads :]))
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        command = [ESEG, "bench", model, "--size", SIZE, "--threads", str(cell.threads), "--cpus", cpus, "--json", result.name]
        if cell.isa != "best":
            command += ["--isa", cell.isa]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.load(open(result.name))


def time_eseg(networks, cell):
    model = networks / (cell.network + (".eseg" if cell.precision == "int8" else ".safetensors"))
    return bench_eseg(model, cell)["medianMs"] if model.exists() else None


def time_peer(peers, cell):
    limit = LIMITS.get((cell.runtime, cell.isa))
    if cell.isa != "best" and limit is None:
        return None
    command = [sys.executable, "bench_one.py", cell.runtime, cell.precision, str(cell.threads), "--network", cell.network]
    run = subprocess.run(command, cwd=peers, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | (limit or {}))
    return float(run.stdout) if run.returncode == 0 and run.stdout.strip() else None


def measure(cells, networks, peers, rounds):
    """Times all cells in turns; what a runtime cannot do in the first round is not tried again."""
    possible = list(cells)
    for index in range(rounds):
        for cell in list(possible):
            milliseconds = time_eseg(networks, cell) if cell.runtime == "eseg" else time_peer(peers, cell)
            if milliseconds is None:
                possible.remove(cell)
            else:
                cell.milliseconds.append(milliseconds)
        print(f"round {index + 1} of {rounds}", file=sys.stderr)


def markdown(cells, machine):
    """A row for each network, instruction set and number of threads; the fastest int8 peer over eseg last."""
    columns = [(runtime, precision) for precision in ("int8", "float") for runtime in RUNTIMES]
    heads = [f"{RUNTIMES[runtime]} {precision}" for runtime, precision in columns]
    lines = [machine, "", "| | " + " | ".join(heads) + " | fastest int8 peer ÷ eseg |", "|---" * (len(columns) + 2) + "|"]
    rows = {}
    for cell in cells:
        rows.setdefault((cell.network, cell.isa, cell.threads), {})[cell.runtime, cell.precision] = cell.median
    for (network, isa, threads), medians in rows.items():
        name = ", ".join([network] + ([isa] if isa != "best" else []) + [f"{threads} thread" + "s" * (threads > 1)])
        figures = ["" if (ms := medians.get(column)) is None else f"{ms:.1f}" for column in columns]
        rivals = [ms for (runtime, precision), ms in medians.items() if runtime != "eseg" and precision == "int8" and ms is not None]
        ours = medians.get(("eseg", "int8"))
        ratio = f"{min(rivals) / ours:.2f}" if rivals and ours else ""
        lines.append(f"| {name} | " + " | ".join(figures) + f" | {ratio} |")
    return "\n".join(lines) + "\n"


def machine_of(facts, rounds):
    """One line on the machine, from what `eseg bench` tells of it."""
    cores = "; ".join(f"{kind['count']} × {kind['model']}" for kind in facts["cores"])
    warnings = "".join(f" {warning}." for warning in facts["warnings"])
    return f"Milliseconds for one {SIZE} image, medians of {rounds} rounds in turns. {cores}, {facts['isa']}, {platform.system()} {platform.release()}.{warnings}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peers", type=Path)
    parser.add_argument("networks", type=Path)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--isas", nargs="+", default=["best"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", help="networks to time; all unless given")
    parser.add_argument("--output", type=Path, default=Path("out/benchmarks"))
    options = parser.parse_args()

    if not (options.peers / "bench_one.py").exists():
        parser.error(f"{options.peers}: found no bench_one.py, expected it")
    if not ESEG.exists():
        parser.error(f"{ESEG}: found no such file, expected what make build makes")
    if min(options.rounds, *options.threads) < 1:
        parser.error("--rounds, --threads: found a number below 1, expected positive ones")
    names = sorted(path.stem for path in options.networks.glob("*.eseg") if options.only is None or path.stem in options.only)
    if not names:
        parser.error(f"{options.networks}: found no such NAME.eseg, expected one at least")
    cells = [
        Cell(name, isa, threads, runtime, precision)
        for name in names for isa in options.isas for threads in options.threads for precision in ("int8", "float") for runtime in RUNTIMES
    ]  # fmt: skip
    facts = bench_eseg(options.networks / f"{names[0]}.eseg", Cell(names[0], "best", 1, "eseg", "int8"))["machine"]
    measure(cells, options.networks, options.peers, options.rounds)

    table = markdown(cells, machine_of(facts, options.rounds))
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "table.md").write_text(table)
    rows = [vars(cell) | {"median": cell.median} for cell in cells if cell.milliseconds]
    (options.output / "table.json").write_text(json.dumps({"size": SIZE, "machine": facts, "rows": rows}, indent=1) + "\n")
    print(table, end="")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:  # eseg has said why
        sys.exit(error.returncode)
