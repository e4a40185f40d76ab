"""An HTTP request whose host and path are GBK, in a capture of two packets: names come out as UTF-8,
although the parsing process can load nothing any more."""
import struct


def tcp(seq, flags, body=b""):
    return struct.pack(">HHIIBBHHH", 40000, 80, seq, 1, 0x50, flags, 65535, 0, 0) + body


def ip(body):
    return struct.pack(">BBHHHBBH4B4B", 0x45, 0, 20 + len(body), 1, 0, 64, 6, 0, 10, 0, 0, 1, 10, 0, 0, 2) + body


request = "GET / HTTP/1.1\r\nHost: 京信.example\r\n\r\n".encode("gbk")
out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
for packet in (ip(tcp(100, 2)), ip(tcp(101, 0x18, request))):
    out += struct.pack("<IIII", 1700000000, 0, len(packet), len(packet)) + packet
open("gbk.pcap", "wb").write(out)
