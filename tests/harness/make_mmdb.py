"""Writes a small MaxMind-format file with networks of the documentation's ranges: make_mmdb.py OUT.mmdb

https://maxmind.github.io/MaxMind-DB/ describes the format: a search tree over the bits of IPv6 addresses (IPv4 below ::/96),
16 zero bytes, the data, a marker, the metadata.
"""
import ipaddress
import sys


def place(country, region=None, name=None):
    record = {"country": {"iso_code": country}}
    if region or name:
        subdivision = {"iso_code": region} if region else {}
        if name:
            subdivision["names"] = {"de": "anders", "en": name}
        record["subdivisions"] = [subdivision, {"iso_code": "ZZ"}]
    return record


NETWORKS = {
    "203.0.113.0/24": place("DE", "BY", "Bavaria"),
    "198.51.100.0/25": place("US", "CA"),
    "198.51.100.128/25": place("US"),
    "192.0.2.0/24": place("FR", name="Île-de-France"),
    "2001:db8:1::/48": place("JP", "13"),
    "100.64.0.0/16": {"country_code": "SE"},
    "100.65.0.0/16": {"country": "NO"},
    "100.66.0.0/16": {"country": {"iso_code": "nowhere"}},
    "100.67.0.0/16": {"country": {"iso_code": 7}, "subdivisions": "none"},
    "100.68.0.0/16": {"continent": {"code": "EU"}},
}


class Uint32(int):
    pass


class Uint64(int):
    pass


NUMBERS = {int: (5, 2), Uint32: (6, 4), Uint64: (9, 8)}  # type → its number in the format, bytes


def control(kind, size):
    extended = b"" if kind < 8 else bytes([kind - 7])
    first = (kind << 5) if kind < 8 else 0
    if size < 29:
        return bytes([first | size]) + extended
    assert size < 29 + 256
    return bytes([first | 29]) + extended + bytes([size - 29])


def encode(value):
    if isinstance(value, str):
        text = value.encode()
        return control(2, len(text)) + text
    if isinstance(value, dict):
        return control(7, len(value)) + b"".join(encode(key) + encode(item) for key, item in value.items())
    if isinstance(value, list):
        return control(11, len(value)) + b"".join(map(encode, value))
    kind, size = NUMBERS[type(value)]
    return control(kind, size) + int(value).to_bytes(size, "big")


def main(path):
    nodes = [[None, None]]
    data = b""
    for text, record in NETWORKS.items():
        network = ipaddress.ip_network(text)
        bits = f"{int(network.network_address):0{network.max_prefixlen}b}"[: network.prefixlen]
        bits = bits if network.version == 6 else "0" * 96 + bits
        at = 0
        for bit in map(int, bits[:-1]):
            if nodes[at][bit] is None:
                nodes.append([None, None])
                nodes[at][bit] = len(nodes) - 1
            at = nodes[at][bit]
        nodes[at][int(bits[-1])] = ("data", len(data))
        data += encode(record)

    def pointer(record):
        if record is None:
            return len(nodes)
        return len(nodes) + 16 + record[1] if isinstance(record, tuple) else record

    tree = b"".join(pointer(record).to_bytes(3, "big") for node in nodes for record in node)
    metadata = {
        "binary_format_major_version": 2, "binary_format_minor_version": 0, "build_epoch": Uint64(1 << 33), "database_type": "Test",
        "description": {"en": "networks of tests"}, "ip_version": 6, "languages": ["en"], "node_count": Uint32(len(nodes)),
        "record_size": 24,
    }
    with open(path, "wb") as file:
        file.write(tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + encode(metadata))


main(sys.argv[1])
