"""Check digits by the standards' own rules, and that nobody can hold these identities."""
import csv

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def rows(name):
    return list(csv.DictReader(open(f"reg/{name}.csv", encoding="utf-8")))


def vin(s):  # GB 16735-2019
    value = {c: i for i, c in enumerate("0123456789")}
    for letters in ("ABCDEFGH", "JKLMN", "P", "R"):
        start = {"A": 1, "J": 1, "P": 7, "R": 9}[letters[0]]
        value.update({c: start + i for i, c in enumerate(letters)})
    value.update({c: 2 + i for i, c in enumerate("STUVWXYZ")})
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    return len(s) == 17 and "0123456789X"[sum(value[c] * w for c, w in zip(s, weights)) % 11] == s[8]


def luhn(s):  # ISO/IEC 7812-1
    digits = [int(c) for c in reversed(s)]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0


def resident(s):  # GB 11643-1999
    weights = [2 ** (17 - i) % 11 for i in range(17)]
    return "10X98765432"[sum(int(c) * w for c, w in zip(s, weights)) % 11] == s[17]


def uscc(s):  # GB 32100-2015
    total = sum(ALPHABET.index(c) * (3**i % 31) for i, c in enumerate(s[:17]))
    return ALPHABET[(31 - total % 31) % 31] == s[17]


cards, vehicles = rows("cards"), rows("vehicles")
owners = [c for c in cards if c["owner_id_number"]]
print("vehicles", all(vin(v["vin"]) for v in vehicles), len({v["vin"] for v in vehicles}) == len(vehicles))
print("cards", all(luhn(c["iccid"]) and len(c["iccid"]) == 20 for c in cards), len(cards) > 500)
print("owners", all(resident(c["owner_id_number"]) for c in owners))
print("born before 1920", all(c["owner_id_number"][6:8] == "19" and c["owner_id_number"][8] in "01" for c in owners))
print("telephones in an unused block", all(c["owner_phone"][3:7] == "0000" for c in owners))
print("organisations", all(uscc(o["code"]) for o in rows("organisations")))
