#!/usr/bin/env bash
# How near the inner loops of the int8 NEON kernels come to the peak of ARM cores' pipelines, by static analysis (llvm-mca).
#
#   Benchmarks/mca.sh           (make mca)
#
# Peak is what the same model gives for the instruction set's products alone, in independent registers. Only products count: of plain NEON smull and
# smlal, of which two and an addition of pairs (sadalp) make 16 MACs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mca=${LLVM_MCA:-llvm-mca-19}
beside_swift=$(dirname "$(readlink -f "$(command -v swift || true)")")/clang  # what builds the kernels
clang=${CLANG:-$([ -x "$beside_swift" ] && echo "$beside_swift" || echo clang)}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
headers=()
if [ "$(uname -m)" != aarch64 ]; then
    arm=/usr/aarch64-linux-gnu/include
    [ -d $arm ] || { echo "mca.sh: $arm: not found, expected the headers of Debian's libc6-dev-arm64-cross" >&2; exit 1; }
    headers=(-nostdlibinc -isystem $arm)
fi
for tool in "$mca" "$clang"; do
    command -v "$tool" >/dev/null || { echo "mca.sh: $tool: not found, expected it on PATH" >&2; exit 1; }
done

# cycles CPU <ASSEMBLY: cycles of one iteration
cycles() {
    { echo '# LLVM-MCA-BEGIN'; cat; echo '# LLVM-MCA-END'; } |
        "$mca" -mtriple=aarch64 -mcpu="$1" -mattr=+dotprod,+i8mm -iterations=100 -instruction-info=0 -resource-pressure=0 2>/dev/null |
        awk '/^Total Cycles/ { print $3 / 100 }'
}

# peak ISA: assembly with 24 of its products
peak() {
    local registers='0 1 2 3 4 5 6 7 8 9 10 11'
    for i in $registers; do
        case $1 in
        neon) printf 'smull v%d.8h, v30.8b, v31.8b\n' "$i" ;;
        dotprod) printf 'sdot v%d.4s, v30.16b, v31.4b[0]\nsdot v%d.4s, v30.16b, v31.4b[0]\n' "$i" $((i + 12)) ;;
        i8mm) printf 'usmmla v%d.4s, v30.16b, v31.16b\nusmmla v%d.4s, v30.16b, v31.16b\n' "$i" $((i + 12)) ;;
        esac
    done
    [ "$1" = neon ] || return 0
    for i in $registers; do printf 'smlal2 v%d.8h, v30.16b, v31.16b\n' "$i"; done
    for i in $registers; do printf 'sadalp v%d.4s, v%d.8h\n' $((i + 12)) "$i"; done
}

# loop FUNCTION <ASSEMBLY: the function's first marked loop
loop() {
    awk -v name="$1:" '$1 == name { inside = 1 } inside && /LLVM-MCA-END/ { exit } on && !/^[ \t]*\/\// { print } inside && /LLVM-MCA-BEGIN/ { on = 1 }'
}

row() { # ISA CPU KERNEL FUNCTION MACS-PER-PRODUCT
    loop "$4" <"$folder/$1.s" >"$folder/loop.s"
    local products all ours best
    products=$(grep -cE '^\s*(sdot|usdot|usmmla|smull2?|smlal2?)\s' "$folder/loop.s") || true
    all=$(grep -cE '^\s*[a-z]' "$folder/loop.s") || true
    [ "$products" -gt 0 ] || { echo "mca.sh: $1: $4: found no products between its markers" >&2; exit 1; }
    ours=$(cycles "$2" <"$folder/loop.s")
    best=$(peak "$1" | cycles "$2")
    awk -v isa="$1" -v cpu="$2" -v kernel="$3" -v products="$products" -v all="$all" -v ours="$ours" -v best="$best" -v macs="$5" 'BEGIN {
        printf "%-8s  %-12s  %-16s  %12d  %8d  %6.1f  %10.1f  %6.1f\n", isa, cpu, kernel, all, products, ours, products * macs / ours,
            100 * products / ours / (24 / best) }'
}

printf '%-8s  %-12s  %-16s  %12s  %8s  %6s  %10s  %6s\n' ISA core loop instructions products cycles MACs/cycle '% peak'
for isa in neon dotprod i8mm; do
    "$clang" --target=aarch64-linux-gnu -O3 -std=c11 -ffp-contract=off -fno-math-errno -DESEG_MCA "${headers[@]}" -IKernels/include -S \
        "Kernels/int8/arm/$isa.c" -o "$folder/$isa.s"
    case $isa in
    neon) cpus="cortex-a72 cortex-a53" tile=2x8 name="conv 2x32" macs=8 depthwise=8 ;;
    dotprod) cpus="neoverse-n1 cortex-a55" tile=5x4 name="conv 5x16" macs=16 depthwise=16 ;;
    i8mm) cpus="neoverse-v1 cortex-a510" tile=6x4 name="conv 6x16" macs=32 depthwise=16 ;;
    esac
    for cpu in $cpus; do
        row $isa $cpu "$name" tiles_$tile $macs
        for k in 3_1 3_2 5_1 5_2; do row $isa $cpu "depthwise ${k%_*}x${k%_*}/${k#*_}" depthwise_$k $depthwise; done
    done
done
