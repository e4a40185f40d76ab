#!/usr/bin/env python3
"""Made-up owners and trips in the kinds of files that an inventory meets. The numbers are drawn from
a seed and carry right check digits (GB 11643, ISO 3779); no person or vehicle stands behind them.
usage: inventory_files.py FOLDER KIND..."""
import bz2, csv, gzip, io, json, lzma, os, random, sqlite3, sys, tarfile, zipfile
from xml.sax.saxutils import escape

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9)))
VIN_VALUES.update({str(d): d for d in range(10)})


class Made:
    def __init__(self, seed=1):
        self.random = random.Random(seed)

    def resident_id(self):
        r = self.random
        body = "110105%04d%02d%02d%03d" % (r.randint(1950, 2005), r.randint(1, 12), r.randint(1, 28), r.randint(1, 999))
        return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, ID_WEIGHTS)) % 11]

    def vin(self):
        r = self.random
        v = "LSV" + "".join(r.choice("ABCDEFGHJKLMNPRSTUVWXYZ123456789") for _ in range(5)) + "0M" + r.choice("ABC") + "%06d" % r.randint(0, 999999)
        rest = sum(VIN_VALUES[c] * w for c, w in zip(v, VIN_WEIGHTS)) % 11
        return v[:8] + ("X" if rest == 10 else str(rest)) + v[9:]

    def mobile(self):
        return "13%d%08d" % (self.random.choice((6, 7, 8, 9)), self.random.randint(0, 99999999))

    def plate(self):
        return "京A%05d" % self.random.randint(10000, 99999)


OWNER_COLUMNS = ("id", "owner_phone", "id_card", "vin", "plate", "remark", "created_at")


def owners(count, seed=1):
    m = Made(seed)
    for i in range(count):
        yield (str(i + 1), m.mobile(), m.resident_id(), m.vin(), m.plate(), "回访 电话 %s，无异议" % m.mobile() if i % 2 else "", "2024-01-%02d" % (i % 28 + 1))


def owners_csv(count, seed=1, delimiter=","):
    out = io.StringIO()
    w = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    w.writerow(OWNER_COLUMNS)
    w.writerows(owners(count, seed))
    return out.getvalue()


def trips_jsonl(count, seed=2):
    m = Made(seed)
    return "".join(json.dumps({"vin": m.vin(), "gps": {"lat": round(39.9 + i * 1e-5, 5), "lng": round(116.3 + i * 1e-5, 5)}, "driver": {"phone": m.mobile()}}) + "\n" for i in range(count))


def quoted(value):
    return "'" + value.replace("'", "\'\'") + "'"


def mysql_dump(count):
    rows = ",".join("(%s)" % ",".join(quoted(v) if v else "NULL" for v in row) for row in owners(count, 5))
    return """-- MySQL dump 10.13  Distrib 8.0
/*!40101 SET NAMES utf8 */;
DROP TABLE IF EXISTS `crm`.`owners`;
CREATE TABLE `crm`.`owners` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `a` varchar(20) DEFAULT NULL COMMENT '车主手机号',
  `b` char(18) COMMENT '身份证号码',
  `c` char(17),
  `d` varchar(10),
  `e` varchar(200) DEFAULT 'x;y',
  `f` date,
  PRIMARY KEY (`id`), KEY `k` (`a`)
) ENGINE=InnoDB;
INSERT INTO `crm`.`owners` VALUES %s;
""" % rows


def pg_dump(count):
    rows = "".join("\t".join(v if v else "\\N" for v in row) + "\n" for row in owners(count, 6))
    return """--
-- PostgreSQL database dump
--
CREATE TABLE public.owners (
    id bigint NOT NULL,
    owner_phone character varying(20),
    id_card character(18)
);
COPY public.owners (%s) FROM stdin;
%s\\.

CREATE TABLE public.empty (x integer);
INSERT INTO public.empty (x) VALUES (1), (2);
""" % (", ".join(OWNER_COLUMNS), rows)


def xlsx(count):
    strings, number = [], {}

    def shared(text):
        if text not in number:
            number[text] = len(strings)
            strings.append(text)
        return number[text]

    rows = [OWNER_COLUMNS] + list(owners(count, 7))
    body = "".join("<row r='%d'>%s</row>" % (n + 1, "".join("<c r='%s%d' t='s'><v>%d</v></c>" % (chr(65 + i), n + 1, shared(v)) for i, v in enumerate(row) if v)) for n, row in enumerate(rows))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("xl/workbook.xml", "<workbook xmlns='%s' xmlns:r='%s'><sheets><sheet name='车主' sheetId='1' r:id='rId3'/></sheets></workbook>" % (space, rel))
        z.writestr("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='rId3' Target='worksheets/sheet9.xml'/></Relationships>")
        z.writestr("xl/sharedStrings.xml", "<sst xmlns='%s'>%s</sst>" % (space, "".join("<si><r><t>%s</t></r></si>" % escape(s) for s in strings)))
        z.writestr("xl/worksheets/sheet9.xml", "<worksheet xmlns='%s'><sheetData>%s</sheetData></worksheet>" % (space, body))
    return out.getvalue()


def docx(m):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("word/document.xml", "<w:document xmlns:w='x'><w:body>%s</w:body></w:document>" % "".join("<w:p><w:r><w:t>车主身份证 </w:t></w:r><w:r><w:t>%s</w:t></w:r></w:p>" % m.resident_id() for _ in range(40)))
    return out.getvalue()


def pdf(lines):
    text = "BT /F1 10 Tf 14 TL 50 780 Td " + " ".join("(%s) Tj T*" % line for line in lines) + " ET"
    parts = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>",
             "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
             "<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
             "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
             "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"]
    out, places = "%PDF-1.4\n", []
    for n, part in enumerate(parts):
        places.append(len(out))
        out += "%d 0 obj\n%s\nendobj\n" % (n + 1, part)
    start = len(out)
    out += "xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + "".join("%010d 00000 n \n" % at for at in places)
    return out + "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)


def sqlite(path, count, is_wal=False):
    if os.path.exists(path):
        os.remove(path)
    db = sqlite3.connect(path)
    if is_wal:
        db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE owners (id INTEGER PRIMARY KEY, owner_phone INTEGER, id_card TEXT, vin TEXT, plate TEXT, remark TEXT, created_at TEXT)")
    db.executemany("INSERT INTO owners VALUES (?,?,?,?,?,?,?)", owners(count, 8))
    db.execute("CREATE VIEW v AS SELECT * FROM owners")
    db.commit()
    if is_wal:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write(path, data):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def make(folder, kind):
    at = lambda name: os.path.join(folder, name)
    m = Made(3)
    if kind == "csv":
        write(at("owners.csv"), owners_csv(500))
    elif kind == "tsv":
        write(at("owners.tsv"), owners_csv(200, delimiter="\t"))
    elif kind == "gbk":
        write(at("owners-gbk.csv"), owners_csv(200).encode("gb18030"))
    elif kind == "utf16":
        write(at("owners-utf16.csv"), owners_csv(200).encode("utf-16"))
    elif kind == "jsonl":
        write(at("trips.jsonl"), trips_jsonl(300))
    elif kind == "json":
        write(at("cars.json"), json.dumps({"cars": [{"vin": m.vin(), "tags": [1, {"idcard": m.resident_id()}]} for _ in range(100)]}))
    elif kind == "log":
        write(at("app.log"), "".join("2024-01-01T00:00:00 INFO login phone=%s vin=%s\n" % (m.mobile(), m.vin()) for _ in range(400)))
    elif kind == "clean":
        write(at("clean.csv"), "seq,status,speed,at\n" + "".join("%d,%s,%d.%d,17000000%05d\n" % (100000 + i, "ok" if i % 3 else "busy", i % 120, i % 10, i) for i in range(1000)))
    elif kind == "sql":
        write(at("my.sql"), mysql_dump(300))
        write(at("pg.sql"), pg_dump(250))
    elif kind == "office":
        write(at("owners.xlsx"), xlsx(150))
        write(at("letter.docx"), docx(m))
    elif kind == "pdf":
        write(at("list.pdf"), pdf(["id %s vin %s" % (m.resident_id(), m.vin()) for _ in range(20)]))
    elif kind == "sqlite":
        os.makedirs(folder, exist_ok=True)
        sqlite(at("crm.db"), 220)
        sqlite(at("wal.db"), 120, True)
    elif kind == "xml":
        write(at("cars.xml"), "<?xml version='1.0' encoding='GB18030'?><!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]><cars>%s</cars>" % "".join("<car vin='%s'><owner><phone>%s</phone></owner><note>甲</note></car>" % (m.vin(), m.mobile()) for _ in range(60)))
        write(at("gbk.xml"), ("<?xml version='1.0' encoding='GB18030'?><车辆>%s</车辆>" % "".join("<车><车架号>%s</车架号></车>" % m.vin() for _ in range(60))).encode("gb18030"))
    elif kind == "packed":
        data = owners_csv(100, 9).encode()
        write(at("owners.csv.gz"), gzip.compress(data, mtime=0))
        write(at("owners.csv.bz2"), bz2.compress(data))
        write(at("owners.csv.xz"), lzma.compress(data))
        inner = tar([("day1/owners.csv", data), ("day1/trips.jsonl.gz", gzip.compress(trips_jsonl(50).encode(), mtime=0))])
        write(at("nested.zip"), zipped([("all.tar.gz", gzip.compress(inner, mtime=0)), ("note.txt", b"nothing here\n")]))
    elif kind == "bombs":
        zeros = gzip.compress(bytes(1 << 20), mtime=0)
        write(at("ratio.csv.gz"), gzip.compress(b"a,b,c\n" * (1 << 25), mtime=0))
        deep = owners_csv(10).encode()
        for _ in range(7):
            deep = zipped([("in.zip", deep)])
        write(at("deep.zip"), deep)
        write(at("cut.csv.gz"), gzip.compress(owners_csv(100).encode(), mtime=0)[:2000])
        write(at("broken.xlsx"), xlsx(20)[:-40])
        write(at("broken.db"), b"SQLite format 3\0" + bytes(range(84)) + b"x" * 4000)
        write(at("deep.json"), "[" * 500 + "]" * 500)
        write(at("quote.csv"), "a,b,c\n1,2,3\n" + '"' + "x,y\n" * 10)
        write(at("many.xml"), "<?xml version='1.0'?>" + "<a>" * 3000 + "</a>" * 2999)
        write(at("zeros.bin"), zeros)
    elif kind == "media":
        write(at("cabin/dms.jpg"), b"\xff\xd8\xff\xe0" + bytes(100))
        write(at("front/road.mp4"), b"\0\0\0\x18ftypisom" + bytes(100))
        write(at("mic.wav"), b"RIFF\0\0\0\0WAVEfmt " + bytes(100))
        write(at("hd.las"), b"LASF" + bytes(100))
        write(at("blob.bin"), bytes(range(256)) + ("car %s end" % m.vin()).encode() + bytes(300))
    else:
        sys.exit("unknown kind: " + kind)


if __name__ == "__main__":
    for each in sys.argv[2:]:
        make(sys.argv[1], each)
