# Every target first installs the Debian packages that it lacks (.ci/install-packages).

omp_version = $(shell ls -d /usr/lib/llvm-*/lib/libomp.so 2>/dev/null | sed 's/[^0-9]//g' | sort -n | tail -1)
OMP_LIB ?= /usr/lib/llvm-$(omp_version)/lib
OMP_INCLUDE ?= /usr/lib/llvm-$(omp_version)/lib/clang/$(omp_version)/include
swift = OMP_LIB=$(OMP_LIB) OMP_INCLUDE=$(OMP_INCLUDE) swift

eseg = .build/release/eseg
weights = Models/eseg-edge.safetensors
model = out/eseg-edge.eseg

# What must hold in release builds too, or takes too long in others.
release_tests = ExactnessTests|ConfigurationTests

.PHONY: build demo test bench mca packages

build: packages
	$(swift) build -c release --product eseg

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

test: packages
	$(swift) build --build-tests
	$(swift) run --skip-build KernelHarness
	$(swift) test --skip-build --disable-xctest
	$(swift) test -c release -Xswiftc -enable-testing --disable-xctest --filter '$(release_tests)'

packages:
	@.ci/install-packages
