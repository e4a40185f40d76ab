# Captures of one JT/T 808-2013 terminal whose card is named after its first position, or in another
# capture. Frames by the standard: mark, id, length, number in BCD, serial, body, XOR, mark.
import struct


def frame(command, serial, body):
    head = struct.pack(">HH", command, len(body)) + bytes.fromhex("013800138009") + struct.pack(">H", serial)
    check = 0
    for byte in head + body:
        check ^= byte
    plain = head + body + bytes([check])
    return b"\x7e" + plain.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02") + b"\x7e"


def location(second):
    return struct.pack(">IIIIHHH", 0, 2, 39916527, 116397128, 50, 300, 0) + bytes.fromhex("2601010800%02d" % second)


def attributes():
    return (struct.pack(">H", 0) + b"MAKER" + b"MODEL".ljust(20, b"\0") + b"ID00001"
            + bytes.fromhex("89860000000000000019") + b"\x02H1" + b"\x04FW-7" + b"\x01\x01")


def capture(name, port, start, frames):
    with open(name, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        seq = 1000
        for i, payload in enumerate(frames):
            tcp = struct.pack(">HHIIBBHHH", port, 7611, seq, 1, 0x50, 0x18, 65535, 0, 0) + payload
            seq += len(payload)
            ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), i, 0, 64, 6, 0,
                             bytes([10, 2, 0, 9]), bytes([198, 51, 100, 20])) + tcp
            out.write(struct.pack("<IIII", start + i, 0, len(ip), len(ip)) + ip)


capture("both.pcap", 40001, 1767225600, [frame(0x0200, 1, location(1)), frame(0x0200, 2, location(2)),
                                         frame(0x0107, 3, attributes()), frame(0x0200, 4, location(4))])
capture("first.pcap", 40002, 1767225700, [frame(0x0200, 1, location(11)), frame(0x0200, 2, location(12))])
capture("later.pcap", 40003, 1767225800, [frame(0x0107, 1, attributes()), frame(0x0200, 2, location(21))])
