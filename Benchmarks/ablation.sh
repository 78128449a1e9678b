#!/usr/bin/env bash
# What each quantization technique is worth, alone and together: rows of the table in quantization.md.
#
#   Benchmarks/ablation.sh WEIGHTS CALIBRATION_FRAMES DATA [ESEG]
set -euo pipefail
weights=$1 frames=$2 data=$3 eseg=${4:-.build/release/eseg}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

row() { # TITLE OPTION...
    local title=$1 seconds
    shift
    SECONDS=0
    "$eseg" quantize "$weights" --calibrate "$frames" --images 32 -o "$folder/model.eseg" "$@" >/dev/null
    seconds=$SECONDS
    "$eseg" compare "$weights" "$folder/model.eseg" --data "$data" --json "$folder/figures.json" >/dev/null
    python3 - "$folder/figures.json" "$title" "$seconds" <<'PYTHON'
import json
import sys
with open(sys.argv[1]) as file:
    figures = json.load(file)
loss = figures["int8"]["mIoU"] - figures["float"]["mIoU"]
print(f"| {sys.argv[2]} | {figures['argmaxAgreement']:.3f} | {loss:+.2f} | {sys.argv[3]} |", flush=True)
PYTHON
}

without() { # every technique but these
    local technique
    for technique in equalization absorption fitting bias-correction mixed-precision; do
        [[ " $* " == *" $technique "* ]] || printf -- '--without %s ' "$technique"
    done
}

row none --range mse $(without)
row "equalization" --range mse $(without equalization)
row "bias absorption" --range mse $(without absorption)
row "bias correction" --range mse $(without bias-correction)
row "fitting" --range mse $(without fitting)
row "output ranges" --range output $(without)
row "mixed precision" --effort best --range mse $(without mixed-precision)
row "all, \`fast\`" --effort fast
row "all, \`default\`"
row "all, \`best\`" --effort best
