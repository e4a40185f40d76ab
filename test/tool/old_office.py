"""Old files of Office, written record by record from [MS-XLS], [MS-DOC], [MS-PPT] and [MS-CFB]."""
import struct


def record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def bof(kind, version=0x600):
    return record(0x809, struct.pack("<HHHHII", version, kind, 0, 0, 0, 0))


def text(value, count="<H"):
    """Compressed where all characters fit into a byte, else UTF-16."""
    if max(map(ord, value), default=0) < 256:
        return struct.pack(count, len(value)) + b"\0" + value.encode("latin-1")
    return struct.pack(count, len(value.encode("utf-16le")) // 2) + b"\1" + value.encode("utf-16le")


def shared(strings, limit):
    """The table of strings; a record holds at most `limit` bytes, and characters go on in the next behind
    a byte that says how wide they are."""
    out, body = [], struct.pack("<II", len(strings), len(strings))
    for s in strings:
        head, chars = text(s)[:3], text(s)[3:]
        if len(body) + 3 > limit:
            out.append(body)
            body = b""
        body += head
        width = 2 if head[2] else 1
        while chars:
            room = (limit - len(body)) // width * width
            if room <= 0:
                out.append(body)
                body = head[2:3]
                continue
            body, chars = body + chars[:room], chars[room:]
    out.append(body)
    return record(0xfc, out[0]) + b"".join(record(0x3c, part) for part in out[1:])


def book(sheets, limit=8224):
    """sheets: [(name, rows)]; a cell is a text, a number, or ("rk", n), ("formula", text), ("label", text)."""
    strings = sorted({v for _, rows in sheets for row in rows for v in row if isinstance(v, str) and v})
    bodies = []
    for _, rows in sheets:
        body = bof(0x10)
        for r, row in enumerate(rows):
            for c, v in enumerate(row):
                at = struct.pack("<HHH", r, c, 15)
                if isinstance(v, str) and v:
                    body += record(0xfd, at + struct.pack("<I", strings.index(v)))
                elif isinstance(v, (int, float)):
                    body += record(0x203, at + struct.pack("<d", v))
                elif isinstance(v, tuple) and v[0] == "rk":
                    body += record(0x27e, at + struct.pack("<I", (v[1] << 2 | 2) & 0xffffffff))
                elif isinstance(v, tuple) and v[0] == "formula":
                    body += record(6, at + b"\0\0\0\0\0\0\xff\xff" + bytes(8)) + record(0x207, text(v[1]))
                elif isinstance(v, tuple) and v[0] == "label":
                    body += record(0x204, at + text(v[1]))
        bodies.append(body + record(0xa))
    def globals_of(places):
        names = [record(0x85, struct.pack("<IBB", place, 0, 0) + text(name, "<B")) for place, (name, _) in zip(places, sheets)]
        return bof(5) + b"".join(names) + shared(strings, limit) + record(0xa)
    at, places = len(globals_of([0] * len(sheets))), []
    for body in bodies:
        places.append(at)
        at += len(body)
    return globals_of(places) + b"".join(bodies)


def old_book(name, rows):
    """BIFF5: texts in the code page of the system."""
    body = bof(0x10, 0x500)
    for r, row in enumerate(rows):
        for c, v in enumerate(row):
            data = v.encode("gbk")
            body += record(0x204, struct.pack("<HHHH", r, c, 15, len(data)) + data)
    name = name.encode("gbk")
    def globals_of(place):
        return bof(5, 0x500) + record(0x85, struct.pack("<IBBB", place, 0, 0, len(name)) + name) + record(0xa)
    return globals_of(len(globals_of(0))) + body + record(0xa)


def document(text, narrow):
    """The two streams of a Word document: two pieces, the second of one byte a character ([MS-DOC] 2.5.1)."""
    wide = text.encode("utf-16le")
    at, narrow_at = 0x800, 0x800 + len(wide)
    chars = len(wide) // 2
    table = struct.pack("<BHH", 1, 2, 0)  # properties, passed over
    table += struct.pack("<BI", 2, 12 + 16) + struct.pack("<III", 0, chars, chars + len(narrow))
    table += struct.pack("<HIH", 0, at, 0) + struct.pack("<HIH", 0, 0x40000000 | narrow_at * 2, 0)
    head = bytearray(at)
    head[0:12] = struct.pack("<HHHHHH", 0xa5ec, 0xc1, 0, 0x804, 0, 0x0200)
    head[0x18:0x20] = struct.pack("<II", at, narrow_at + len(narrow))
    head[0x4c:0x50] = struct.pack("<I", chars + len(narrow))
    head[0x20:0x22], head[0x3e:0x40], head[0x98:0x9a] = b"\x0e\0", b"\x16\0", b"\x5d\0"
    head[0x1a2:0x1aa] = struct.pack("<II", 0, len(table))
    return ("WordDocument", (bytes(head) + wide + narrow.encode()).ljust(8192, b"\0")), ("1Table", table.ljust(4096, b"\0"))


def slides(*texts):
    """Atoms of text in a container ([MS-PPT] 2.9)."""
    atoms = b""
    for t in texts:
        narrow = max(map(ord, t)) < 256
        data = t.encode("latin-1") if narrow else t.encode("utf-16le")
        atoms += struct.pack("<HHI", 0, 0xfa8 if narrow else 0xfa0, len(data)) + data
    return "PowerPoint Document", (struct.pack("<HHI", 0x0f, 0x03e8, len(atoms)) + atoms).ljust(4096, b"\0")


def compound(name, stream, *more):
    """A compound file of sectors of 512 bytes; the first stream lies in the mini stream where it is small,
    the others, each of a name and its bytes, are large."""
    free, end, is_fat = 0xffffffff, 0xfffffffe, 0xfffffffd
    def pad(data):
        return data + bytes(-len(data) % 512)
    def entry(title, kind, start, size, right=free, child=free):
        raw = title.encode("utf-16le") + b"\0\0"
        return raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, free, right, child) + bytes(36) + struct.pack("<IQ", start, size)
    is_mini = len(stream) < 4096
    small = -(-len(stream) // 64)
    parts = [pad(stream)]  # the chain of the stream or of the mini stream begins at sector 0
    sectors = len(parts[0]) // 512
    fat = list(range(1, sectors)) + [end]
    entries, number = b"", 1
    for title, data in more:
        number += 1
        entries += entry(title, 2, len(fat), len(data), free if number > len(more) else number + 1)
        parts.append(pad(data))
        fat += list(range(len(fat) + 1, len(fat) + len(parts[-1]) // 512)) + [end]
    folder_at = len(fat)
    fat.append(end)
    root = entry("Root Entry", 5, 0 if is_mini else end, small * 64 if is_mini else 0, free, 1)
    parts.append(pad(root + entry(name, 2, 0, len(stream), 2 if more else free) + entries))
    mini_fat_at = end
    if is_mini:
        mini_fat_at = len(fat)
        fat.append(end)
        chain = [i + 1 for i in range(small - 1)] + [end]
        parts.append((struct.pack("<%dI" % small, *chain) + b"\xff" * 512)[:512])
    tables = 1
    while tables * 128 < len(fat) + tables:
        tables += 1
    fat_at = len(fat)
    fat += [is_fat] * tables
    fat += [free] * (tables * 128 - len(fat))
    parts.append(struct.pack("<%dI" % len(fat), *fat))
    difat = [fat_at + i for i in range(tables)] + [free] * (109 - tables)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3e, 3, 0xfffe, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, folder_at, 0, 4096, mini_fat_at, 1 if is_mini else 0, end, 0)
    return header + struct.pack("<109I", *difat) + b"".join(parts)
