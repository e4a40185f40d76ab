# HTTP posts whose bodies hold a mobile number early, late and very late, the last one packed; the numbers are in the ranges
# of GB/T 42442 and of nobody.
import gzip
import struct

NUMBERS = ["13000001234", "13000005678", "13000009012", "13000003456"]


def packet(seq, payload):
    tcp = struct.pack(">HHIIBBHHH", 40000, 80, seq, 1, 0x50, 0x18, 65535, 0, 0) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), seq & 0xFFFF, 0, 64, 6, 0,
                     bytes([10, 1, 0, 30]), bytes([198, 51, 100, PLACE])) + tcp
    return ip


def body(before, number):
    return b'{"pad":"' + b"x" * before + b'","mobile":"' + number.encode() + b'"}'


with open("late.pcap", "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
    for PLACE, before in enumerate([20, 2000, 9000, 7000]):
        text, coding = body(before, NUMBERS[PLACE]), b""
        if PLACE == 3:
            text, coding = gzip.compress(text), b"Content-Encoding: gzip\r\n"
        head = b"POST /x HTTP/1.1\r\nHost: h.example.com\r\n" + coding + b"Content-Length: %d\r\n\r\n" % len(text)
        stream, seq = head + text, 1000
        while stream:
            piece, stream = stream[:1400], stream[1400:]
            ip = packet(seq, piece)
            seq += len(piece)
            out.write(struct.pack("<IIII", 1767225600 + PLACE, seq, len(ip), len(ip)) + ip)
