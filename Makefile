# Every target first installs the Debian packages that it lacks (.ci/install-packages).

omp_version = $(shell ls -d /usr/lib/llvm-*/lib/libomp.so 2>/dev/null | sed 's/[^0-9]//g' | sort -n | tail -1)
OMP_LIB ?= /usr/lib/llvm-$(omp_version)/lib
OMP_INCLUDE ?= /usr/lib/llvm-$(omp_version)/lib/clang/$(omp_version)/include
variables = OMP_LIB=$(OMP_LIB) OMP_INCLUDE=$(OMP_INCLUDE)
swift = $(variables) swift

eseg = .build/release/eseg
weights = Models/eseg-edge.safetensors
model = out/eseg-edge.eseg

version = $(shell Scripts/version)

# Optimized, as users have it: whole networks in debug Swift would take most of the time. The tests build a debug program by themselves and
# compare its bytes. Flags of their own make products of their own.
test_build = -c release -Xswiftc -enable-testing --scratch-path .build/tests
# Kernels that wait would take the few CPUs there are from tests that run beside them.
test test-long soak: export KMP_BLOCKTIME = 0

# Emulated ARM CPUs: one of each instruction set, or with CPUS="cortex-a53 cortex-a72 cortex-a76 neoverse-n1 max" all that are known to differ.
CPUS ?= cortex-a72 cortex-a76 max
release = out/release

.PHONY: build library demo test test-python wheel test-long soak fuzz sanitize lint bench mca arm64 test-arm64 package packages

build: packages
	$(swift) build -c release --product eseg

# The C library in out/library: include, lib and lib/pkgconfig (docs/embedding.md).
library: packages
	$(variables) Scripts/library native out/library

$(model): build
	@mkdir -p out
	$(eseg) quantize $(weights) --calibrate Samples/calibration/images --images 16 -o $(model)

# Quantizes the shipped weights and compares both networks on frames that calibration has not seen.
demo: $(model)
	$(eseg) compare $(weights) $(model) --data Samples/compare --report out/report

bench: build
	$(eseg) bench Models/eseg-edge.eseg

# Static analysis of the NEON kernels' inner loops (Benchmarks/README.md).
mca: packages
	Benchmarks/mca.sh

# The layout of the code; Scripts/lint --fix makes it so. What clang warns of in C; for ARM it needs headers, which not every system has.
lint:
	@.ci/install-packages clang-format
	Scripts/lint
	@.ci/install-packages libc6-dev-arm64-cross || true
	Scripts/warnings

test: packages
	$(swift) build $(test_build) --build-tests
	$(swift) run $(test_build) --skip-build KernelHarness
	$(swift) test $(test_build) --skip-build --disable-xctest

# The Python package, in an environment of its own: needs the package index.
python = .build/python
test-python: export KMP_BLOCKTIME = 0
test-python: packages
	Scripts/python-environment $(python)
	$(swift) build $(test_build) --product eseg
	$(swift) build $(test_build) --product LibESeg
	Scripts/test-python .build/tests/release $(python)

# An hour: calls to the system fail, commands are killed, readers fuzzed for a minute each and tests tested; and what needs PyTorch, training and
# the examples from PyTorch to int8, which are skipped without their Python, which ESEG_PYTHON names.
test-long: export ESEG_LONG_TESTS = 1
test-long: packages
	$(swift) build $(test_build) --build-tests
	$(swift) test $(test_build) --skip-build --disable-xctest --filter 'LongTests|FaultTests|KillTests'
	$(variables) Scripts/fuzz all 60
	$(variables) Scripts/mutate

# What reads files of others, fed with what libFuzzer makes:  make fuzz TARGET=onnx SECONDS=600
fuzz: packages
	$(variables) Scripts/fuzz $(TARGET) $(SECONDS)

# Kernels under AddressSanitizer and UndefinedBehaviorSanitizer, threads under ThreadSanitizer; with PART=memory or PART=threads, one of both.
sanitize: packages
	$(variables) Scripts/sanitize $(PART)

# The release for ARM boards: a folder to copy there, with bin/eseg.
arm64:
	Scripts/release arm64 $(release)/arm64

# A night: a million frames of each kind of stream, none of which may take memory, and readers fuzzed for half an hour each.
soak: export ESEG_SOAK_FRAMES = 1000000
soak: packages
	$(swift) build $(test_build) --build-tests
	$(swift) test $(test_build) --skip-build --disable-xctest --filter AllocationTests
	$(variables) Scripts/fuzz all 1800

test-arm64:
	Scripts/test-arm64 $(CPUS)

# Debian packages and archives of the releases, those for ARM installed in an emulated Debian 12.
package:
	@.ci/install-packages lintian
	Scripts/emulation
	Scripts/release arm64 $(release)/arm64
	Scripts/release amd64 $(release)/amd64
	Scripts/package arm64 $(release)/arm64 out
	Scripts/package amd64 $(release)/amd64 out
	lintian --fail-on error --allow-root out/*_$(version)_*.deb
	Scripts/test-package out/eseg_$(version)_arm64.deb out/libeseg0_$(version)_arm64.deb out/libeseg-dev_$(version)_arm64.deb
	Scripts/test-package out/eseg_$(version)_amd64.deb out/libeseg0_$(version)_amd64.deb out/libeseg-dev_$(version)_amd64.deb

# Python wheels of the releases, installed and tested in a Debian 13 and, for ARM, in an emulated Debian 12.
wheel:
	Scripts/emulation
	Scripts/release arm64 $(release)/arm64
	Scripts/release amd64 $(release)/amd64
	Scripts/release-wheel arm64 $(release)/arm64 out
	Scripts/release-wheel amd64 $(release)/amd64 out
	Scripts/test-wheel amd64 trixie out/eseg_runtime-$(version)-py3-none-manylinux_2_36_x86_64.whl
	Scripts/test-wheel arm64 bookworm out/eseg_runtime-$(version)-py3-none-manylinux_2_36_aarch64.whl

packages:
	@.ci/install-packages
