#!/usr/bin/env bash
# Makes the pictures of the pages anew, with the command alone: docs/pictures/make.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
pictures=docs/pictures
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build -c Release tools/CnnFast.Cli >"$work/log" || { cat "$work/log"; exit 1; }
cnnfast() { dotnet run -c Release --no-build --project tools/CnnFast.Cli -- "$@"; }

model=$work/digits.safetensors
cnnfast train --model tutorial --init he --optimizer adam --epochs 3 --out "$model" >/dev/null
cnnfast visualize "$model" digits:2 --size 800 -o "$pictures/activations.png"
cnnfast visualize "$model" digits:8 --size 800 --gradients -o "$pictures/gradients.png"
cnnfast visualize "$model" digits:2 --size 800 --filters --layers 'conv2d_*' -o "$pictures/filters.png"
