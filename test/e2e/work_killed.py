#!/usr/bin/env python3
"""Opens cases and hands them in over HTTP from several clients, kills the server with SIGKILL in the
middle, starts it again: every change that was answered with success is in the store, none is there
by half, and the audit chain fits. Only Python's standard library."""
import http.client, json, os, pathlib, re, signal, subprocess, sys, tempfile, threading, time

ZHUJI = os.environ.get("ZHUJI") or str(pathlib.Path(__file__).resolve().parents[2] / "build/zhuji")
ROUNDS, CLIENTS = 3, 4
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)
        print("FAILED:", what)


def call(port, cookie, method, path, body=None, key=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"X-Zhuji": "1", "Content-Type": "application/json", "Accept-Language": "en"}
    if cookie:
        headers["Cookie"] = "zj_session=" + cookie
    if key:
        headers["Idempotency-Key"] = key
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    data = json.loads(answer.read() or b"{}")
    found = re.match(r"zj_session=([^;]+)", answer.getheader("Set-Cookie") or "")
    connection.close()
    return answer.status, data, found.group(1) if found else None


def run(directory, *args):
    done = subprocess.run([ZHUJI, *args, "--db", directory + "/z.db"], capture_output=True)
    check(done.returncode == 0, "%s: %s" % (args, done.stderr.decode()[-300:]))
    return done.stdout.decode()


def start(directory):
    server = subprocess.Popen([ZHUJI, "serve", "--db", directory + "/z.db", "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = re.search(r":(\d+)/", server.stdout.readline().decode())
    return server, int(found.group(1))


def login(port, name, password):
    status, _, cookie = call(port, None, "POST", "/api/v1/login", {"login": name, "password": password})
    check(status == 200, "login: %s" % status)
    return cookie


def worker(port, cookie, number, opened, handed_in):
    """Ends with the first request that gets no answer."""
    form = {"category": "other", "found_at": "2026-11-01T10:00:00+08:00", "description": "d", "scope": "s",
            "measures": "m"}
    n = 0
    try:
        while True:
            n += 1
            status, made, _ = call(port, cookie, "POST", "/api/v1/work/cases", {"type": "risk_report", "fields": form},
                                   "%d-%d-%d" % (port, number, n))
            if status != 201:
                continue
            opened.append(made["id"])
            status, page, _ = call(port, cookie, "POST", "/api/v1/work/cases/%d/actions" % made["id"],
                                   {"action": "report", "version": 1})
            if status == 200:
                handed_in.append((made["id"], page["case"]["version"]))
    except (OSError, http.client.HTTPException, ValueError):
        pass


def one_round(directory, password):
    server, port = start(directory)
    cookie = login(port, "officer", password)
    opened, handed_in = [], []
    threads = [threading.Thread(target=worker, args=(port, cookie, i, opened, handed_in)) for i in range(CLIENTS)]
    for thread in threads:
        thread.start()
    while len(handed_in) < 40 and any(t.is_alive() for t in threads):  # by work done, not by the clock
        time.sleep(0.01)
    server.send_signal(signal.SIGKILL)
    server.wait()
    for thread in threads:
        thread.join()
    return opened, handed_in


def main():
    with tempfile.TemporaryDirectory() as directory:
        run(directory, "init")
        orgs = pathlib.Path(directory, "orgs.csv")
        orgs.write_text("code,name,kinds,networks\n91110000MA0000001L,x,vehicle_maker,\n")
        run(directory, "import", "organisations", str(orgs))
        made = json.loads(run(directory, "user", "add", "officer", "--roles", "officer", "--org", "91110000MA0000001L",
                              "--json"))
        server, port = start(directory)
        cookie = login(port, "officer", made["password"])
        password = "Password-of-officer-1"
        status, _, _ = call(port, cookie, "POST", "/api/v1/me/password", {"old": made["password"], "new": password})
        check(status == 200, "password: %s" % status)
        server.terminate()
        server.wait()
        opened, handed_in = [], []
        for _ in range(ROUNDS):
            some, others = one_round(directory, password)
            opened += some
            handed_in += others
        check(len(set(opened)) == len(opened), "a number of a case was given twice")
        cases = {}
        for line in run(directory, "case", "list", "--jsonl").splitlines():
            case = json.loads(line)
            cases[case["id"]] = case
        if len(cases) == 500:  # the list's limit: ask for each
            cases = {i: json.loads(run(directory, "case", "show", str(i)))["case"] for i in opened}
        for i in opened:
            check(i in cases, "case %d was acknowledged and is gone" % i)
        for i, version in handed_in:
            check(cases.get(i, {}).get("state") == "reported" and cases[i]["version"] == version,
                  "case %d was handed in: %s" % (i, cases.get(i)))
        for case in cases.values():
            check((case["state"] == "reported") == bool(case["submitted_at"]), "by half: %s" % case)
        verdict = subprocess.run([ZHUJI, "audit", "verify", "--db", directory + "/z.db"], capture_output=True)
        check(verdict.returncode == 0, "the chain: %s" % verdict.stdout.decode())
        print("%d opened, %d handed in, %d failed" % (len(opened), len(handed_in), len(failures)))
    sys.exit(1 if failures else 0)


main()
