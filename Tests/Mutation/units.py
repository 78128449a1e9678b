"""What tests: suites of the Swift tests and operations of the kernel harness, each run alone."""

import os
import re
import resource
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

PRODUCTS = ".build/release"
HARNESS_ROUNDS = "300"
MEMORY = 16 << 30
# What measures memory, which mutants that are not chosen take too, and what takes long and lives of chance.
LEFT_OUT = re.compile(r"AllocationTests|MemoryForecastTests|KillTests")


@dataclass
class Unit:
    name: str
    command: list
    seconds: float = 0.0  # that it takes undisturbed
    met: set = field(default_factory=set)  # mutants that it runs through

    def distance(self, site):
        """How late to run it for a mutant of `site`: quick ones first, and before them those of its module, and of its file."""
        folders = site.path.split("/")
        module = "KernelHarness" if folders[0] == "Kernels" else folders[1] + "Tests"
        stem = re.split(r"[+.]", folders[-1])[0]
        return self.seconds * (0.05 if stem in self.name else 0.3 if self.name.startswith(module) else 1)

    def run(self, folder, seconds, **variables):
        """Whether it passes within `seconds`."""
        with tempfile.TemporaryDirectory() as temporary:
            environment = {name: value for name, value in os.environ.items() if not name.startswith("ESEG_")}
            environment |= {"TMPDIR": temporary, "KMP_BLOCKTIME": "0", "SWIFT_BACKTRACE": "enable=no"} | variables
            process = subprocess.Popen(
                self.command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True, preexec_fn=_prepare,
            )  # fmt: skip
            try:
                return process.wait(seconds) == 0
            except subprocess.TimeoutExpired:
                return False
            finally:
                _end(process)


def _prepare():
    """Limits what a mutant may take, and lets signals end it, which a job in the background inherits as ignored."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _end(process):
    """Ends the process and what it has started, if anything of it is left."""
    try:
        os.killpg(process.pid, 9)
    except ProcessLookupError:
        pass
    process.wait()


def units(folder):
    """All units of a built tree."""
    harness, bundle = f"{PRODUCTS}/KernelHarness", f"{PRODUCTS}/esegPackageTests.xctest"
    usage = subprocess.run([harness, "--help"], cwd=folder, capture_output=True, check=True, text=True).stdout
    kernels = usage.split("kernels:")[1].split()
    found = [Unit(f"KernelHarness/{kernel}", [harness, "--rounds", HARNESS_ROUNDS, "--kernel", kernel]) for kernel in kernels]
    tests = [bundle, "--testing-library", "swift-testing"]
    listed = subprocess.run([*tests, "--list-tests"], cwd=folder, capture_output=True, check=True, text=True).stdout
    suites = sorted({line.split("/")[0] for line in listed.splitlines() if "/" in line and not LEFT_OUT.search(line)})
    return found + [Unit(suite, [*tests, "--filter", "^" + re.escape(suite) + "/"]) for suite in suites]


def trace(unit, folder):
    """Notes what the unit takes and the mutants that it meets; returns whether it passes where none is chosen."""
    with tempfile.TemporaryDirectory() as met:
        begin = time.monotonic()
        passes = unit.run(folder, 1200, ESEG_MUTANTS_MET=met)
        unit.seconds = time.monotonic() - begin
        for name in os.listdir(met):
            with open(os.path.join(met, name), encoding="utf-8") as file:
                unit.met.update(int(line) for line in file)
    return passes
