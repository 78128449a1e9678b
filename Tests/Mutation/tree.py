"""A copy of the repository whose code holds many mutants, of which the environment chooses one."""

import filecmp
import os
import re
import shutil
import subprocess

from sites import C_PRELUDE, SWIFT_PRELUDE, replacement, sites, swift_declaration

BUILD = "swift build -c release -Xswiftc -enable-testing --build-tests".split()
RUNTIME = r"""// Written by Scripts/mutate: which mutant runs, and which were met.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int eseg_mutant_chosen = -1;
unsigned char eseg_mutants_met[%d];
int eseg_mutant(int mutant);
int eseg_mutant(int mutant) { return eseg_mutants_met[mutant] = 1, mutant == eseg_mutant_chosen; }
__attribute__((constructor)) static void choose(void) {
    const char *mutant = getenv("ESEG_MUTANT");
    if (mutant) eseg_mutant_chosen = atoi(mutant);
}
__attribute__((destructor)) static void report(void) {
    const char *folder = getenv("ESEG_MUTANTS_MET");
    char path[4096];
    if (!folder || snprintf(path, sizeof path, "%%s/%%d", folder, getpid()) >= (int)sizeof path) return;
    FILE *file = fopen(path, "w");
    for (size_t i = 0; file && i < sizeof eseg_mutants_met; ++i)
        if (eseg_mutants_met[i]) fprintf(file, "%%zu\n", i);
    if (file) fclose(file);
}
"""


def candidates(root, patterns):
    """At most one site a line, of the files that patterns name, in an order that only the code decides."""
    files = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=root, capture_output=True, check=True, text=True).stdout.split("\0")
    lines = {}
    for path in filter(None, files):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for site in sites(path, file.read()):
                best = lines.get((path, site.line))
                if best is None or site.rank < best.rank:
                    lines[path, site.line] = site
    return sorted(lines.values(), key=lambda site: site.rank)


class Tree:
    """The copy, in `folder`. `mutants` maps the number of each mutant that compiles to its site."""

    def __init__(self, root, folder, chosen):
        self.root, self.folder = root, folder
        self.mutants = dict(enumerate(chosen))
        self.count = len(chosen)
        self.paths = {site.path for site in chosen}

    def build(self, log):
        """Builds, leaving out mutants that the compilers refuse, until they refuse none."""
        self._copy()
        for _ in range(40):
            self._write()
            with open(log, "w", encoding="utf-8") as file:
                status = subprocess.run(BUILD, cwd=self.folder, stdout=file, stderr=subprocess.STDOUT, check=False).returncode
            if status == 0:
                return
            with open(log, encoding="utf-8") as file:
                refused = self._refused(file.read())
            if not refused:
                raise SystemExit(f"{self.folder}: cannot be built: see {log}")
            for k in refused:
                del self.mutants[k]
        raise SystemExit(f"{self.folder}: mutants that do not compile are found without end: see {log}")

    def _copy(self):
        names = subprocess.run(["git", "ls-files", "-z"], cwd=self.root, capture_output=True, check=True, text=True).stdout
        listed = set(filter(None, names.split("\0"))) | {"Package.resolved"}
        self._remove_others(listed)
        for path in listed - self.paths - {"Package.resolved"}:
            source, target = os.path.join(self.root, path), os.path.join(self.folder, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if not os.path.exists(target) or not filecmp.cmp(source, target, shallow=False):
                shutil.copy(source, target)

    def _remove_others(self, listed):
        for folder, folders, files in os.walk(self.folder):
            folders[:] = [name for name in folders if name not in (".build", "out")]
            for name in files:
                path = os.path.join(folder, name)
                if os.path.relpath(path, self.folder) not in listed:
                    os.remove(path)

    def _write(self):
        by_file, declarations = {path: [] for path in self.paths}, {}
        for k, site in self.mutants.items():
            by_file[site.path].append((site, k))
            if site.path.endswith(".swift"):
                module = "/".join(site.path.split("/")[:2])
                declarations[module] = declarations.get(module, SWIFT_PRELUDE) + swift_declaration(site, k)
        for path, found in by_file.items():
            with open(os.path.join(self.root, path), encoding="utf-8") as file:
                lines = file.read().split("\n")
            for site, k in found:
                lines[site.line] = lines[site.line][: site.begin] + replacement(site, k) + lines[site.line][site.end :]
            self._put(path, ("" if path.endswith(".swift") else C_PRELUDE) + "\n".join(lines))
        for module, text in declarations.items():
            self._put(module + "/Mutants.swift", text)
        self._put("Kernels/support/mutant.c", RUNTIME % self.count)

    def _put(self, path, text):
        path = os.path.join(self.folder, path)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                if file.read() == text:
                    return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def _refused(self, log):
        """The mutants in the lines of errors or, where there are none, the nearest."""
        refused = set()
        for path, line in set(re.findall(r"^(?:.*?%s/)?([\w/+.-]+\.(?:swift|c|h)):(\d+):\d+: error:" % re.escape(self.folder), log, re.M)):
            near = [(abs(site.line + 1 - int(line)), k) for k, site in self.mutants.items() if site.path == path]
            if near:
                least = min(near)[0]
                refused |= {k for distance, k in near if distance == least}
        return refused

    def remove(self):
        shutil.rmtree(self.folder)
