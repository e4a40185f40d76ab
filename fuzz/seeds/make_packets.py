#!/usr/bin/env python3
"""Makes the seeds of fuzz_pcap and fuzz_packet: small, by hand, every header kind once."""
import pathlib, struct

here = pathlib.Path(__file__).resolve().parent


def frame(cmd, answer, body=b""):
    f = bytes([cmd, answer]) + b"LZJTESTA000000017" + b"\x01" + struct.pack(">H", len(body)) + body
    x = 0
    for b in f:
        x ^= b
    return b"##" + f + bytes([x])


def tcp(a, b, seq, flags, body=b"", options=b""):
    return struct.pack(">HHIIBBHHH", a, b, seq & 0xFFFFFFFF, 1, (20 + len(options)) // 4 << 4, flags, 65535, 0, 0) + options + body


def udp(a, b, body):
    return struct.pack(">HHHH", a, b, 8 + len(body), 0) + body


def ip4(proto, body, a=1, b=2, frag=0, ident=7):
    return struct.pack(">BBHHHBBH4B4B", 0x45, 0, 20 + len(body), ident, frag, 64, proto, 0, 10, 0, 0, a, 10, 0, 0, b) + body


def ip6(nxt, body):
    return struct.pack(">IHBB", 0x60000000, len(body), nxt, 64) + bytes(15) + b"\x01" + bytes(15) + b"\x02" + body


def eth(kind, body):
    return bytes(12) + struct.pack(">H", kind) + body


syn = ip4(6, tcp(40000, 32960, 100, 2))
login = frame(1, 0xFE, bytes([24, 1, 1, 8, 0, 0, 0, 1]) + b"89860000000000000019" + b"\x01\x00")
data = [ip4(6, tcp(40000, 32960, 101, 0x18, login)), ip4(6, tcp(32960, 40000, 900, 0x18, frame(1, 1), b""), 2, 1)]
beat = frame(7, 0xFE)
late = [ip4(6, tcp(40000, 32960, 101 + len(login) + 10, 0x18, beat[10:])), ip4(6, tcp(40000, 32960, 101 + len(login), 0x18, beat[:15]))]
end = [ip4(6, tcp(40000, 32960, 101 + len(login) + len(beat), 0x11)), ip4(6, tcp(32960, 40000, 925, 0x14), 2, 1)]
flow = [syn] + data + late + end
dns = udp(5353, 53, struct.pack(">HHHHHH", 1, 0x100, 1, 0, 0, 0) + b"\x03ota\x07example\x00\x00\x01\x00\x01")
whole = udp(9, 9, b"x" * 40)
frags4 = [ip4(17, whole[:24], frag=0x2000), ip4(17, whole[24:], frag=3)]
frags6 = [ip6(44, struct.pack(">BBHI", 17, 0, 1, 9) + whole[:24]), ip6(44, struct.pack(">BBHI", 17, 0, 24, 9) + whole[24:])]
inner = eth(0x0800, syn)
raws = {
    "flow": (1, flow),
    "fragments": (1, frags4 + frags6),
    "extensions": (1, [ip6(0, bytes([60, 0, 1, 4, 0, 0, 0, 0, 6, 0, 1, 4, 0, 0, 0, 0]) + tcp(1, 2, 3, 2))]),
    "gre": (1, [ip4(47, b"\x00\x00\x08\x00" + syn), ip4(47, b"\xb0\x00\x65\x58" + bytes(12) + inner), ip4(4, syn), ip4(41, ip6(17, dns))]),
    "dns": (1, [ip4(17, dns)]),
    "ether": (0, [eth(0x0800, syn), eth(0x8100, b"\x00\x05" + struct.pack(">H", 0x0800) + syn), eth(0x88A8, b"\x00\x05\x81\x00\x00\x06\x86\xdd" + ip6(17, dns)), eth(0x8847, b"\x00\x01\x01\x40" + syn), eth(0x8864, b"\x11\x00\x00\x01" + struct.pack(">HH", len(syn) + 2, 0x21) + syn), eth(0x0800, ip4(17, udp(1000, 4789, b"\x08\x00\x00\x00\x00\x00\x05\x00" + inner))), eth(0x0806, bytes(28))]),
    "sll": (2, [struct.pack(">HHHQH", 0, 1, 6, 0, 0x0800) + syn]),
    "sll2": (3, [struct.pack(">HHIHBBQ", 0x0800, 0, 1, 1, 0, 6, 0) + syn]),
    "null": (4, [struct.pack("<I", 2) + syn]),
    "ppp": (5, [b"\xff\x03\x00\x21" + syn]),
}
(here / "packet").mkdir(exist_ok=True)
for name, (link, packets) in raws.items():
    text = bytes([link])
    for p in packets:
        text += bytes([1 if name == "none" else 2]) + struct.pack(">H", len(p)) + p
    (here / "packet" / name).write_bytes(text)


def pcap(packets, link=101, order="<", magic=0xA1B2C3D4):
    text = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link)
    for n, p in enumerate(packets):
        text += struct.pack(order + "IIII", 1700000000 + n, 5, len(p), len(p)) + p
    return text


def block(kind, body, order="<"):
    body += bytes(-len(body) % 4)
    return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)


def pcapng(packets, order="<"):
    text = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)
    text += block(1, struct.pack(order + "HHI", 101, 0, 0) + struct.pack(order + "HHB3xHHqHH", 9, 1, 9, 14, 8, 5, 0, 0), order)
    text += block(0xBAD, b"not known", order)
    for n, p in enumerate(packets):
        at = (1700000000 + n) * 10**9
        text += block(6, struct.pack(order + "IIIII", 0, at >> 32, at & 0xFFFFFFFF, len(p), len(p)) + p, order)
    text += block(3, struct.pack(order + "I", len(syn)) + syn, order)
    text += block(2, struct.pack(order + "HHIIII", 0, 0, 1, 2, len(syn), len(syn)) + syn, order)
    return text


(here / "pcap").mkdir(exist_ok=True)
for name, text in {
    "micro": pcap(flow),
    "nano-big": pcap(flow[:2], order=">", magic=0xA1B23C4D),
    "cut": pcap(flow)[:-7],
    "ether": pcap(raws["ether"][1], link=1),
    "ng": pcapng(flow),
    "ng-big": pcapng(flow[:2], ">"),
}.items():
    (here / "pcap" / name).write_bytes(text)
