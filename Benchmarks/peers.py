"""Times eseg beside other runtimes on the same weights, in turns, and prints medians and ratios.

usage: peers.py PEERS MODEL.eseg WEIGHTS.safetensors [--network eseg-edge] [--threads 1] [--rounds 5]

PEERS holds bench_one.py (RUNTIME PRECISION THREADS --network NAME: prints the median milliseconds of one inference) and is run with the
Python that runs this script, so that Python needs the runtimes: onnxruntime, openvino, ai-edge-litert. Machines are noisy: each round runs
everything once, a figure is the median over rounds, and the rounds' extremes are shown.
"""
import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ESEG = Path(__file__).resolve().parent.parent / ".build/release/eseg"
PEERS = [(r, p) for p in ("int8", "float") for r in ("litert", "openvino", "onnxruntime")]


def time_eseg(model, threads):
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        command = [ESEG, "bench", model, "--size", "480x360", "--threads", str(threads), "--json", result.name]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.load(open(result.name))["medianMs"]


def time_peer(peers, runtime, precision, threads, network):
    command = [sys.executable, "bench_one.py", runtime, precision, str(threads), "--network", network]
    run = subprocess.run(command, cwd=peers, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return float(run.stdout) if run.returncode == 0 and run.stdout.strip() else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peers")
    parser.add_argument("model")
    parser.add_argument("weights")
    parser.add_argument("--network", default="eseg-edge")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    runners = {"eseg int8": lambda: time_eseg(options.model, options.threads), "eseg float": lambda: time_eseg(options.weights, options.threads)}
    for runtime, precision in PEERS:
        runners[f"{runtime} {precision}"] = lambda r=runtime, p=precision: time_peer(options.peers, r, p, options.threads, options.network)
    times = {name: [] for name in runners}
    for _ in range(options.rounds):
        for name, run in runners.items():
            milliseconds = run()
            if milliseconds is not None:
                times[name].append(milliseconds)

    ours = statistics.median(times["eseg int8"])
    print(f"{options.network}, 480x360, threads: {options.threads}, median of {options.rounds} rounds")
    for name, values in times.items():
        if values:
            median = statistics.median(values)
            print(f"{name:18} {median:7.2f} ms  ({min(values):.2f} to {max(values):.2f})  {median / ours:5.2f} x eseg int8")


if __name__ == "__main__":
    main()
