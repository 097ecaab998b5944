#!/usr/bin/env bash
# Loads the server with real HTTP: load.sh MODEL IMAGE.png [SECONDS] [CONNECTIONS]. Needs wrk and curl.
# Build first: dotnet build -c Release tools/CnnFast.Server
set -euo pipefail
model=$(realpath "$1") image=$(realpath "$2") seconds=${3:-20} connections=${4:-4}
cd "$(dirname "$0")"
url=http://127.0.0.1:${PORT:-5099}

work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
dotnet bin/Release/net10.0/CnnFast.Server.dll --model "$model" --url "$url" >"$work/log" 2>&1 &
server=$!
for _ in $(seq 100); do curl -fs "$url/health" >/dev/null && break; sleep 0.1; done
curl -fsS -F "image=@$image" "$url/classify"
echo

cat >"$work/post.lua" <<LUA
local file = io.open("$image", "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "image/png"
LUA

metric() { curl -fsS "$url/metrics" | awk -v name="$1" '$1 == name { print $2 }'; }
wrk -t1 -c "$connections" -d 5s -s "$work/post.lua" "$url/classify" >/dev/null   # warms up
requests=$(metric cnnfast_server_requests_total) allocated=$(metric cnnfast_server_allocated_bytes_total)
wrk -t1 -c "$connections" -d "${seconds}s" --latency -s "$work/post.lua" "$url/classify"
awk -v r0="$requests" -v a0="$allocated" -v r="$(metric cnnfast_server_requests_total)" \
    -v a="$(metric cnnfast_server_allocated_bytes_total)" \
    'BEGIN { printf "server: %d requests, %.0f bytes allocated a request\n", r - r0, (a - a0) / (r - r0) }'
echo "server: p50 $(metric cnnfast_server_latency_p50_seconds) s, p99 $(metric cnnfast_server_latency_p99_seconds) s," \
    "errors $(metric cnnfast_server_errors_total) (since its start, warm-up included)"
