#!/bin/bash
# The unit that `make install` brings: systemd reads it, and under the calls that it leaves Zhuji
# imports, watches and serves, as a user with the one capability that it gives. Then docs/operate.md
# word for word: a copy while it runs, a store that is lost, and the copy in its place.
set -u
cd "$(dirname "$0")/../.."
zhuji=${ZHUJI:-$PWD/build/zhuji}
dir=$(mktemp -d) && chmod 711 "$dir"
server=
tidy_up() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    rm -rf "$dir"
}
trap tidy_up EXIT
fail() {
    echo "$*"
    tail -n 20 "$dir/serve.log" 2>/dev/null
    exit 1
}
export LC_ALL=C.UTF-8
unit=$dir/usr/local/lib/systemd/system/zhuji.service
make -s --no-print-directory install-service DESTDIR="$dir" >/dev/null || fail "install-service"
grep -qx 'ExecStart=/usr/local/bin/zhuji serve .*' "$unit" || fail "the prefix is not in: $(grep Exec "$unit")"
grep -q '^u zhuji ' "$dir/usr/local/lib/sysusers.d/zhuji.conf" || fail "no user"

# --- what systemd says of it, and what runs under its filter
under=()
if command -v systemd-analyze >/dev/null; then
    sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$unit" >"$dir/zhuji.service"
    said=$(systemd-analyze verify --man=no "$dir/zhuji.service" 2>&1) && [ -z "$said" ] || fail "systemd-analyze verify: $said"
    expand() { # the calls of a name in the filter
        case $1 in
        @*) systemd-analyze syscall-filter "$1" 2>/dev/null | sed 's/#.*//' | tr -d ' ' | grep -v -x "$1" | while read -r one; do [ -z "$one" ] || expand "$one"; done ;;
        *) echo "$1" ;;
        esac
    }
    for one in $(sed -n 's/^SystemCallFilter=//p' "$unit"); do expand "$one"; done | sort -u >"$dir/calls"
    [ "$(wc -l <"$dir/calls")" -gt 150 ] || fail "only $(wc -l <"$dir/calls") calls"
    case $zhuji in
    */asan/*) ;; # leaves of the sanitizers need ptrace
    *)
        make -s --no-print-directory BUILD="${zhuji%/zhuji}" "${zhuji%/zhuji}/test/tool/filtered" >/dev/null || fail "filtered does not build"
        under=("${zhuji%/zhuji}/test/tool/filtered" "$dir/calls")
        ;;
    esac
fi
if [ ${#under[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    timeout 60 setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps -all,+net_raw --ambient-caps -all,+net_raw --bounding-set -all,+net_raw --no-new-privs \
        "${under[@]}" "$zhuji" sense -i lo --duration 1 --json -q >"$dir/out.json" 2>"$dir/err.txt"
    if [ $? != 0 ]; then
        grep -qE 'setpriv|Permission denied.*zhuji$' "$dir/err.txt" || fail "capture with CAP_NET_RAW alone: $(cat "$dir/err.txt")"
        echo "skip: no such user here: $(cat "$dir/err.txt")"
    fi
fi

db=$dir/zhuji.db
password=$("${under[@]}" "$zhuji" init --json --db "$db" | jq -r .password)
[ -n "$password" ] || fail "init"
"${under[@]}" "$zhuji" fleet --vehicles 20 --seconds 60 -o "$dir/fleet.pcap" --registers "$dir" || fail "fleet"
for register in organisations systems vehicles; do
    "${under[@]}" "$zhuji" import $register "$dir/$register.csv" -q --db "$db" >/dev/null || fail "import $register"
done
# a workbook is unpacked and read in a child that gives up more than the service may
"$zhuji" import cards "$dir/cards.csv" -q --db "$db" >/dev/null && "$zhuji" export cards -o "$dir/cards.xlsx" --db "$db" || fail "cards.xlsx"
"${under[@]}" "$zhuji" import cards "$dir/cards.xlsx" -q --db "$db" >"$dir/out.txt" 2>&1 || fail "a workbook under the unit's filter: $(cat "$dir/out.txt")"
"${under[@]}" "$zhuji" sense -r "$dir/fleet.pcap" -q --db "$db" >/dev/null 2>"$dir/err.txt" || fail "sense under the unit's filter: $(cat "$dir/err.txt")"

# --- a copy while it serves
url=
start() {
    : >"$dir/serve.log"
    "${under[@]}" "$zhuji" serve --db "$db" --listen 127.0.0.1:0 >"$dir/serve.log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$dir/serve.log" | head -n 1)
        [ -n "$url" ] && return
        kill -0 "$server" 2>/dev/null || fail "the server ended"
        sleep 0.2
    done
    fail "the server does not listen"
}
stop() {
    kill "$server"
    wait "$server" || fail "the server ended with $?"
    server=
}
ask() { # METHOD PATH [JSON]
    curl -sS -b "$dir/cookies" -c "$dir/cookies" -X "$1" -H 'X-Zhuji: 1' -H 'Content-Type: application/json' ${3:+-d "$3"} "$url/api/v1$2"
}
org=$(sed -n '2s/,.*//p' "$dir/organisations.csv")
printf 'Before-the-loss-1\n' | "$zhuji" user add li --org "$org" --roles officer --password-stdin --db "$db" >/dev/null 2>&1 || fail "user add"
start
log_in() { # PASSWORD
    rm -f "$dir/cookies"
    ask POST /login "{\"login\":\"li\",\"password\":\"$1\"}"
}
[ "$(log_in Before-the-loss-1 | jq -r '.user.login')" = li ] || fail "login"
[ "$(ask POST /me/password '{"old":"Before-the-loss-1","new":"Kept-by-the-copy-2"}' | jq -r '.user.must_change')" = false ] || fail "password"
personal='[.rows[] | select(.owner_name != null) | [.iccid, .owner_name, .owner_phone]] | sort'
ask GET '/registers/cards?limit=200' | jq -c "$personal" >"$dir/personal.before"
owners=$(jq length "$dir/personal.before")
[ "$owners" -ge 10 ] && ! grep -q '\*' "$dir/personal.before" || fail "no owner in clear: $(head -c 300 "$dir/personal.before")"
gaps=$(ask GET '/gaps?limit=1' | jq .total)
fact=$(ask GET '/facts/identity?limit=1' | jq '.rows[0].id')
[ "$(ask GET "/facts/identity/$fact" | jq -r '.captures[].sha256')" = "$(sha256sum <"$dir/fleet.pcap" | cut -d ' ' -f 1)" ] ||
    fail "evidence without the digest of its capture: $(ask GET "/facts/identity/$fact" | jq -c .captures)"
"$zhuji" backup "$dir/copy.db" --db "$db" -q >/dev/null || fail "backup while it serves"
after=$(ask POST /registers/systems '{"code":"AFTER","name":"after the copy","kind":"platform","level":2}' | jq -r .id)
[ "$after" -gt 0 ] 2>/dev/null || fail "a row after the copy: $after"
stop

# --- the store is lost, and restored
printf 'no store any more' >"$db"
rm -f "$db.key"
"$zhuji" doctor --db "$db" >/dev/null 2>&1 && fail "doctor finds nothing wrong with a lost store"
rm -f "$db" "$db-wal" "$db-shm"
cp "$dir/copy.db" "$db" && cp "$dir/copy.db.key" "$db.key" || fail "copy back"
"$zhuji" doctor --db "$db" >"$dir/doctor.txt" 2>&1 || fail "doctor: $(cat "$dir/doctor.txt")"
"$zhuji" audit verify --db "$db" >"$dir/audit.txt" 2>&1 || fail "audit: $(cat "$dir/audit.txt")"
start
[ "$(log_in Kept-by-the-copy-2 | jq -r '.user.login')" = li ] || fail "login after restoring"
ask GET '/registers/cards?limit=200' | jq -c "$personal" | cmp -s - "$dir/personal.before" || fail "owners after restoring"
[ "$(ask GET '/gaps?limit=1' | jq .total)" = "$gaps" ] || fail "gaps after restoring"
[ "$(ask GET '/registers/systems?q=AFTER&limit=1' | jq .total)" = 0 ] || fail "a row of after the copy is there"
stop

# --- the copy without its key: it is told, and no field is read
rm "$db.key"
"$zhuji" doctor --db "$db" >"$dir/doctor.txt" 2>&1 && fail "doctor does not miss the key: $(cat "$dir/doctor.txt")"
"$zhuji" export cards --db "$db" >"$dir/out.txt" 2>"$dir/err.txt" && fail "cards are exported without the key"
grep -q 'zhuji.db.key' "$dir/err.txt" || fail "the key is not named: $(cat "$dir/err.txt")"
echo "$owners owners, $gaps gaps restored"
