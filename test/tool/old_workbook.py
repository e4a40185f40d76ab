"""Old workbooks of Excel, written record by record from [MS-XLS] and [MS-CFB]."""
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


def compound(name, stream):
    """One stream in a compound file of sectors of 512 bytes, in the mini stream where it is small."""
    free, end, is_fat = 0xffffffff, 0xfffffffe, 0xfffffffd
    def pad(data):
        return data + bytes(-len(data) % 512)
    def entry(title, kind, start, size):
        raw = title.encode("utf-16le") + b"\0\0"
        return raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) + b"\xff" * 12 + bytes(36) + struct.pack("<IQ", start, size)
    is_mini = len(stream) < 4096
    small = -(-len(stream) // 64)
    parts = [pad(stream)]  # the chain of the stream or of the mini stream begins at sector 0
    sectors = len(parts[0]) // 512
    fat = list(range(1, sectors)) + [end]
    folder_at = len(fat)
    fat.append(end)
    root = entry("Root Entry", 5, 0 if is_mini else end, small * 64 if is_mini else 0)
    parts.append(pad(root + entry(name, 2, 0, len(stream))))
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
