# Cuts fleet.pcap at a packet: part.pcap and rest.pcap, and middle.pcap from a quarter to three.
with open("fleet.pcap", "rb") as f:
    data = f.read()
starts, at = [], 24
while at < len(data):
    starts.append(at)
    at += 16 + int.from_bytes(data[at + 8:at + 12], "little")
starts.append(len(data))


def time(i):
    return int.from_bytes(data[starts[i]:starts[i] + 4], "little") * 1000000 + int.from_bytes(data[starts[i] + 4:starts[i] + 8], "little")


def cut(near):  # the longest silence around: no request waits for its answer
    def silence(i):
        return time(i) - time(i - 1)

    return max(range(near - 400, near + 400), key=silence)


def write(name, first, last):
    with open(name, "wb") as f:
        f.write(data[:24] + data[starts[first]:starts[last]])


count = len(starts) - 1
half, quarter, three = cut(count // 2), cut(count // 4), cut(3 * count // 4)
write("part.pcap", 0, half)
write("rest.pcap", half, count)
write("middle.pcap", quarter, three)
