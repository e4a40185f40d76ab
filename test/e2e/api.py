#!/usr/bin/env python3
"""Starts a server on a free loopback port and walks its API from the outside, by the document that
it serves: no login, every role, another organisation, bad and too large bodies, lock-out, forged
requests, events, import and export. Only Python's standard library."""
import hashlib, http.client, json, os, pathlib, re, signal, socket, subprocess, sys, tempfile, threading, time
import urllib.parse

ZHUJI = os.environ.get("ZHUJI") or str(pathlib.Path(__file__).resolve().parents[2] / "build/zhuji")
failures = []
checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        failures.append(what)
        print("FAILED:", what)


# --- identifiers, computed here by their standards ------------------------------------------------
def uscc(body):  # GB 32100-2015
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + letters[(31 - total % 31) % 31]


def iccid(body):  # 19 digits and the Luhn digit
    total = 0
    for i, c in enumerate(reversed(body)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return body + str(-total % 10)


def vin(serial):  # GB 16735-2019
    values = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
                      list(range(10)) + [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9]))
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    body = "LZJTEST10FA%06d" % serial
    body = body[:8] + "0" + "FA" + "%06d" % serial
    rest = sum(values[c] * w for c, w in zip(body, weights)) % 11
    return body[:8] + ("X" if rest == 10 else str(rest)) + body[9:]


ORG = {"a": uscc("91110000MA0000001"), "b": uscc("91110000MA0000002"), "bureau": uscc("11110000MA0000004")}
PAGE = b"<html>a console</html>"
MARK = "ORGAMARK"  # stands in everything that belongs to organisation a


HAN = re.compile("[\u4e00-\u9fff]")


def check_problem(what, data):
    """A problem is told in both languages, whichever the caller reads."""
    try:
        problem = json.loads(data)
    except ValueError:
        return check(False, "%s: no JSON: %r" % (what, data[:200]))
    quoted = re.sub(r"'[^']*'", "", problem["detail"])  # what the caller sent
    check(not HAN.search(quoted), "%s: detail is not English: %s" % (what, problem["detail"]))
    check(HAN.search(problem["detail_zh"]), "%s: detail_zh is not Chinese: %s" % (what, problem["detail_zh"]))


# --- talking --------------------------------------------------------------------------------------
class Client:
    def __init__(self, port, token=None):
        self.port, self.cookie, self.token = port, None, token

    def raw(self, method, path, body=None, headers=None, timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        all_headers = {"Accept-Language": "en"}
        if self.cookie:
            all_headers["Cookie"] = "zj_session=" + self.cookie
        if self.token:
            all_headers["Authorization"] = "Bearer " + self.token
        all_headers.update(headers or {})
        connection.request(method, path, body=body, headers=all_headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if answer.getheader("Content-Type") == "application/problem+json":
            check_problem("%s %s" % (method, path[:200]), data)
        return answer, data

    def call(self, method, path, body=None, mark=True, headers=None):
        """Status and what the body says, JSON where it is."""
        all_headers = {"X-Zhuji": "1"} if mark and method != "GET" else {}
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            all_headers["Content-Type"] = "application/json"
        elif body is not None:
            all_headers["Content-Type"] = "application/octet-stream"
        all_headers.update(headers or {})
        answer, data = self.raw(method, path, body, all_headers)
        kind = answer.getheader("Content-Type") or ""
        if "json" in kind:
            return answer.status, json.loads(data)
        return answer.status, data

    def login(self, login, password):
        answer, data = self.raw("POST", "/api/v1/login", json.dumps({"login": login, "password": password}),
                                {"Content-Type": "application/json"})
        if answer.status == 200:
            set_cookie = answer.getheader("Set-Cookie")
            self.cookie = re.match(r"zj_session=([^;]+)", set_cookie).group(1)
            check("HttpOnly" in set_cookie and "SameSite=Strict" in set_cookie, "cookie without its attributes")
        return answer.status, json.loads(data)

    def first_login(self, login, password, to):
        check(self.login(login, password)[0] == 200, "first login of " + login)
        status, body = self.call("GET", "/api/v1/plan")
        check(status == 403 and body["code"] == "EPASSWORD", "%s may work before changing the password" % login)
        status, body = self.call("POST", "/api/v1/me/tokens", {"scopes": ["read"]})
        check(status == 403, "%s makes a token before changing the password: %s" % (login, status))
        status, body = self.call("POST", "/api/v1/me/password", {"old": password, "new": to})
        check(status == 200 and not body["user"]["must_change"], "changing the password of " + login)
        return self


def start(directory, *more):
    log = open(directory + "/log", "ab")
    process = subprocess.Popen([ZHUJI, "serve", "--db", directory + "/zhuji.db", "--listen", "127.0.0.1:0", *more],
                               stdout=subprocess.PIPE, stderr=log, env=dict(os.environ, LC_ALL="C.UTF-8"))
    line = process.stdout.readline().decode()
    found = re.search(r":(\d+)/", line)
    if not found:
        print(open(directory + "/log").read())
        sys.exit("the server does not start: %r" % line)
    return process, int(found.group(1))


def run(directory, *args, check_status=0):
    done = subprocess.run([ZHUJI, *args, "--db", directory + "/zhuji.db"], capture_output=True)
    check(done.returncode == check_status, "%s: exit %d: %s" % (args, done.returncode, done.stderr.decode()[-400:]))
    return done.stdout.decode()


# --- data of two organisations --------------------------------------------------------------------
ROWS = {
    "systems": {"code": MARK + "-S", "name": MARK, "kind": "platform", "level": 3, "addresses": "198.51.100.7:32960"},
    "vehicles": {"vin": vin(1), "model": MARK},
    "cards": {"iccid": iccid("8986001234567890123"), "state": "registered", "carrier": "mobile", "vin": vin(1),
              "registered_on": "2026-01-05", "owner_kind": "person", "owner_name": "测试人", "owner_id_kind": "passport",
              "owner_id_number": "E12345678", "owner_phone": "13800138000"},
    "partners": {"code": MARK + "-P", "name": MARK, "country": "CN", "endpoints": "203.0.113.9", "data_types": ["VIN"],
                 "data_level": "general"},
    "exports": {"code": MARK + "-E", "receiver": MARK, "country": "SG", "endpoints": "203.0.113.80",
                "data_types": ["VIN"], "basis": "contract"},
    "releases": {"code": MARK + "-R", "product": MARK, "kind": "ota", "version": "1.0"},
}
SECRETS = [MARK, vin(1), ROWS["cards"]["iccid"], "198.51.100.7"]
OWNER = ["测试人", "E12345678", "13800138000"]


def facts_of_a():
    seen = {"first_seen": "2026-11-01T10:00:00+08:00", "last_seen": "2026-11-01T11:00:00+08:00",
            "ev_source": MARK, "ev_packet": 1, "ev_time": "2026-11-01T10:00:00+08:00", "ev_flow": MARK,
            "ev_frame": "2323" + MARK.encode().hex()}
    return [
        {"fact": "identity", "protocol": "gb32960", "vin": vin(1), "iccid": iccid("8986009999999999999"),
         "server": "198.51.100.7", "port": 32960, "security": "none", "client": "10.1.1.1", "logins": 1, **seen},
        {"fact": "service", "addr": "198.51.100.7", "port": 32960, "protocol": "gb32960", "security": "none",
         "is_public": True, "is_vehicle": True, "frames": 3, **seen},
        {"fact": "transfer", "src": "198.51.100.7", "dst": "203.0.113.77", "port": 443, "protocol": "http",
         "host": MARK, "data_type": "VIN", "items": 5, "bytes": 50, **seen},
        {"fact": "command", "kind": "upgrade", "protocol": "jt808", "sender": "198.51.100.7", "port": 7611,
         "version": MARK, "host": "ota.example", "count": 1, **seen},
        {"fact": "detection", "rule": "replay", "subject_kind": "vin", "subject": vin(1), "src": "10.1.1.1",
         "dst": "198.51.100.7", "port": 32960, "protocol": "gb32960", "severity": "high", "note": MARK, "count": 1, **seen},
        {"fact": "hourly", "hour": "2026-11-01T10:00:00+08:00", "server": "198.51.100.7", "port": 32960,
         "protocol": "gb32960", "security": "none", "vehicles": 1, "frames": 3, "bytes": 300, **seen},
        {"fact": "sensor", "sensor": MARK, "counter": "packets", "value": 100, **seen},
    ]


def make_people(admin, port):
    people = {}
    for login, org, roles in (("officer-a", "a", ["officer"]), ("viewer-a", "a", ["viewer"]),
                              ("admin-a", "a", ["admin"]), ("auditor-a", "a", ["auditor"]),
                              ("officer-b", "b", ["officer"]), ("admin-b", "b", ["admin"]),
                              ("bureau", None, ["bureau"]), ("expert", None, ["expert"]),
                              ("assessor-b", "b", ["assessor"]), ("secadmin", None, ["secadmin"]),
                              ("auditadmin", None, ["auditadmin"])):
        body = {"login": login, "name": login, "roles": roles}
        if org:
            body["org"] = ORG[org]
        status, made = admin.call("POST", "/api/v1/users", body)
        check(status == 201 and made.get("password"), "making %s: %s %s" % (login, status, made))
        people[login] = Client(port).first_login(login, made["password"], "Password-of-" + login + "-1")
    return people


def declare(people):
    ids = {}
    for name, row in ROWS.items():
        status, made = people["officer-a"].call("POST", "/api/v1/registers/" + name, row)
        check(status == 201, "adding to %s: %s %s" % (name, status, made))
        ids[name] = made.get("id")
        status, made = people["officer-a"].call("POST", "/api/v1/registers/" + name, {"nonsense": 1})
        check(status == 422 and made["faults"][0]["en"], "%s takes an unknown field" % name)
    return ids


def observe(people, port):
    status, made = people["officer-a"].call("POST", "/api/v1/me/tokens", {"name": "sensor", "scopes": ["ingest"]})
    check(status == 201, "making a token")
    sensor = Client(port, token=made["token"])
    lines = "\n".join(json.dumps(f) for f in facts_of_a()) + "\n{broken\n" + json.dumps({"event_type": "alert"}) + "\n"
    status, result = sensor.call("POST", "/api/v1/ingest", lines.encode())
    check(status == 200 and result["facts"] == 7 and result["refused"] == 1 and result["skipped"] == 1,
          "ingest: %s %s" % (status, result))
    check(result["faults"][0]["line"] == 8, "ingest names the line: %s" % result["faults"])
    status, _ = sensor.call("GET", "/api/v1/gaps")
    check(status == 403, "an ingest token reads")
    status, made = people["officer-b"].call("POST", "/api/v1/me/tokens", {"name": "s", "scopes": ["ingest"]})
    foreign = Client(port, token=made["token"])
    status, result = foreign.call("POST", "/api/v1/ingest", json.dumps(facts_of_a()[0]).encode())
    check(status == 200 and result["facts"] == 0 and result["refused"] == 1,
          "a sensor of b tells of a's network: %s %s" % (status, result))


def open_a_case(people, ids):
    """One that was handed in, with a remark and a file, all of organisation a."""
    client = people["officer-a"]
    form = {"code": MARK + "-C", "category": "other", "found_at": "2026-11-01T10:00:00+08:00", "description": MARK,
            "scope": MARK, "measures": MARK}
    key = {"Idempotency-Key": "one-case"}
    status, made = client.call("POST", "/api/v1/work/cases", {"type": "risk_report", "fields": form}, headers=key)
    check(status == 201, "a case: %s %s" % (status, made))
    ids["case"] = made.get("id", 1)
    status, again = client.call("POST", "/api/v1/work/cases", {"type": "risk_report", "fields": form}, headers=key)
    check(status == 201 and again["id"] == ids["case"], "the same case asked for twice: %s %s" % (status, again))
    path = "/api/v1/work/cases/%d" % ids["case"]
    status, made = client.call("POST", path + "/comments", {"field": "scope", "text": MARK})
    check(status == 201, "a remark: %s %s" % (status, made))
    ids["comment"] = made.get("id", 1)
    status, made = client.call("POST", path + "/files?name=paper.pdf", MARK.encode())
    check(status == 201, "a file: %s %s" % (status, made))
    ids["file"] = made.get("sha256", "0" * 64)
    check(people["bureau"].call("GET", path)[0] == 404, "a draft is the bureau's to see")
    status, page = client.call("GET", path)
    deed = {"action": "report", "version": page["case"]["version"]}
    status, page = client.call("POST", path + "/actions", deed, headers={"Idempotency-Key": "report"})
    check(status == 200 and page["case"]["state"] == "reported", "handing in: %s %s" % (status, page))
    status, page = client.call("POST", path + "/actions", deed, headers={"Idempotency-Key": "report"})
    check(status == 200 and page["case"]["state"] == "reported", "handing in twice: %s %s" % (status, page))
    status, answer = client.call("POST", path + "/actions", dict(deed, action="withdraw"))
    check(status == 409 and answer["detail"], "an old version: %s %s" % (status, answer))
    status, page = people["bureau"].call("GET", path)
    check(status == 200 and page["fields"]["scope"] == MARK and not page["may_edit"], "the bureau's page: %s" % status)
    check({"receive", "ask_more"} <= {a["name"] for a in page["may"]}, "what the bureau may: %s" % page["may"])
    status, data = people["bureau"].call("GET", path + "/files/" + ids["file"])
    check(status == 200 and data == MARK.encode(), "the file: %s" % status)
    status, answer = people["officer-b"].call("POST", path + "/actions", deed)
    check(status == 404, "another organisation acts: %s" % status)
    status, answer = client.call("GET", path + "/certificate")
    check(status == 409, "a certificate without a number: %s" % status)
    many = {"action": "remind", "comment": "?", "cases": [{"id": ids["case"]}, {"id": 999999}]}
    status, answer = client.call("POST", "/api/v1/work/cases/actions", many)
    check(status == 200 and [r["is_done"] for r in answer["rows"]] == [True, False] and answer["done"] == 1
          and answer["rows"][1]["why"], "several at once: %s %s" % (status, answer))
    status, answer = people["officer-b"].call("POST", "/api/v1/work/cases/actions", many)
    check(status == 200 and answer["done"] == 0, "another organisation acts on several: %s %s" % (status, answer))
    status, answer = client.call("POST", "/api/v1/work/cases/actions", dict(many, cases=[{"id": 1}] * 201))
    check(status == 400, "too many at once: %s" % status)
    status, answer = client.call("POST", "/api/v1/work/cases/actions", dict(many, action="receive"))
    check(status == 200 and answer["done"] == 0, "the other side's action: %s %s" % (status, answer))
    status, answer = people["viewer-a"].call("POST", path + "/actions", deed)
    check(status == 403, "a viewer acts: %s" % status)


# --- the walk -------------------------------------------------------------------------------------
ROLE_NEEDS = {
    "officer-a": {"nothing", "login", "read", "write", "work"}, "viewer-a": {"nothing", "login", "read"},
    "admin-a": {"nothing", "login", "read", "write", "work", "users"}, "auditor-a": {"nothing", "login", "audit"},
    "officer-b": {"nothing", "login", "read", "write", "work"}, "admin-b": {"nothing", "login", "read", "write", "work", "users"},
    "expert": {"nothing", "login", "read", "work"}, "assessor-b": {"nothing", "login", "read", "work"},
    "secadmin": {"nothing", "login", "users"}, "auditadmin": {"nothing", "login", "audit"},
    "bureau": {"nothing", "login", "read", "work", "supervise"},
    "admin": {"nothing", "login", "read", "write", "work", "users", "supervise"},
}
SKIP = {"/api/v1/calendar.ics",  # its token stands in the address
        "/api/v1/events", "/api/v1/logout", "/api/v1/login", "/api/v1/me/password"}


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def fill(path, ids):
    """A path of organisation a's things."""
    out = []
    if "/registers/" in path:
        names = list(ids["registers"]) if "{name}" in path else []
        for name in names:
            out.append((path.replace("{name}", name).replace("{id}", str(ids["registers"][name])), name))
        return out
    if "/facts/" in path:
        return [(path.replace("{kind}", kind).replace("{id}", str(ids["facts"].get(kind, 1))), kind)
                for kind in ids["facts"]]
    if "/gaps/{id}" in path:
        return [(path.replace("{id}", str(i)), None) for i in ids["gaps"]]
    if "/work/" in path:
        return [(path.replace("{id}", str(ids["case"])).replace("{comment}", str(ids["comment"]))
                 .replace("{sha256}", ids["file"]), None)]
    if "/inventory/" in path:
        return [(path.replace("{id}", str(ids["column" if "/columns/" in path else "run"])), None)]
    if "/duties/" in path:
        return [(path.replace("{id}", str(ids["duty"])), None)]
    if "/users/{id}" in path:
        return [(path.replace("{id}", str(ids["user"])), None)]
    return [(path.replace("{id}", "1").replace("{n}", "6"), None)]


def papers(operation):
    """The files that a list leaves as; CSV holds its texts in clear."""
    formats = [p["schema"].get("enum", []) for p in operation["parameters"] if p["name"] == "format"]
    return ["?format=" + f for f in formats[0] if f != "json"] if formats and "json" in formats[0] else []


def named(operation):
    """The names that the query of an operation may have."""
    return {p["name"]: p for p in operation["parameters"] if p["in"] == "query"}


def walk_without_login(port, document, ids):
    nobody, liar = Client(port), Client(port, token="zj_" + "A" * 43)
    for path, method, operation in operations(document):
        for real, _ in fill(path, ids)[:1]:
            need = operation["x-zhuji-need"]
            body = {} if "requestBody" in operation else None
            if path in ("/api/v1/login", "/api/v1/calendar.ics"):
                continue
            status, answer = nobody.call(method, real, body)
            check((status == 401) == (need != "nothing"), "%s %s without login: %s" % (method, real, status))
            if status == 401:
                check(answer["code"] == "EAUTH" and answer["detail"] and answer["detail_zh"] and answer["instance"],
                      "%s %s: no problem: %s" % (method, real, answer))
            status, _ = liar.call(method, real, body)
            check(status == 401, "%s %s with a wrong token: %s" % (method, real, status))


def walk_roles(people, document, ids):
    for login, needs in ROLE_NEEDS.items():
        client = people[login]
        for path, method, operation in operations(document):
            need = operation["x-zhuji-need"]
            if path in SKIP:
                continue
            for real, _ in fill(path, ids):
                body = None
                if "requestBody" in operation:
                    body = {} if "application/json" in operation["requestBody"]["content"] else b"x"
                if method != "GET" and need in needs:
                    continue  # what may be done is done elsewhere, with sense
                status, answer = client.call(method, real, body)
                for query in papers(operation):  # as a file, to whom it is shown and to nobody else
                    as_file, _ = client.call(method, real + query)
                    check(as_file == status, "%s %s%s as %s: %s, not %s" % (method, real, query, login, as_file, status))
                if login == "bureau" and re.search("/registers/(cards|vehicles)(?!/rates)", real) and need in needs:
                    check(status == 403, "a bureau reads single cards or vehicles, %s: %s" % (real, status))
                elif need in needs:
                    check(status not in (401, 403) and status < 500, "%s %s as %s: %s %s" % (method, real, login, status, answer))
                else:
                    check(status == 403, "%s %s as %s: %s" % (method, real, login, status))


def has_secret(data, secrets):
    text = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    return [s for s in secrets if s.encode() in text or s.encode("utf-8").hex().encode() in text]


def walk_other_organisation(people, document, ids):
    """Nothing of a reaches b, by any route, with a's own ids, codes and filters."""
    for login in ("officer-b", "admin-b", "expert", "assessor-b"):
        client = people[login]
        for path, method, operation in operations(document):
            if method != "GET" or path in SKIP or operation["x-zhuji-need"] == "nothing":
                continue
            for real, _ in fill(path, ids):
                wide = [q for q in ("?limit=500", "?state=all") if q[1:6] in named(operation)]
                for query in ("", *wide, *papers(operation)):
                    status, answer = client.call("GET", real + query)
                    check(not has_secret(answer, SECRETS), "GET %s%s as %s shows a's data: %s" % (real, query, login, has_secret(answer, SECRETS)))
                    if "{id}" in path and "/sessions/" not in path and "format=" not in query:
                        # a list below a thing may also say that there is nothing
                        is_empty = isinstance(answer, dict) and answer.get("total") == 0
                        check(status in (403, 404) or is_empty, "GET %s as %s: %s" % (real, login, status))
                    if "export" not in path and "org" in named(operation):
                        status, answer = client.call("GET", real + "?org=" + ORG["a"])
                        check(not has_secret(answer, SECRETS), "GET %s?org=a as %s shows a's data" % (real, login))
        for name, row in ROWS.items():
            path = "/api/v1/registers/%s/%s" % (name, ids["registers"][name])
            for method in ("PUT", "DELETE"):
                status, _ = client.call(method, path, row if method == "PUT" else None)
                check(status == (404 if login in ("officer-b", "admin-b") else 403),
                      "%s %s as %s: %s" % (method, path, login, status))
            status, _ = client.call("POST", "/api/v1/registers/%s?org=%s" % (name, ORG["a"]), row)
            check(status in (403, 404), "POST for organisation a as %s: %s" % (login, status))
        path = "/api/v1/registers/organisations/%s" % ids["registers"]["organisations"]
        for method, body in (("PUT", {"name": "taken over"}), ("DELETE", None)):
            status, _ = client.call(method, path, body)
            check(status in (403, 404), "%s of a's organisation as %s: %s" % (method, login, status))
        status, _ = client.call("POST", "/api/v1/registers/organisations", {"code": uscc("91110000MA0000003"), "name": "x"})
        check(status == 403, "a new organisation by %s: %s" % (login, status))
        status, _ = client.call("PUT", "/api/v1/users/%d" % ids["user"], {"roles": ["viewer"]})
        check(status in (403, 404), "PUT of a's user as %s: %s" % (login, status))


def walk_deeds_of_another(people, document, ids):
    """Nothing of a is changed by b, by any route that names it."""
    kept = ("inventory/columns", "inventory/runs", "duties", "work/cases", "registers/inventory_runs", "registers/systems")
    whole = {"/api/v1/duties/{id}/done": {"done_on": "2026-11-01"}, "/api/v1/notify/channels/{id}": {"is_on": True}}
    before = [people["officer-a"].call("GET", "/api/v1/" + path)[1] for path in kept]
    for login in ("officer-b", "admin-b", "expert", "assessor-b"):
        for path, method, operation in operations(document):
            if method == "GET" or "{" not in path or path in SKIP or path == "/api/v1/rules/{id}":
                continue  # the rules of a company are its own, under one name for all
            for real, _ in fill(path, ids):
                body = None
                if "requestBody" in operation:
                    body = whole.get(path, {}) if "application/json" in operation["requestBody"]["content"] else b"x"
                status, answer = people[login].call(method, real, body)
                check(400 <= status < 500, "%s %s as %s: %s %s" % (method, real, login, status, answer))
                if "{id}" in path:
                    check(status in (403, 404), "%s %s as %s: %s %s" % (method, real, login, status, answer))
        said = {"ids": [ids["column"]], "verdict": "reject", "reason": "not mine"}
        status, answer = people[login].call("POST", "/api/v1/inventory/verdicts", said)
        check(status in (403, 404) or answer.get("judged", 0) == 0, "a verdict on a's column as %s: %s %s" % (login, status, answer))
    after = [people["officer-a"].call("GET", "/api/v1/" + path)[1] for path in kept]
    check(all(page["total"] for page in before[:3]), "nothing to change: %s" % before[:3])
    check(before == after, "b changed something of a")


def walk_personal(people, document, ids):
    """Owners' data is for the officer of the organisation alone."""
    _, row = people["officer-a"].call("GET", "/api/v1/registers/cards/%d" % ids["registers"]["cards"])
    check(all(s in json.dumps(row, ensure_ascii=False) for s in OWNER), "the officer does not see the owner: %s" % row)
    for login in ("viewer-a", "admin-a", "bureau", "admin"):
        for path, method, operation in operations(document):
            if method != "GET" or path in SKIP:
                continue
            for real, _ in fill(path, ids):
                for query in ("", *papers(operation)):
                    _, answer = people[login].call("GET", real + query)
                    check(not has_secret(answer, OWNER), "GET %s%s as %s shows the owner" % (real, query, login))
    for login in ("viewer-a", "admin-a", "bureau"):
        _, csv = people[login].call("GET", "/api/v1/registers/cards/export?format=csv")
        check(not has_secret(csv, OWNER), "the export of %s shows the owner" % login)
    path = "/api/v1/registers/cards/%d" % ids["registers"]["cards"]
    _, masked = people["admin-a"].call("GET", path)
    status, _ = people["admin-a"].call("PUT", path, {k: v for k, v in masked.items() if k in ROWS["cards"]})
    _, row = people["officer-a"].call("GET", path)
    check(row["owner_name"] == "测试人", "a masked value was written back (%s): %s" % (status, row))


def walk_bodies(people, document, ids):
    client = {"users": people["admin-a"], "supervise": people["bureau"], "write": people["officer-a"], "work": people["officer-a"], "read": people["officer-a"],
              "login": people["officer-a"], "nothing": people["officer-a"]}
    big = b'{"a":"' + b"x" * (1 << 20) + b'"}'
    for path, method, operation in operations(document):
        if "requestBody" not in operation or "application/json" not in operation["requestBody"]["content"]:
            continue
        real = fill(path, ids)[0][0]
        who = client[operation["x-zhuji-need"]]
        for body, kind, want in ((b"{", "application/json", 400), (b"[]", "application/json", 400),
                                 (b"", "application/json", 400), (b'{"a":"\xff"}', "application/json", 400),
                                 (b"[" * 100000, "application/json", 400), (b"{}", "text/plain", 415),
                                 (big, "application/json", 413)):
            answer, data = who.raw(method, real, body, {"Content-Type": kind, "X-Zhuji": "1"})
            check(answer.status == want or (body == b"" and answer.status in (400, 415)),
                  "%s %s with %d bytes %s: %d, not %d" % (method, real, len(body), kind, answer.status, want))
            check(answer.getheader("Content-Type") == "application/problem+json", "%s %s: no problem" % (method, real))
            problem = json.loads(data)
            check(problem["status"] == answer.status and problem["code"] and problem["detail_zh"],
                  "%s %s: %s" % (method, real, problem))
        status, problem = who.call(method, real, {}, mark=False)
        if path != "/api/v1/login":
            check(status == 403 and problem["code"] == "ECSRF", "%s %s without X-Zhuji: %s" % (method, real, status))


def walk_parameters(people, document, ids):
    wild = ["limit=-1", "limit=501", "limit=x", "offset=-1", "offset=99999999999999999999", "org=nobody",
            "task=x", "sort=%27;drop", "f.nosuch=1", "f.=1", "q=%00", "q=%ff", "org=%27%20OR%201=1--", "sort=-id",
            "q=" + "%25" * 200, "days=x", "before=x", "state=%27", "rule=" + "x" * 3000]
    for path, method, operation in operations(document):
        if method != "GET" or path in SKIP or operation["x-zhuji-need"] != "read":
            continue
        for real, _ in fill(path, ids)[:1]:
            for query in wild:
                status, answer = people["officer-b"].call("GET", real + "?" + query)
                check(status < 500, "GET %s?%s: %s %s" % (real, query, status, answer))
                check(not has_secret(answer, SECRETS), "GET %s?%s shows a's data" % (real, query))


def walk_queries(people, document, ids):
    """Every name of a query is in the document, with its meaning; every other one is refused, and so is
    a value that cannot be. The sentence says what is wrong and what it may be."""
    client = {"read": people["officer-a"], "login": people["officer-a"], "supervise": people["bureau"],
              "audit": people["auditor-a"], "users": people["admin-a"], "work": people["officer-a"]}
    for path, method, operation in operations(document):
        names = named(operation)
        for name, p in names.items():
            check(p["description"] and HAN.search(p["x-description-zh"]), "%s %s: %s has no description" % (method, path, name))
        who = client.get(operation["x-zhuji-need"])
        if method != "GET" or path in SKIP or not who:
            continue
        # a number that is none, a page of no rows, a word of another list, an order by nothing
        wrong = [("nosuch", "1")]
        for name, p in names.items():
            schema = p["schema"]
            if schema["type"] == "integer":
                wrong.append((name, "zzz"))
            if "minimum" in schema:
                wrong += [(name, str(schema["minimum"] - 1)), (name, str(schema["maximum"] + 1))]
            if "enum" in schema or name == "sort":
                wrong.append((name, "zzz"))
            if name.startswith("f."):
                wrong.append(("f.nosuch", "1"))
        check(("limit" not in names) or ("limit", "0") in wrong, "%s takes a page of no rows" % path)
        for real, _ in fill(path, ids)[:1]:
            for name, value in wrong:
                status, answer = who.call("GET", "%s?%s=%s" % (real, name, value))
                what = "GET %s?%s=%s: %s %s" % (real, name, value, status, answer if status != 200 else "")
                check(status == 400 and answer["code"] == "EUSAGE", what)
                told = name[2:] if name.startswith("f.") else value if name == "sort" else name
                check(status != 400 or (told in answer["detail"] and told in answer["detail_zh"]), what)
    officer = people["officer-a"]
    for path, words in {
        "/registers/systems?levle=3": ("'levle'", "did you mean 'f.level'?", "f.FIELD"), "/registers/systems?level=3": ("did you mean 'f.level'?",),
        "/registers/systems?f.nmae=x": ("'nmae'", "did you mean 'name'?", "filing_number"),
        "/registers/cards?f.state=registerd": ("did you mean 'registered'?", "opted_out"),
        "/registers/cards?f.registered_on=zzz": ("registered_on: 'zzz' is no value of it",),
        "/registers/cards?sort=-stat": ("cannot sort by 'stat'", "did you mean 'state'?", "iccid"),
        "/registers/cards?after=zzz": ("after must be a whole number",),
        "/gaps?severity=hihg": ("severity: 'hihg'", "did you mean 'high'?", "medium"),
        "/gaps?after=zzz": ("'after'", "offset"), "/gaps?rule=T6.nosuch": ("no rule 'T6.nosuch'",),
        "/gaps?sort=severty": ("did you mean 'severity'?", "last_seen"),
        "/facts/identity?vni=x": ("'vni'", "did you mean 'f.vin'?"), "/facts/identity?sort=nosuch": ("'nosuch'", "last_seen"),
        "/detections?f.severty=high": ("'severty'", "did you mean 'severity'?"),
        "/work/cases?sort=deu": ("did you mean 'due'?", "opened_at"), "/work/cases?type=filling": ("did you mean 'filing'?",),
        "/work/cases?type=filing&state=nosuch": ("no state 'nosuch'", "draft"),
    }.items():
        status, answer = officer.call("GET", "/api/v1" + path)
        check(status == 400 and all(w in answer["detail"] for w in words), "%s: %s %s" % (path, status, answer))
    status, answer = people["bureau"].call("GET", "/api/v1/supervision/heatmap?kind=maker")
    check(status == 400 and "'vehicle_maker'" in answer["detail"], "heatmap of no kind: %s %s" % (status, answer))
    for path in ("/registers/cards?f.state=registered&q=&org=", "/facts/identity?vin=x&f.vin=y*", "/gaps?lang=en&state=all&limit=1",
                 "/registers/cards?f.registered_on=2026-01-01&sort=-state"):
        status, answer = officer.call("GET", "/api/v1" + path)
        check(status == 200, "%s: %s %s" % (path, status, answer))


def walk_languages(port, people):
    """What is wrong is told the same, and as exactly, in both languages, whatever the header says."""
    officer, stranger = people["officer-a"], Client(port)
    sheet = "vin,单位代号\n%s,x\n" % vin(1)
    cases = [
        (stranger, "POST", "/api/v1/login", {"login": "officer-a", "password": "wrong"}, "password", "口令"),
        (officer, "GET", "/api/v1/gaps?task=abc", None, "task must be a whole number", "task 应为"),
        (officer, "GET", "/api/v1/registers/vehicles?as_of=x", None, "'x' is no date", "“x”不是日期"),
        (officer, "GET", "/api/v1/registers/nosuch", None, "no register 'nosuch'", "没有登记簿“nosuch”"),
        (officer, "GET", "/api/v1/registers/vehicles/999999", None, "999999", "999999"),
        (officer, "POST", "/api/v1/registers/vehicles/import?mode=x", b"vin\n", "mode: 'x' is no value of it: it may be check, good, all", "mode：“x”不是有效值"),
        (officer, "POST", "/api/v1/registers/vehicles/import?mode=check", sheet.encode(),
         "its columns are: vin", "可用的列：车辆识别代号（vin）"),
        (officer, "POST", "/api/v1/registers/vehicles/import?mode=check", b"PK\3\4 no workbook", "", ""),
        (officer, "POST", "/api/v1/registers/vehicles/import?mode=good", b"\x89PNG\r\n\x1a\n\0\0\0\1",
         "neither CSV nor XLSX", "既不是 CSV 也不是 XLSX"),
        (officer, "POST", "/api/v1/registers/vehicles", [], "must be a JSON object", "应为 JSON 对象"),
        (officer, "POST", "/api/v1/me/password", {"old": "wrong", "new": "x"}, "", ""),
    ]
    for client, method, path, body, en, zh in cases:
        told = []
        for language in ("en", "zh-CN", None):
            headers = {"X-Zhuji": "1", "Accept-Language": language or ""}
            send = body
            if isinstance(body, (dict, list)):
                send, headers["Content-Type"] = json.dumps(body), "application/json"
            answer, data = client.raw(method, path, send, headers)
            problem = json.loads(data)
            told.append((answer.status, problem["detail"], problem["detail_zh"]))
        check(len(set(told)) == 1, "%s %s: told in three ways: %s" % (method, path, told))
        check(told[0][0] >= 400 and en in told[0][1] and zh in told[0][2], "%s %s: %s" % (method, path, told[0]))


# --- single stories -------------------------------------------------------------------------------
def story_lock_out(port, people):
    client = Client(port)
    for i in range(5):
        status, _ = client.login("viewer-a", "wrong")
        check(status == 401, "wrong password %d: %s" % (i, status))
    status, body = client.login("viewer-a", "Password-of-viewer-a-1")
    check(status == 429 and body["code"] == "ERATE", "the right password after five failures: %s" % status)
    check(people["viewer-a"].call("GET", "/api/v1/me")[0] == 200, "a lock-out ends the session of who is in already")


def story_sheets(people):
    client = people["officer-a"]
    rows = ["vin,model"] + ["%s,sheet" % vin(100 + i) for i in range(50)] + ["NOT-A-VIN,sheet"]
    body = "\n".join(rows).encode()
    status, result = client.call("POST", "/api/v1/registers/vehicles/import?mode=check&filename=v.csv", body)
    check(status == 200 and result["read"] == 51 and result["refused"] == 1 and not result["written"],
          "check of an import: %s %s" % (status, result))
    check(result["faults"][0]["row"] == 52 and result["faults"][0]["field"] == "vin", "the fault: %s" % result["faults"])
    status, result = client.call("POST", "/api/v1/registers/vehicles/import?mode=all", body)
    check(status == 200 and not result["written"], "all or nothing with a wrong row: %s" % result)
    status, result = client.call("POST", "/api/v1/registers/vehicles/import?mode=good", body)
    check(status == 200 and result["inserted"] == 50 and result["written"], "import: %s" % result)
    status, book = client.call("GET", "/api/v1/imports/%d/errors.xlsx" % result["import_id"])
    check(status == 200 and book[:4] == b"PK\3\4", "the error workbook: %s" % status)
    status, _ = people["officer-b"].call("GET", "/api/v1/imports/%d/errors.xlsx" % result["import_id"])
    check(status == 404, "another's error workbook: %s" % status)
    status, csv = client.call("GET", "/api/v1/registers/vehicles/export?format=csv&f.model=sheet")
    check(status == 200 and csv.count(b"\n") == 51, "export of a filter: %s, %d lines" % (status, csv.count(b"\n")))
    status, result = client.call("POST", "/api/v1/registers/vehicles/import?mode=good", csv)
    check(status == 200 and result["read"] == 50 and result["refused"] == 0 and result["inserted"] == 0,
          "what was exported comes in again: %s" % result)
    status, book = client.call("GET", "/api/v1/registers/cards/export?template=1")
    check(status == 200 and book[:4] == b"PK\3\4", "template: %s" % status)
    status, result = client.call("POST", "/api/v1/registers/vehicles/import?mode=good", b"PK\3\4 no workbook")
    check(status == 422, "a broken workbook: %s %s" % (status, result))
    status, page = client.call("GET", "/api/v1/registers/vehicles?limit=10&offset=10&f.model=sheet&sort=vin")
    vins = [r["vin"] for r in page["rows"]]
    check(page["total"] == 50 and len(vins) == 10 and vins == sorted(vins), "a page: %s" % page.get("total"))


def story_events(port, people):
    client = people["officer-a"]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/api/v1/events", headers={"Cookie": "zj_session=" + client.cookie})
    stream = connection.getresponse()
    check(stream.getheader("Content-Type") == "text/event-stream", "events have their type")

    def next_change():
        while True:
            line = stream.readline().decode()
            if not line:
                return None
            if line.startswith("data: "):
                return json.loads(line[6:])

    first = next_change()
    check(first is not None and "gaps_open" in first, "the first event: %s" % first)
    status, _ = client.call("POST", "/api/v1/registers/systems", {"code": MARK + "-2", "name": MARK, "kind": "system"})
    check(status == 201, "a change to be told of: %s" % status)
    check(next_change() is not None, "the change is told")
    connection.close()


def story_remote_sensor(directory, port, people):
    """zhuji sense --to: a capture read here, its facts stored there."""
    other = directory + "/other"
    os.mkdir(other)
    run(other, "init", "--demo", "--json")
    capture = other + "/zhuji.db.demo.pcap"
    url = "http://127.0.0.1:%d/" % port
    _, made = people["officer-b"].call("POST", "/api/v1/me/tokens", {"name": "s", "scopes": ["ingest"]})

    def sense(token, to=url):
        return subprocess.run([ZHUJI, "sense", "-q", "-r", capture, "--to", to], capture_output=True,
                              env=dict(os.environ, ZHUJI_TOKEN=token, ZHUJI_DB="", LC_ALL="C.UTF-8"))

    _, page = people["officer-b"].call("GET", "/api/v1/facts/identity")
    check(page["total"] == 0, "b has facts already")
    done = sense(made["token"])
    check(done.returncode == 0 and done.stdout == b"", "sense --to: %d %s" % (done.returncode, done.stderr[-300:]))
    local = subprocess.run([ZHUJI, "sense", "-q", "-r", capture], capture_output=True, env=dict(os.environ, ZHUJI_DB=""))
    keys = set()
    for line in local.stdout.splitlines():
        row = json.loads(line)
        if row.get("fact") == "identity":
            # a terminal that tells its phone is one, whether or not its card and VIN were known by then
            who = row["phone"] or (row["vin"], row["iccid"])
            keys.add((row["protocol"], who, row["server"], row["port"], row["security"]))
    _, page = people["officer-b"].call("GET", "/api/v1/facts/identity")
    check(page["total"] == len(keys) > 100, "facts sent: %d of %d" % (page["total"], len(keys)))
    done = sense("zj_wrong")
    check(done.returncode == 3 and b"401" in done.stderr, "a wrong token: %d %s" % (done.returncode, done.stderr))
    done = sense(made["token"], "https://127.0.0.1/")
    check(done.returncode == 2, "https: %d" % done.returncode)


def story_sessions(port, people):
    second = Client(port)
    second.login("officer-a", "Password-of-officer-a-1")
    status, page = people["officer-a"].call("GET", "/api/v1/sessions")
    other = [r["id"] for r in page["rows"] if not r["is_current"]]
    check(status == 200 and len(other) == 1, "sessions: %s" % page)
    status, _ = people["viewer-a"].call("DELETE", "/api/v1/sessions/%d" % other[0])
    check(status == 404, "ending another's session: %s" % status)
    check(second.call("GET", "/api/v1/me")[0] == 200, "a session that another wanted to end")
    status, _ = people["officer-a"].call("DELETE", "/api/v1/sessions/%d" % other[0])
    check(status == 200 and second.call("GET", "/api/v1/me")[0] == 401, "ending one's own session: %s" % status)


def story_listeners(port, people):
    """Only so many listen at once; the others are told to come later, and pages still answer."""
    cookie = {"Cookie": "zj_session=" + people["officer-a"].cookie}
    streams, statuses = [], []
    for _ in range(103):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/api/v1/events", headers=cookie)
        answer = connection.getresponse()
        statuses.append(answer.status)
        streams.append((connection, answer))
    # one that closed just before may still be counted: the server learns of it at its next heartbeat
    check(statuses.count(200) in (99, 100) and statuses.count(200) + statuses.count(503) == 103,
          "listeners: %d" % statuses.count(200))
    check(people["officer-a"].call("GET", "/api/v1/plan")[0] == 200, "a page beside 100 listeners")
    for connection, answer in streams:
        answer.close()
        connection.close()
    for _ in range(60):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/api/v1/events", headers=cookie)
        status = connection.getresponse().status
        connection.close()
        if status == 200:
            break
        time.sleep(0.5)
    check(status == 200, "there is room again: %s" % status)


def story_http(port):
    nobody = Client(port)
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2f..%2fetc/passwd", "/.git/config", "//etc/passwd"):
        answer, data = nobody.raw("GET", path)
        check(b"root:" not in data and answer.status in (200, 404), "GET %s: %s" % (path, answer.status))
    answer, data = nobody.raw("GET", "/api/v1/nothing")
    check(answer.status == 404 and json.loads(data)["code"] == "ENOTFOUND", "an unknown path")
    for path, wanted in (("/", PAGE), ("/gaps/7", PAGE), ("/registers/cards", PAGE), ("/mark.svg", b"<svg/>")):
        answer, data = nobody.raw("GET", path)
        check(answer.status == 200 and data == wanted, "GET %s: %s %r" % (path, answer.status, data[:80]))
    for path in ("/api", "/api/", "/api/v2/gaps", "/api/v1/openapi.yaml", "/gone.js", "/assets/gone", "/gaps/gone.css", "/robots.txt"):
        answer, data = nobody.raw("GET", path)
        check(answer.status == 404 and answer.getheader("Content-Type") == "application/problem+json",
              "GET %s: %s %r" % (path, answer.status, data[:80]))
    for path in ("/openapi.json", "/api/v1/openapi.json"):
        answer, data = nobody.raw("GET", path)
        check(answer.status == 308 and answer.getheader("Location") == "/api/openapi.json" and not data,
              "GET %s: %s %s" % (path, answer.status, answer.getheader("Location")))
    answer, _ = nobody.raw("POST", "/api/v1/plan", b"{}")
    check(answer.status == 405 and "GET" in answer.getheader("Allow"), "a wrong method: %s" % answer.status)
    answer, data = nobody.raw("HEAD", "/healthz")
    check(answer.status == 200 and data == b"", "HEAD")
    answer, _ = nobody.raw("GET", "/healthz")
    policy = answer.getheader("Content-Security-Policy")
    check("script-src 'self'" in policy and "unsafe-inline" not in policy.split("style-src")[0], "content policy: %s" % policy)
    for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "X-Request-Id"):
        check(answer.getheader(name), "no header " + name)
    for raw in (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100000 + b"\r\n\r\n", b"\0\1\2\r\n\r\n",
                b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999\r\n\r\n",
                b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
            try:
                s.sendall(raw)
                s.shutdown(socket.SHUT_WR)
                while s.recv(65536):
                    pass
            except OSError:
                pass
    answer, data = nobody.raw("GET", "/metrics")
    check(answer.status == 200 and b"zhuji_http_request_duration_seconds_bucket" in data and b"zhuji_audit_entries" in data, "metrics")
    check(MARK.encode() not in data, "metrics tell an organisation's data")
    check(nobody.raw("GET", "/readyz")[0].status == 200, "ready")


def story_many_at_once(port, people):
    wrong = []

    def work(number):
        client = Client(port)
        client.cookie = people["officer-a"].cookie
        for i in range(20):
            status, _ = client.call("GET", ("/api/v1/plan", "/api/v1/registers/vehicles?limit=50", "/api/v1/me", "/api/v1/gaps")[(i + number) % 4])
            if status != 200:
                wrong.append(status)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    check(not wrong, "with 8 at once: %s" % wrong[:5])


def story_bureau_registers(people):
    """A bureau keeps its own registers and no company's; a company sees the rows that name it."""
    row = {"code": "BA-1", "briefing": "BR-1", "organisation": ORG["a"], "signed_in_on": "2026-03-01"}
    path = "/api/v1/registers/briefing_attendance"
    status, answer = people["officer-a"].call("POST", path, row)
    check(status == 403, "a company writes the bureau's register: %s %s" % (status, answer))
    answer, _ = people["officer-a"].raw("POST", path + "/import?mode=good", b"code,briefing\nX,Y\n", {"X-Zhuji": "1"})
    check(answer.status == 403, "a company imports into the bureau's register: %s" % answer.status)
    status, answer = people["bureau"].call("POST", path + "?org=" + ORG["b"], row)
    check(status == 201, "the bureau does not write its register: %s %s" % (status, answer))
    status, answer = people["bureau"].call("POST", "/api/v1/registers/systems?org=" + ORG["a"], {"code": "S-X", "name": "x"})
    check(status == 403, "the bureau writes a company's register: %s %s" % (status, answer))
    for login, want in (("officer-a", 1), ("viewer-a", 1)):
        status, page = people[login].call("GET", path)
        check(status == 200 and page["total"] == want, "%s sees %s" % (login, page))


def story_briefings(people):
    """A company reads the sessions that are meant for it, signs in, and answers the quiz once."""
    bureau, a, b = people["bureau"], people["officer-a"], people["officer-b"]
    at = "/api/v1/registers/"
    org = "?org=" + ORG["bureau"]
    session = {"code": "BR-Q", "title": "t", "held_on": "2020-01-01", "kind": "policy", "sign_in_until": "2099-01-01", "invited": [ORG["a"]]}
    status, made = bureau.call("POST", at + "briefings" + org, session)
    check(status == 201, "a session: %s %s" % (status, made))
    status, answer = bureau.call("POST", at + "briefing_questions" + org, {"code": "BQ-1", "briefing": "BR-Q", "text": "t", "options": ["x", "y"], "answer": "B"})
    check(status == 201, "a question: %s %s" % (status, answer))
    mine = "/api/v1/briefings/%d" % made["id"]
    status, row = a.call("GET", at + "briefings/%d" % made["id"])
    check(status == 200 and not row["invited"], "an invited company's session: %s %s" % (status, row))
    check(b.call("GET", at + "briefings/%d" % made["id"])[0] == 404, "who is not invited reads the session")
    check(b.call("POST", mine + "/attendance", {"person": "B"})[0] == 404, "who is not invited signs in")
    status, answer = a.call("PUT", at + "briefings/%d" % made["id"], {"title": "mine"})
    check(status == 403, "a company changes the session: %s %s" % (status, answer))
    check(people["viewer-a"].call("POST", mine + "/attendance", {"person": "V"})[0] == 403, "a viewer signs in")
    status, answer = a.call("POST", mine + "/quiz", {"answers": {"BQ-1": "B"}})
    check(status == 409, "the quiz before the sign-in: %s %s" % (status, answer))
    status, stand = a.call("POST", mine + "/attendance", {"person": "A"})
    check(status == 200 and stand["attendance"] and len(stand["questions"]) == 1 and "answer" not in stand["questions"][0], "signed in: %s %s" % (status, stand))
    status, result = a.call("POST", mine + "/quiz", {"answers": {"BQ-1": "B"}})
    check(status == 200 and result["score"] == 100, "the quiz: %s %s" % (status, result))
    check(a.call("POST", mine + "/quiz", {"answers": {"BQ-1": "B"}})[0] == 409, "the quiz a second time")
    status, seen = bureau.call("GET", "/api/v1/supervision/briefings?year=2020")
    check(status == 200 and seen["companies"] == 1, "the sign-in is not covered: %s %s" % (status, seen))


def story_pool(people):
    """A company answers a call of the bureau while it is open; what the pool holds for a gap is asked by who sees it."""
    bureau, a = people["bureau"], people["officer-a"]
    at, org = "/api/v1/registers/", "?org=" + ORG["bureau"]
    for code, until in (("PC-OPEN", "2099-01-01"), ("PC-SHUT", "2020-02-01")):
        status, made = bureau.call("POST", at + "pilot_calls" + org, {"code": code, "title": "t", "kind": "product", "opens_on": "2020-01-01", "closes_on": until, "description": "d"})
        check(status == 201, "a call: %s %s" % (status, made))
        check(a.call("GET", at + "pilot_calls/%d" % made["id"])[0] == 200, "a company reads no call")
        check(a.call("DELETE", at + "pilot_calls/%d" % made["id"])[0] == 403, "a company deletes a call")
    status, made = a.call("POST", at + "pool_items", {"code": "PL-Q", "title": "t", "kind": "product", "description": "d", "solves": ["T19"]})
    check(status == 422, "a product for no task: %s %s" % (status, made))
    status, made = a.call("POST", at + "pool_items", {"code": "PL-Q", "title": "t", "kind": "product", "description": "d", "solves": ["T3"]})
    check(status == 201, "a product: %s %s" % (status, made))
    status, fit = a.call("GET", "/api/v1/pool/%d/gaps" % made["id"])
    check(status == 200 and fit["total"] == sum(row["gaps"] for row in fit["rows"]), "its gaps: %s %s" % (status, fit))
    check(people["officer-b"].call("GET", "/api/v1/pool/%d/gaps" % made["id"])[0] == 404, "a product that is not published is told")
    item = at + "pool_items/%d" % made["id"]
    a.call("PUT", item, {"published_on": "2026-01-05"})
    check(people["officer-b"].call("GET", item)[0] == 404, "a company publishes its product itself")
    status, row = bureau.call("PUT", item, {"published_on": "2026-01-05", "title": "not the bureau's to change"})
    check(status == 200 and row["published_on"] == "2026-01-05" and row["title"] == "t", "a bureau publishes: %s %s" % (status, row))
    check(people["officer-b"].call("GET", item)[0] == 200, "a published product is kept")
    status, _ = bureau.call("PUT", at + "systems/1", {"name": "not the bureau's"})
    check(status == 403, "a bureau changes a system: %s" % status)


def story_two_editors(people):
    """Who saves over what he has not read is told so, where he says what he read (RFC 9110, 13.1.1)."""
    first, second = people["officer-a"], people["admin-a"]
    status, made = first.call("POST", "/api/v1/registers/systems", {"code": "TWO-1", "name": "t"})
    check(status == 201, "a system: %s %s" % (status, made))
    path = "/api/v1/registers/systems/%d" % made["id"]

    def tag_of(client, method="GET", body=None, headers=None):
        headers = dict(headers or {}, **({"X-Zhuji": "1", "Content-Type": "application/json"} if body else {}))
        answer, _ = client.raw(method, path, body, headers)
        check(answer.status == 200, "%s of the row: %s" % (method, answer.status))
        return answer.getheader("ETag") or "none"

    read = tag_of(first)
    check(read != "none" and read == tag_of(second), "the row's version: %s" % read)
    saved = tag_of(first, "PUT", json.dumps({"name": "of the first"}), {"If-Match": read})
    check(saved not in ("none", read) and saved == tag_of(second), "the version after a change: %s, %s" % (read, saved))
    for tag in (read, "zzz", '"zzz"', '"-1"', 'W/' + saved, '""'):
        status, answer = second.call("PUT", path, {"name": "of the second"}, headers={"If-Match": tag})
        check(status == 412 and answer["code"] == "ECHANGED", "If-Match %s: %s %s" % (tag, status, answer))
        check(all("officer-a" in answer[key] for key in ("detail", "detail_zh")), "who changed it: %s" % answer)
    check(first.call("GET", path)[1]["name"] == "of the first", "a refused change was written")
    for tag in (saved, "*", None):
        status, answer = second.call("PUT", path, {"name": "of the second, %s" % tag}, headers={"If-Match": tag} if tag else None)
        check(status == 200 and answer["name"] == "of the second, %s" % tag, "If-Match %s: %s %s" % (tag, status, answer))
    check(first.call("DELETE", path)[0] == 200, "the row goes")


def story_places(people, data):
    """A bureau reads of a company's files what they are called, never where they lie."""
    officer, bureau, api = people["officer-a"], people["bureau"], "/api/v1/"
    lists = ["inventory/sources", "inventory/runs", "inventory/objects", "inventory/columns?found=1", "inventory/changes",
             "inventory/important", "gaps?state=all&limit=500", "duties?limit=500"]
    for path in lists:
        (status, own), (also, told) = officer.call("GET", api + path), bureau.call("GET", api + path)
        check(status == also == 200, "%s: %s, %s" % (path, status, also))
        check(str(data.parent) not in json.dumps(told, ensure_ascii=False), "%s tells a bureau where files lie: %s" % (path, told))
        if path in lists[:4]:
            check(str(data) in json.dumps(own, ensure_ascii=False) and data.name in json.dumps(told, ensure_ascii=False), "%s: %s, %s" % (path, own, told))
    for path in ("inventory/runs?", "inventory/columns?found=1&", "gaps?state=all&"):
        status, told = bureau.call("GET", api + path + "format=csv")
        check(status == 200 and str(data.parent).encode() not in told, "%s as CSV: %s %s" % (path, status, told))
    for list_of in ("objects", "columns"):
        pages = [client.call("GET", api + "inventory/%s?source=%s" % (list_of, urllib.parse.quote(source)))[1]
                 for client, source in ((officer, str(data)), (bureau, data.name), (bureau, "x" + data.name))]
        check(pages[0]["total"] == pages[1]["total"] > 0 == pages[2]["total"], "%s by its source: %s" % (list_of, pages))
    ids = [row["id"] for row in officer.call("GET", api + "gaps?state=all&limit=500")[1]["rows"] if row["gap"] == "T11.unlisted-data"]
    check(ids, "no gap of found data")
    for at in ids:
        own, told = (client.call("GET", api + "gaps/%d" % at)[1] for client in (officer, bureau))
        check(str(data) in own["why"] and str(data.parent) not in json.dumps(told, ensure_ascii=False), "the gap: %s, %s" % (own, told))
        check(told["subject"]["id"].startswith(data.name + " · ") and told["column_total"] == own["column_total"] > 0, "its columns: %s" % told)


def story_channels(people):
    """Who is told of reminders: added, tried, switched off and on, removed, each by its own organisation alone."""
    client, other, path = people["admin-a"], people["admin-b"], "/api/v1/notify/channels"
    status, answer = client.call("POST", path, {"kind": "mail", "target": "no address"})
    check(status == 400 and answer["detail"], "a channel to nowhere: %s %s" % (status, answer))
    status, answer = client.call("POST", path, {"kind": "webhook", "target": "http://127.0.0.1:%d/" % client.port})
    check(status == 400 and answer["detail"], "a channel to the server's own machine: %s %s" % (status, answer))
    status, made = client.call("POST", path, {"kind": "mail", "target": "duty@a.example"})
    check(status == 201 or status == 200, "a channel: %s %s" % (status, made))
    mine = "%s/%d" % (path, made["id"])
    status, tried = client.call("POST", mine + "/test")
    check(status in (200, 201) and tried["message"] > 0, "a trial: %s %s" % (status, tried))
    status, page = client.call("GET", "/api/v1/notify/outbox")
    check(any(m["id"] == tried["message"] and m["channel"] == made["id"] for m in page["rows"]), "the trial is not in the outbox")
    status, page = other.call("GET", "/api/v1/notify/outbox")
    check(page["rows"] == [], "another organisation's messages: %s" % page)
    status, answer = client.call("PUT", mine, {"is_on": "no"})
    check(status == 400, "off by a word: %s %s" % (status, answer))
    status, answer = client.call("PUT", mine, {"is_on": False})
    check(status == 200, "off: %s %s" % (status, answer))
    status, page = client.call("GET", path)
    check([row["is_on"] for row in page["rows"]] == [False], "what is off: %s" % page)
    status, answer = client.call("POST", mine + "/test")
    check(status == 400, "a trial of what is off: %s %s" % (status, answer))
    for verb, at, body in (("PUT", mine, {"is_on": True}), ("POST", mine + "/test", None), ("DELETE", mine, None)):
        status, answer = other.call(verb, at, body)
        check(status == 404, "%s of another organisation's channel: %s %s" % (verb, status, answer))
    status, answer = client.call("PUT", mine, {"is_on": True})
    check(status == 200 and client.call("GET", path)[1]["rows"][0]["is_on"], "on again: %s %s" % (status, answer))
    status, answer = client.call("DELETE", mine)
    check(status == 200 and client.call("GET", path)[1]["rows"] == [], "removed: %s %s" % (status, answer))
    status, mail = people["admin"].call("GET", "/api/v1/notify/mail")
    check(status == 200 and mail == {"url": "", "user": "", "from": "", "has_password": False}, "no mail server yet: %s" % mail)


def story_bureau_admin(port, people):
    """A bureau's administrator reads every organisation and handles the accounts of his own."""
    admin, path = people["admin"], "/api/v1/users"
    status, made = admin.call("POST", path, {"login": "admin-bureau", "org": ORG["bureau"], "roles": ["admin", "bureau"]})
    check(status == 201, "a bureau's administrator: %s %s" % (status, made))
    client = Client(port).first_login("admin-bureau", made["password"], "Password-of-admin-bureau-1")
    check(client.call("GET", "/api/v1/plan")[0] == 200, "he reads")
    for org in ("", ORG["a"]):
        status, made = client.call("POST", path, {"login": "taken-over", "org": org, "roles": ["admin"]})
        check(status == 404, "he makes an administrator of %r: %s %s" % (org, status, made))
    _, page = admin.call("GET", path)
    everybody = {row["login"]: row["id"] for row in page["rows"]}
    for login in ("admin", "officer-a"):
        status, made = client.call("PUT", "%s/%d" % (path, everybody[login]), {"reset_password": True})
        check(status == 404, "he resets the password of %s: %s %s" % (login, status, made))
    status, page = client.call("GET", path)
    check([row["login"] for row in page["rows"]] == ["admin-bureau"], "the accounts he sees: %s" % page)
    status, made = client.call("POST", path, {"login": "bureau-2", "roles": ["bureau"]})
    check(status == 201, "bureau staff by a bureau: %s %s" % (status, made))
    status, made = people["admin-a"].call("POST", path, {"login": "bureau-3", "roles": ["bureau"]})
    check(status == 422, "bureau staff by a company: %s %s" % (status, made))
    status, made = client.call("PUT", "/api/v1/notify/mail", {"url": "smtps://mail.example:465"})
    check(status == 403, "everybody's mail server: %s %s" % (status, made))


def story_tokens(port, people):
    """A token is listed without its secret and ended by whose it is."""
    client, other, path = people["officer-a"], people["officer-b"], "/api/v1/me/tokens"
    status, made = client.call("POST", path, {"name": "short", "scopes": ["read"], "days": 1})
    program = Client(port, token=made["token"])
    check(program.call("GET", "/api/v1/gaps")[0] == 200, "a token that was just made")
    status, page = client.call("GET", path)
    mine = next(row for row in page["rows"] if row["name"] == "short")
    check(mine["scopes"] == ["read"] and made["token"] not in json.dumps(page), "the list of tokens: %s" % page)
    check(other.call("DELETE", "%s/%d" % (path, mine["id"]))[0] == 404, "another ends it")
    check(program.call("POST", path, {"scopes": ["read"]})[0] in (403, 422), "a token makes a token")
    check(client.call("DELETE", "%s/%d" % (path, mine["id"]))[0] == 200, "its owner ends it")
    check(program.call("GET", "/api/v1/gaps")[0] == 401, "a token that was ended")


def check_last_use(people):
    """Uses are written down now and then, not with each request."""
    until = time.monotonic() + 60
    while True:
        rows = people["officer-a"].call("GET", "/api/v1/me/tokens")[1]["rows"]
        used = {row["name"]: row["last_used"] for row in rows}
        if used["sensor"] or time.monotonic() > until:
            break
        time.sleep(1)
    check(used["sensor"], "the last use of a token: %s" % used)


def story_long_export(port, people):
    """More rows than the server reads at once: the file has each of them once, in the list's order."""
    client, more = people["officer-a"], 5300
    _, made = client.call("POST", "/api/v1/me/tokens", {"name": "many", "scopes": ["ingest"]})
    one = facts_of_a()[2]
    # hosts in no order, and a hundred rows of each size: what is equal keeps one order too
    lines = "\n".join(json.dumps({**one, "host": "h%04d.example" % (n * 2503 % more), "bytes": n // 100})
                      for n in range(more))
    status, result = Client(port, token=made["token"]).call("POST", "/api/v1/ingest", lines.encode())
    check(status == 200 and result["facts"] == more, "many facts: %s %s" % (status, result))
    for sort in ("", "&sort=worst", "&sort=host", "&sort=-bytes", "&sort=bytes", "&sort=country"):
        listed = in_pages(client, "/api/v1/facts/transfer?%s&" % sort[1:] if sort else "/api/v1/facts/transfer?")
        answer, data = client.raw("GET", "/api/v1/facts/transfer?format=csv" + sort)
        hosts = re.findall(r"h\d{4}\.example", data.decode())
        check(answer.status == 200 and len(hosts) == len(set(hosts)) == more and data.count(b"\r\n") == len(listed) + 1,
              "the export%s: %d hosts, %d lines of %d" % (sort, len(set(hosts)), data.count(b"\n"), len(listed)))
        check(hosts == [row["host"] for row in listed if re.match(r"h\d{4}\.example", row["host"] or "")],
              "the export is in the order of the list" + sort)
        if sort == "&sort=host":
            check(hosts == sorted(hosts), "the order of the export" + sort)
    answer, data = client.raw("GET", "/api/v1/facts/transfer?format=pdf&sort=worst")
    check(answer.status in (200, 413, 422), "too long for a PDF, or one: %d %r" % (answer.status, data[:200]))


def in_pages(client, path):
    rows, total = [], 1
    while len(rows) < total:
        status, page = client.call("GET", "%slimit=500&offset=%d" % (path, len(rows)))
        check(status == 200 and page["rows"], "%s: %s" % (path, status))
        if status != 200 or not page["rows"]:
            break
        rows += page["rows"]
        total = page["total"]
    return rows


def story_run_of_files(port, people):
    """Who acts for a bureau sees the names of captures without their folders, and finds the run's rows by them."""
    _, made = people["officer-a"].call("POST", "/api/v1/me/tokens", {"name": "files", "scopes": ["ingest"]})
    seen = {"first_seen": "2026-11-22T10:00:00+08:00", "last_seen": "2026-11-22T10:05:00+08:00"}
    runs = {"/srv/b/one.pcap + /srv/b/two.pcap": 2, "/srv/b/one.pcap": 1, "/srv/c/one.pcap + two.pcap": 1}
    lines = [json.dumps({"fact": "sensor", "sensor": run, "counter": "packets" if n == 0 else "flows", "value": 7, **seen})
             for run, count in runs.items() for n in range(count)]
    status, result = Client(port, token=made["token"]).call("POST", "/api/v1/ingest", "\n".join(lines).encode())
    check(status == 200 and result["facts"] == 4, "counters of files: %s %s" % (status, result))
    shown = [row["sensor"] for row in people["bureau"].call("GET", "/api/v1/sensors?limit=500")[1]["rows"]]
    check(shown.count("one.pcap + two.pcap") == 3 and shown.count("one.pcap") == 1, "runs as a bureau sees them: %s" % shown)
    for login, name, wanted in (("bureau", "one.pcap + two.pcap", 3), ("bureau", "one.pcap", 1),
                                ("bureau", "/srv/b/one.pcap", 0), ("bureau", MARK, 1), ("officer-a", "one.pcap", 0),
                                ("officer-a", "/srv/b/one.pcap + /srv/b/two.pcap", 2), ("officer-b", "/srv/b/one.pcap", 0)):
        query = "f.sensor=" + urllib.parse.quote(name)
        status, page = people[login].call("GET", "/api/v1/facts/sensor?" + query)
        check(status == 200 and page["total"] == len(page["rows"]) == wanted, "%s finds %s: %s" % (login, name, page))


def story_sorted_register(people):
    """An export of a register has the rows of its pages, in their order, also where what it is sorted by is equal."""
    client = people["officer-a"]
    rows = ["SORT%04d,name %d,%s" % (n * 607 % 1300, n % 7, ("platform", "facility")[n % 2]) for n in range(1300)]
    status, result = client.call("POST", "/api/v1/registers/systems/import?mode=good",
                                 ("code,name,kind\n" + "\n".join(rows) + "\n").encode())
    check(status == 200 and result["inserted"] == 1300, "rows to sort: %s %s" % (status, str(result)[:300]))
    for sort in ("kind", "-kind", "name", "-name", "code", "-code"):
        listed = [row["code"] for row in in_pages(client, "/api/v1/registers/systems?sort=%s&" % sort)]
        _, text = client.call("GET", "/api/v1/registers/systems/export?format=csv&headers=name&sort=" + sort)
        lines = [line.split(",") for line in text.decode().lstrip("\ufeff").strip().splitlines()]
        at = lines[0].index("code")
        check(len(listed) >= 1300 and [line[at] for line in lines[1:] if line[at].startswith("SORT")] ==
              [code for code in listed if code.startswith("SORT")], "the sorted export of a register: " + sort)


def story_feed(port, people):
    """The address for calendar programs is good while its owner may read."""
    nobody, path = Client(port), "/api/v1/users"
    status, made = people["admin-a"].call("POST", path, {"login": "reader", "roles": ["viewer"]})
    reader = Client(port).first_login("reader", made["password"], "Password-of-reader-1")
    status, feed = reader.call("POST", "/api/v1/calendar/feed")
    status, body = nobody.call("GET", feed["url"])
    check(status == 200 and body.startswith(b"BEGIN:VCALENDAR"), "a feed: %s" % status)
    for change, wanted in (({"roles": ["auditor"]}, 404), ({"roles": ["viewer"]}, 200), ({"locked": True}, 404),
                           ({"locked": False}, 200), ({"reset_password": True}, 404)):
        status, answer = people["admin-a"].call("PUT", "%s/%d" % (path, made["id"]), change)
        check(status == 200, "%s: %s %s" % (change, status, answer))
        status, _ = nobody.call("GET", feed["url"])
        check(status == wanted, "a feed after %s: %s, wanted %s" % (change, status, wanted))


def story_audit(people):
    status, verdict = people["auditor-a"].call("POST", "/api/v1/audit/verify")
    check(status == 200 and verdict["ok"] and verdict["entries"] > 10, "the chain: %s" % verdict)
    status, page = people["auditor-a"].call("GET", "/api/v1/audit?limit=500")
    check(status == 200 and page["total"] > 5 and all(r["org"] in ("", ORG["a"]) for r in page["rows"]),
          "an auditor of a sees other organisations")
    status, page = people["officer-a"].call("GET", "/api/v1/registers/systems")
    first = page["rows"][-1]["id"]
    status, page = people["officer-a"].call("GET", "/api/v1/registers/systems/%d/history" % first)
    check(status == 200 and page["rows"] and page["rows"][-1]["action"] == "insert", "history of a row: %s %s" % (status, page))


def find_ids(people, ids, admin):
    client = people["officer-a"]
    for kind in ("identity", "service", "transfer", "command", "detection", "hourly", "sensor"):
        status, page = client.call("GET", "/api/v1/facts/" + kind)
        check(status == 200 and page["rows"], "no facts of kind %s: %s %s" % (kind, status, page))
        ids["facts"][kind] = page["rows"][0]["id"] if page.get("rows") else 1
        status, text = client.call("GET", "/api/v1/facts/%s?format=csv&lang=en" % kind)
        check(status == 200 and len(text.strip().splitlines()) == page["total"] + 1, "%s as CSV: %s %s" % (kind, status, text))
    status, row = client.call("GET", "/api/v1/facts/identity/%d" % ids["facts"]["identity"])
    check(status == 200 and row["frame"]["hex"].startswith("2323") and "valid" in row["frame"], "a fact's frame: %s" % row)
    wanted = {"T6.card-not-registered", "T13.undeclared-partner", "T9.unfiled-release-commanded"}
    for _ in range(80):  # the rules run within a second or two, one after the other
        status, page = client.call("GET", "/api/v1/gaps")
        rules = {g["gap"] for g in page.get("rows", [])}
        if wanted <= rules:
            break
        time.sleep(0.25)
    check(status == 200, "gaps: %s %s" % (status, page))
    check(wanted <= rules, "gaps: %s" % rules)
    ids["gaps"] = [g["id"] for g in page["rows"]]
    for gap in page["rows"]:
        status, whole = client.call("GET", "/api/v1/gaps/%d" % gap["id"])
        check(status == 200 and whole["rule"]["id"] == gap["gap"] and (whole["evidence_rows"] or whole["columns"]), "a gap: %s %s" % (status, whole))
    for name, path in (("run", "inventory/runs"), ("column", "inventory/columns"), ("duty", "duties")):
        status, page = client.call("GET", "/api/v1/" + path)
        check(status == 200 and page["rows"], "nothing of %s: %s %s" % (path, status, page))
        ids[name] = page["rows"][0]["id"] if page.get("rows") else 1
    status, page = admin.call("GET", "/api/v1/users")
    ids["user"] = next(u["id"] for u in page["rows"] if u["login"] == "officer-a")


def story_replay(people):
    """A request that is sent again with its key is answered as before, and not done again."""
    client = people["officer-a"]
    row = {"code": MARK + "-AGAIN", "name": MARK, "kind": "system"}
    for path, body, who in (("/api/v1/registers/systems", row, client),
                            ("/api/v1/me/tokens", {"name": "again", "scopes": ["read"]}, client),
                            ("/api/v1/users", {"login": "again", "roles": ["viewer"]}, people["admin-a"])):
        key = {"Idempotency-Key": "again " + path}
        status, first = who.call("POST", path, body, headers=key)
        check(status == 201, "POST %s: %s %s" % (path, status, first))
        status, second = who.call("POST", path, body, headers=key)
        check(status == 201 and second == first, "POST %s again: %s %s" % (path, status, second))
        status, _ = who.call("POST", path, dict(body, name="other"), headers=key)
        check(status == 409, "POST %s with another's key: %s" % (path, status))
        status, answer = people["officer-b"].call("POST", path, body, headers=key)
        check(answer != first, "POST %s: another's answer" % path)
    status, page = client.call("GET", "/api/v1/registers/systems?f.code=%s-AGAIN" % MARK)
    check(page["total"] == 1, "a row was added twice: %s" % page["total"])
    status, _ = client.call("POST", "/api/v1/registers/systems", row, headers={"Idempotency-Key": "x" * 300})
    check(status == 400, "a long key: %s" % status)


def story_separation(directory, port, people):
    """Three administrators: what one asks for the other grants, and nobody is all of them."""
    admin = people["admin"]

    def make(login, roles, org=None, status=201, by=admin):
        got, made = by.call("POST", "/api/v1/users", {"login": login, "roles": roles, **({"org": org} if org else {})})
        check(got == status, "making %s %s: %s %s" % (login, roles, got, made))
        return made

    make("both", ["sysadmin", "secadmin"], status=422)
    make("two-hats", ["sysadmin", "officer"], ORG["a"], status=422)
    status, answer = admin.call("POST", "/api/v1/approvals", {"separation": True})
    check(status == 422, "separation without its people: %s %s" % (status, answer))
    trio = {}
    for login in ("sysadmin", "secadmin", "auditadmin"):
        made = make(login + "-1", [login])
        trio[login] = Client(port)
        trio[login].login(login + "-1", made["password"])
        status, _ = trio[login].call("POST", "/api/v1/me/password",
                                     {"old": made["password"], "new": "Password-of-%s-1" % login})
        check(status == 200, "password of " + login)
    system, security, audit = trio["sysadmin"], trio["secadmin"], trio["auditadmin"]
    status, answer = admin.call("POST", "/api/v1/approvals", {"separation": True})
    check(status == 202, "asking for separation: %s %s" % (status, answer))
    mode = "/api/v1/approvals/%d/" % answer.get("approval", 0)
    check(admin.call("POST", "/api/v1/approvals", {"separation": True})[0] == 409, "asked for twice")
    for client, wanted in ((admin, 403), (system, 403), (audit, 403), (people["admin-b"], 404)):
        status, answer = client.call("POST", mode + "approve", {})
        check(status == wanted, "granting separation: %s, wanted %s: %s" % (status, wanted, answer))
    check(security.call("POST", mode + "approve", {"note": "agreed"})[0] == 200, "separation granted")
    check(security.call("POST", mode + "approve", {})[0] == 409, "granted twice")
    check(admin.call("GET", "/api/v1/users")[0] == 403, "an administrator of everything is left")
    check(people["officer-a"].call("GET", "/api/v1/registers/systems")[0] == 200, "work goes on")
    # an account waits for the other one
    asked = make("late", ["viewer"], ORG["a"], 202, system)
    late = "/api/v1/approvals/%d/" % asked["approval"]
    make("late", ["viewer"], ORG["a"], 409, system)
    check(Client(port).login("late", "anything-at-all")[0] == 401, "an account before it was granted")
    check(system.call("POST", late + "approve", {})[0] == 403, "granted by who asked")
    check(audit.call("POST", late + "approve", {})[0] == 403, "granted by the auditor")
    status, answer = security.call("POST", late + "approve", {})
    check(status == 200 and answer.get("password"), "an account granted: %s %s" % (status, answer))
    Client(port).first_login("late", answer["password"], "Password-of-late-1")
    status, page = system.call("GET", "/api/v1/users")
    late_id = next(u["id"] for u in page["rows"] if u["login"] == "late")
    # a role asked for by the security administrator is granted by the system administrator
    status, answer = security.call("PUT", "/api/v1/users/%d" % late_id, {"roles": ["officer"]})
    check(status == 202, "a change of roles: %s %s" % (status, answer))
    roles = "/api/v1/approvals/%d/" % answer["approval"]
    check(security.call("POST", roles + "approve", {})[0] == 403, "roles granted by who asked")
    check(system.call("POST", roles + "reject", {"note": "no"})[0] == 200, "roles rejected")
    status, page = system.call("GET", "/api/v1/users")
    check(next(u["roles"] for u in page["rows"] if u["login"] == "late") == ["viewer"], "rejected, and done")
    check(system.call("PUT", "/api/v1/users/%d" % late_id, {"locked": True})[0] == 200, "a lock waits for nobody")
    check(system.call("PUT", "/api/v1/users/%d" % late_id, {"locked": False})[0] == 202, "an unlock waits")
    asked = json.loads(run(directory, "user", "add", "by-cli", "--roles", "viewer", "--org", ORG["a"], "--json"))
    check(asked.get("approval"), "the command line goes round it: %s" % asked)
    for path, client, wanted in (("/api/v1/registers/systems", system, 403), ("/api/v1/plan", security, 403),
                                 ("/api/v1/audit", audit, 200), ("/api/v1/audit", system, 403)):
        check(client.call("GET", path)[0] == wanted, "GET %s of an administrator" % path)
    # and back
    status, answer = system.call("POST", "/api/v1/approvals", {"separation": False})
    check(status == 202, "asking for its end: %s" % answer)
    check(security.call("POST", "/api/v1/approvals/%d/approve" % answer["approval"], {})[0] == 200, "its end")
    check(admin.call("GET", "/api/v1/users")[0] == 200, "the administrator is back")
    status, page = security.call("GET", "/api/v1/approvals?state=approved")
    check(status == 200 and page["total"] == 3 and not page["separation"], "the list: %s" % page)


def story_digests(directory, port, people):
    """The digest of a capture is told to whom it was read for, whatever others call theirs."""
    capture = directory + "/read.pcap"
    subprocess.run([ZHUJI, "fleet", "--vehicles", "2", "--seconds", "20", "-o", capture], check=True, stderr=subprocess.DEVNULL)
    run(directory, "sense", "-r", capture, "--org", ORG["a"], "-q")
    status, made = people["officer-b"].call("POST", "/api/v1/me/tokens", {"name": "liar", "scopes": ["ingest"]})
    fact = dict(facts_of_a()[6], sensor=capture, ev_source=capture)
    status, answer = Client(port, token=made["token"]).call("POST", "/api/v1/ingest", json.dumps(fact).encode())
    check(status == 200 and answer["facts"] == 1, "a fact under another's name: %s %s" % (status, answer))
    for login, wanted in (("officer-a", [hashlib.sha256(pathlib.Path(capture).read_bytes()).hexdigest()]), ("officer-b", [])):
        status, page = people[login].call("GET", "/api/v1/facts/sensor?f.sensor=" + capture)
        check(status == 200 and page["rows"], "the counters of %s: %s %s" % (login, status, page))
        status, row = people[login].call("GET", "/api/v1/facts/sensor/%d" % page["rows"][0]["id"])
        check([c["sha256"] for c in row["captures"]] == wanted, "the digest as %s is told: %s" % (login, row))


def check_own_sensor(directory, people):
    """The server's own sensor is told to the organisation that it captures for, and to who sees all."""
    capture = pathlib.Path(directory, MARK + ".pcap")
    capture.write_bytes(b"no capture at all, but as long as the head of one")
    server, port = start(directory, "--sense", str(capture), "--org", ORG["a"])
    try:
        told = {}
        for login in ("officer-a", "officer-b", "bureau"):
            client = Client(port)
            check(client.login(login, "Password-of-%s-1" % login)[0] == 200, "login of " + login)
            for _ in range(100):
                told[login] = client.call("GET", "/api/v1/sensors")[1].get("own", {})
                if told[login].get("state") != "runs":
                    break
                time.sleep(0.1)
        check(told["officer-a"].get("state") == "failed" and str(capture) in told["officer-a"]["message"], "one's own sensor: %s" % told)
        check(told["officer-b"] == {}, "another's sensor: %s" % told)
        check(told["bureau"] == {"name": MARK + ".pcap", "state": "failed"}, "the sensor as a bureau is told: %s" % told)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=10)


def main():
    with tempfile.TemporaryDirectory() as directory:
        made = json.loads(run(directory, "init", "--json"))
        orgs = pathlib.Path(directory, "orgs.csv")
        orgs.write_text("code,name,kinds,networks\n%s,%s,vehicle_maker,198.51.100.0/24\n%s,乙,vehicle_maker,192.0.2.0/24\n"
                        "%s,局,bureau,\n" % (ORG["a"], MARK, ORG["b"], ORG["bureau"]))
        run(directory, "import", "organisations", str(orgs))
        web = pathlib.Path(directory, "web")
        web.mkdir()
        (web / "index.html").write_bytes(PAGE)
        (web / "mark.svg").write_text("<svg/>")
        server, port = start(directory, "--web", str(web))
        try:
            admin = Client(port).first_login("admin", made["password"], "First-Password-77")
            people = make_people(admin, port)
            people["admin"] = admin
            data = pathlib.Path(directory, MARK)
            data.mkdir()
            (data / "owners.csv").write_text("".join("%s\n" % line for line in ["phone"] + ["138%08d" % (i * 57885161 % 10**8) for i in range(50)]))
            run(directory, "inventory", "--org", ORG["a"], "--quiet", str(data))
            ids = {"registers": declare(people), "facts": {}, "gaps": []}
            status, page = people["officer-a"].call("GET", "/api/v1/orgs")
            ids["registers"]["organisations"] = page["rows"][0]["id"]
            observe(people, port)
            find_ids(people, ids, admin)
            open_a_case(people, ids)
            status, document = admin.call("GET", "/api/openapi.json")
            check(document["openapi"].startswith("3.1") and len(document["paths"]) > 25, "the document")
            walk_without_login(port, document, ids)
            walk_roles(people, document, ids)
            walk_other_organisation(people, document, ids)
            walk_deeds_of_another(people, document, ids)
            walk_personal(people, document, ids)
            walk_bodies(people, document, ids)
            walk_parameters(people, document, ids)
            walk_queries(people, document, ids)
            walk_languages(port, people)
            story_sheets(people)
            story_events(port, people)
            story_remote_sensor(directory, port, people)
            story_sessions(port, people)
            story_listeners(port, people)
            story_http(port)
            story_many_at_once(port, people)
            story_bureau_registers(people)
            story_briefings(people)
            story_pool(people)
            story_two_editors(people)
            story_places(people, data)
            story_channels(people)
            story_replay(people)
            story_digests(directory, port, people)
            story_tokens(port, people)
            story_feed(port, people)
            story_long_export(port, people)
            story_sorted_register(people)
            story_run_of_files(port, people)
            story_bureau_admin(port, people)
            story_separation(directory, port, people)
            story_audit(people)
            story_lock_out(port, people)
            check_last_use(people)
            check(people["officer-b"].call("POST", "/api/v1/logout")[0] == 200, "logout")
            check(people["officer-b"].call("GET", "/api/v1/me")[0] == 401, "the session after logout")
            listener = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            listener.request("GET", "/api/v1/events", headers={"Cookie": "zj_session=" + people["officer-a"].cookie})
            listener.getresponse().readline()
        finally:
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            try:
                status = server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                status = "killed"
            check(status == 0, "stopping: %s after %.1f s" % (status, time.monotonic() - began))
        log = open(directory + "/log").read()
        check("ERROR: " not in log and "runtime error" not in log, "the sanitizers speak: " + log[-3000:])
        check("request_failed" not in log, "requests failed inside: " + "\n".join(l for l in log.splitlines() if "request_failed" in l)[:2000])
        check_own_sensor(directory, people)
        run(directory, "serve", "--listen", "nonsense", check_status=2)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            run(directory, "serve", "--listen", "127.0.0.1:%d" % taken.getsockname()[1], check_status=3)
        gone = subprocess.run([ZHUJI, "serve", "--db", directory + "/none.db"], capture_output=True)
        check(gone.returncode == 3 and b"init" in gone.stderr, "no store: %s" % gone.stderr)
    print("%d checks, %d failed" % (checks, len(failures)))
    sys.exit(1 if failures else 0)


main()
