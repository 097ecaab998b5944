#!/usr/bin/env bash
# How long the sample takes from its start to its end, best and median of 30 processes, and what the sample says of itself:
#   dotnet publish tools/CnnFast.Sample -c Release -r linux-x64 -o OUT && OUT/CnnFast.Sample create lenet.safetensors
#   tools/CnnFast.Sample/start.sh lenet.safetensors OUT/CnnFast.Sample
#   tools/CnnFast.Sample/start.sh lenet.safetensors dotnet tools/CnnFast.Sample/bin/Release/net10.0/CnnFast.Sample.dll
set -euo pipefail
model=$1; shift
count=30
for _ in $(seq $count); do
    start=$EPOCHREALTIME
    said=$("$@" "$model")
    end=$EPOCHREALTIME
    inside=$(sed -n 's/.*first run \([0-9.]*\) ms; all of it once more \([0-9.]*\) ms.*/\1 \2/p' <<<"$said")
    echo "$(( ${end/./} - ${start/./} )) $inside"
done | awk '
    function middle(n, v,   i, j, t) {
        for (i = 2; i <= n; i++)
            for (j = i; j > 1 && v[j] < v[j - 1]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
        return sprintf("%.2f / %.2f ms", v[1], v[int((n + 1) / 2)])
    }
    { whole[NR] = $1 / 1000; first[NR] = $2; again[NR] = $3 }
    END {
        print "best / median of " NR ": whole process " middle(NR, whole) \
            "; in process load, plan and first run " middle(NR, first) "; all of it once more " middle(NR, again)
    }'
"$@" "$model"
