#!/usr/bin/env bash
# Makes all pictures of the pages anew, with the command and a headless chromium alone: docs/pictures/make.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
pictures=$PWD/docs/pictures
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  { echo "docs/pictures/make.sh: there is no chromium on PATH, which the pictures of pages are taken with." >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build -c Release tools/CnnFast.Cli >"$work/log" || { cat "$work/log"; exit 1; }
cd "$work"
cnnfast() { dotnet run -c Release --no-build --project "$repository/tools/CnnFast.Cli" -- "$@"; }

# A picture of a page's top: shoot PAGE PNG WIDTH HEIGHT [--force-dark-mode].
shoot() {
  local options=(--headless --disable-gpu --hide-scrollbars --force-device-scale-factor=1 "--user-data-dir=$work/profile")
  [[ $(id -u) != 0 ]] || options+=(--no-sandbox)
  "$chromium" "${options[@]}" "${@:5}" --window-size="$3,$4" --screenshot="$work/shot.png" "file://$work/$1" >"$work/log" 2>&1 &&
    mv "$work/shot.png" "$pictures/$2" || { cat "$work/log" >&2; exit 1; }
}

cnnfast train --model tutorial --init he --optimizer adam --epochs 3 --out digits.safetensors >log
cnnfast visualize digits.safetensors digits:2 --size 800 -o "$pictures/activations.png"
cnnfast visualize digits.safetensors digits:8 --size 800 --gradients -o "$pictures/gradients.png"
cnnfast visualize digits.safetensors digits:2 --size 800 --filters --layers 'conv2d_*' -o "$pictures/filters.png"

cnnfast visualize digits.safetensors digits:8 --gradients --saliency --cam -o eight.html
shoot eight.html visualize-phone.png 390 1290

cnnfast train --epochs 4 --report training.html --out cnn.safetensors >log
shoot training.html report-training.png 1100 1440
shoot training.html report-training-phone.png 390 1200 --force-dark-mode

cnnfast evaluate digits.safetensors --report evaluation.html >log
shoot evaluation.html report-evaluation.png 1100 2520

cnnfast inspect zoo:resnet18 --graph graph.html
shoot graph.html graph-layers.png 560 900
shoot 'graph.html#steps' graph-steps.png 560 900 --force-dark-mode

cnnfast bench zoo:lenet5 --report bench.html >log
shoot bench.html report-bench.png 1100 2330
