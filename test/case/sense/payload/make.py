"""What leaves in packed bodies and in text of no known protocol: out.pcap. The identity number is the
example of GB 11643-1999."""
import gzip, struct, zlib

clock = 1767225600


def packet(out, proto, src, dst, body):
    global clock
    clock += 1
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0, 64, proto, 0, bytes(src), bytes(dst))
    frame = bytes(12) + b"\x08\0" + ip + body
    out.write(struct.pack("<IIII", clock, 0, len(frame), len(frame)) + frame)


def tcp(out, src, sport, dst, dport, data, piece):
    def segment(seq, flags, part):
        packet(out, 6, src, dst, struct.pack("!HHIIBBHHH", sport, dport, seq, 0, 0x50, flags, 65535, 0, 0) + part)

    segment(100, 2, b"")
    for at in range(0, len(data), piece):
        segment(101 + at, 16, data[at : at + piece])
    segment(101 + len(data), 17, b"")


def post(body, head):
    return b"POST /up HTTP/1.1\r\nHost: h\r\n" + head + b"\r\n" + body


def length(body, coding):
    return post(body, b"Content-Encoding: %s\r\nContent-Length: %d\r\n" % (coding, len(body)))


def chunks(body, size):
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


car, record = (10, 1, 0, 5), '{"owner":"张伟","id":"11010519491231002X","phone":"13812345678"}\n'.encode()
bare = zlib.compressobj(wbits=-15)
bare = bare.compress(record * 30) + bare.flush()
with open("out.pcap", "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    tcp(out, car, 40001, (8, 8, 1, 1), 80, length(gzip.compress(record * 50, mtime=0), b"gzip"), 60)
    tcp(out, car, 40002, (8, 8, 1, 2), 80, post(chunks(gzip.compress(record * 40, mtime=0), 50),
        b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), 70)
    tcp(out, car, 40003, (8, 8, 1, 3), 80, length(bare, b"deflate"), 1400)
    tcp(out, car, 40004, (8, 8, 1, 4), 80, length(record * 20, b"br"), 1400)
    tcp(out, car, 40005, (8, 8, 1, 5), 9000, record * 40, 333)
    tcp(out, car, 40006, (8, 8, 1, 6), 9000, "车主张伟 13812345678，身份证 11010519491231002X\n".encode("gb18030") * 10, 97)
    for n in range(7):
        line = b"<134>Jan  5 10:00:00 tbox app: owner phone 13812345678"
        packet(out, 17, car, (8, 8, 1, 7), struct.pack("!HHHH", 40007, 514, 8 + len(line), 0) + line)
    tcp(out, car, 40008, (8, 8, 1, 8), 9000, bytes((n * 167 + 3) % 256 for n in range(3000)), 1000)
