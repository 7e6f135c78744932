"""Reads .bonsai files from docs/format.md alone and prints every value bit for bit.

One line per weight: path, role, kind, coding, shape, then each element in hexadecimal: the bits of
its 32-bit float, or the bytes of an exact element as a number.

With --graphs as the first argument, one line of JSON per file: inputs, weights, constants, nodes
and outputs of its graph. Floats of attributes are the bits that they have.
"""

import json
import os
import re
import struct
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../docs/format.md")

MAGIC = bytes([0xB0, 0x6E, 0x73, 0x69])
WIDTHS = [8, 2, 2, 1, 1, 2, 2, 4, 4, 8, 8, 1]
TYPES = ("float64 float16 bfloat16 int8 uint8 int16 uint16 int32 uint32 int64 uint64 boolean"
         " float32").split()
FRACTION = {"float32": 23, "float16": 10, "bfloat16": 7}
BITS = {"float32": 32, "float16": 16, "bfloat16": 16}


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Source:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise ValueError("the file ends too early")
        self.at += count
        return self.data[self.at - count:self.at]

    def u8(self):
        return self.take(1)[0]

    def varint(self):
        value = 0
        for shift in range(0, 35, 7):
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise ValueError("a number of more than 5 bytes")

    def zigzag(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def number(self, length):
        return int.from_bytes(self.take(length), "little")

    def done(self):
        return self.at == len(self.data)


class Bits:
    def __init__(self, source):
        self.source, self.pending, self.filled = source, 0, 0

    def read(self, width):
        while self.filled < width:
            self.pending |= self.source.u8() << self.filled
            self.filled += 8
        value = self.pending & ((1 << width) - 1)
        self.pending >>= width
        self.filled -= width
        return value


def packed_integers(source, count, absent=None):
    if count == 0:
        return []
    width = source.u8()
    if width == 32:
        return [struct.unpack("<i", source.take(4))[0] for _ in range(count)]
    low = source.zigzag()
    bits = Bits(source)
    values = [low + bits.read(width) for _ in range(count)]
    if absent is not None and absent >= low:
        values = [value + 1 if value >= absent else value for value in values]
    return values


def widened(bits, form):
    """Returns the bits of the 32-bit float."""
    if form == "float32":
        return bits
    if form == "bfloat16":
        return bits << 16
    value = struct.unpack("<e", struct.pack("<H", bits))[0]
    return struct.unpack("<I", struct.pack("<f", value))[0]


def packed_floats(source, count, form):
    width = BITS[form]
    if count < 8:
        return [widened(source.number(width // 8), form) for _ in range(count)]
    dropped, signed = 0, True
    if source.data[source.at] >= 128:
        layout = source.u8()
        dropped, signed = layout & 63, layout & 64 == 0
    symbol_bits = width - dropped - (0 if signed else 1)
    floats = []
    for packed in packed_integers(source, count):
        symbol = (packed & 0xFFFFFFFF) ^ 0x80000000 if symbol_bits == 32 else packed
        magnitude = (symbol >> 1 if signed else symbol) << dropped
        sign = symbol & 1 if signed else 0
        floats.append(widened(magnitude | sign << (width - 1), form))
    return floats


def positions(source, coding, size):
    if coding == 1:
        bitmap = source.take((size + 7) // 8)
        return [i for i in range(size) if bitmap[i >> 3] >> (i & 7) & 1]
    count = source.varint()
    if count == 0:
        return []
    k, found, after = source.u8(), [], 0
    bits = Bits(source)
    for _ in range(count):
        quotient = 0
        while bits.read(1):
            quotient += 1
        after += (quotient << k) + bits.read(k)
        found.append(after)
        after += 1
    return found


def as_float(bits):
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def float_bits(value):
    return struct.unpack("<I", struct.pack("<f", value))[0]


class WeightReader:
    """Reads weights without their paths."""

    def __init__(self, source):
        self.source = source

    def value(self):
        source = self.source
        tag = source.u8()
        role, kind, coding = tag & 3, tag >> 2 & 3 | tag >> 7 << 2, tag >> 4 & 7
        shape = [source.varint() for _ in range(source.varint())]
        size = 1
        for dimension in shape:
            size *= dimension
        values = self.values(kind, coding, size)
        return role, kind, coding, shape, values

    def values(self, kind, coding, size):
        source = self.source
        if kind == 1:
            return self.grid(coding, size)
        if kind == 2:
            entries = packed_floats(source, source.varint(), "float32")
            zero = next((i for i, bits in enumerate(entries) if bits == 0), None)
            stored = self.stored(coding, size)
            absent = None if coding == 0 else zero
            codes = packed_integers(source, self.count(stored, size), absent)
            return [entries[code] for code in self.scattered(codes, stored, size, zero)]
        if kind == 4:
            width = WIDTHS[source.u8()]
            stored = self.stored(coding, size)
            data = [source.number(width) for _ in range(self.count(stored, size))]
            return self.scattered(data, stored, size, 0)
        if kind not in (0, 3):
            raise ValueError("an unknown kind")
        form = "float32" if kind == 0 else ["float16", "bfloat16"][source.u8()]
        stored = self.stored(coding, size)
        floats = packed_floats(source, self.count(stored, size), form)
        return self.scattered(floats, stored, size, 0)

    def grid(self, coding, size):
        source = self.source
        first = source.u8()
        rows, group = source.varint(), source.varint()
        row = size // rows
        group = group or row
        groups = -(-row // group)
        scales = packed_floats(source, rows * groups, "bfloat16" if first & 64 else "float32")
        points = [0] * len(scales)
        if first & 128:
            points = packed_integers(source, len(scales))
        stored = self.stored(coding, size)
        absent = None if coding == 0 or first & 128 else 0
        codes = packed_integers(source, self.count(stored, size), absent)
        codes = self.scattered(codes, stored, size, None)
        values = []
        for i, code in enumerate(codes):
            at = i // row * groups + i % row // group
            step = 0 if code is None else code - points[at]
            values.append(float_bits(step * as_float(scales[at])) if step else 0)
        return values

    def stored(self, coding, size):
        return positions(self.source, coding, size) if coding in (1, 2) else None

    @staticmethod
    def count(stored, size):
        return size if stored is None else len(stored)

    @staticmethod
    def scattered(values, stored, size, absent):
        if stored is None:
            return values
        scattered = [absent] * size
        for position, value in zip(stored, values):
            scattered[position] = value
        return scattered


class Model(WeightReader):
    def __init__(self, payload):
        super().__init__(Source(payload))
        self.path = b""
        source = self.source
        self.inputs = []
        for _ in range(source.varint()):
            self.inputs.append([source.varint() - 1 for _ in range(source.varint())])
        self.weights = [self.weight() for _ in range(source.varint())]
        if not source.done():
            raise ValueError("bytes after the last weight")

    def weight(self):
        source = self.source
        shared = source.varint()
        self.path = self.path[:shared] + source.take(source.varint())
        return (self.path.decode("utf-8"),) + self.value()


def page():
    """Returns the operators and the words of the page."""
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    words = text.split("begins with these words", 1)[1].split("```")[1].split()
    operators = {}
    for row in text.split("| number | operator |", 1)[1].splitlines()[2:]:
        if not row.startswith("|"):
            break
        number, name, operands, results, attributes = [cell.strip() for cell in row.split("|")[1:6]]
        operators[int(number)] = (
            name,
            [int(bound) for bound in operands.split(" to ")],
            [int(bound) for bound in results.split(" to ")],
            re.findall(r"`(\w+)` (\w+)", attributes),
        )
    return operators, words


class Graph:
    def __init__(self, payload, model):
        self.source = source = Source(payload)
        self.operators, self.names = page()
        self.values = []  # names; None where there is none
        self.inputs = [self.input() for _ in range(source.varint())]
        count = source.varint()
        paths = [weight[0] for weight in model.weights]
        self.weights = paths
        if count > 0:
            self.weights = [paths[source.varint()] for _ in range(count - 1)]
        self.values += self.weights
        reader, first = WeightReader(source), len(self.values)
        constants = [reader.value() for _ in range(source.varint())]
        self.values += [None] * len(constants)
        nodes = [self.node() for _ in range(source.varint())]
        outputs = [self.output() for _ in range(source.varint())]
        if not source.done():
            raise ValueError("bytes after the last output")
        given = set(self.values)
        for number, name in enumerate(self.values):
            if name is None:
                name = "v%d" % number
                while name in given:
                    name += "_"
                self.values[number] = name
        self.constants = [
            [self.values[first + i], shape, " ".join("%x" % value for value in values)]
            for i, (_, _, _, shape, values) in enumerate(constants)
        ]
        self.nodes = [
            [name, self.named(operands), self.named(results), attributes]
            for name, operands, results, attributes in nodes
        ]
        self.outputs = self.named(outputs)

    def name(self):
        number = self.source.varint()
        if number == 0:
            self.names.append(self.source.take(self.source.varint()).decode("utf-8"))
        return self.names[number - 1]

    def input(self):
        name, kind = self.name(), TYPES[self.source.u8()]
        self.values.append(name)
        dimensions = []
        for _ in range(self.source.varint()):
            size = self.source.varint()
            dimensions.append(size - 1 if size else self.name())
        return [name, kind, dimensions]

    def reference(self):
        back = self.source.varint()
        return len(self.values) - back if back else None

    def node(self):
        name, operands, results, attributes = self.operators[self.source.varint()]
        count = operands[0]
        if len(operands) > 1:
            count += self.source.varint()
        taken = [self.reference() for _ in range(count)]
        count, used = results[0], None
        if len(results) > 1:
            head = self.source.varint()
            count += head >> 1
            if head & 1:
                used = self.source.take((count + 7) // 8)
        mask = self.source.varint() if attributes else 0
        given = [
            [attribute, self.attribute(kind)]
            for i, (attribute, kind) in enumerate(attributes)
            if mask >> i & 1
        ]
        made = []
        for i in range(count):
            if used is None or used[i >> 3] >> (i & 7) & 1:
                made.append(len(self.values))
                self.values.append(None)
            else:
                made.append(None)
        return name, taken, made, given

    def attribute(self, kind):
        source = self.source
        if kind == "int":
            return source.zigzag()
        if kind == "float":
            return struct.unpack("<i", source.take(4))[0]
        if kind == "string":
            return self.name()
        head = source.varint()
        if head & 1:
            return [self.attribute(kind[:-1])] * (head >> 1)
        return [self.attribute(kind[:-1]) for _ in range(head >> 1)]

    def output(self):
        number = self.reference()
        if self.values[number] is None:
            self.values[number] = self.name()
        return number

    def named(self, numbers):
        return ["" if number is None else self.values[number] for number in numbers]


def read(data):
    """Returns the model and its graph, or None in its place."""
    source = Source(data)
    if source.take(4) != MAGIC:
        raise ValueError("no .bonsai file")
    version = source.u8()
    if version not in (1, 2):
        raise ValueError("an unknown version")
    if source.varint() != len(data) - source.at:
        raise ValueError("the file has another length")
    model = graph = None
    while not source.done():
        start = source.at
        tag = chr(source.u8())
        payload = source.take(source.varint())
        checksum = crc32c(data[start:source.at])
        if source.number(4) != checksum:
            raise ValueError("the file was altered")
        if tag == "M":
            model = Model(payload)
        elif tag == "g":
            graph = payload
        elif tag.isupper():
            raise ValueError("an unknown section that is needed: " + tag)
    if (version == 2) != (graph is not None):
        raise ValueError("a graph in version 1, or none in version 2")
    return model, Graph(graph, model) if graph else None


def print_weights(model):
    for path, role, kind, coding, shape, values in model.weights:
        numbers = " ".join("%x" % value for value in values)
        print(path, role, kind, coding, str(shape).replace(" ", ""), numbers)


def print_graph(graph):
    parts = [graph.inputs, graph.weights, graph.constants, graph.nodes, graph.outputs]
    print(json.dumps(parts, ensure_ascii=False, separators=(",", ":")))


def main():
    graphs = sys.argv[1] == "--graphs"
    sys.stdout.reconfigure(encoding="utf-8")
    for name in sys.argv[2 if graphs else 1:]:
        with open(name, "rb") as file:
            model, graph = read(file.read())
        if graphs:
            print_graph(graph)
        else:
            print_weights(model)


main()
