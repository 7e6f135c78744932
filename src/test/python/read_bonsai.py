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


def fenced(title):
    """Returns the words in the first block of the page behind a title."""
    with open(PAGE, encoding="utf-8") as file:
        return file.read().split(title, 1)[1].split("```")[1].split()


class Logistic:
    def __init__(self):
        knots = [int(word) for word in fenced("**The logistic scale.**")]
        self.squashed = [
            knots[i >> 7] + ((knots[(i >> 7) + 1] - knots[i >> 7]) * (i & 127) >> 7)
            for i in range(6144)
        ]
        self.stretched, x = [], 0
        for i in range(4096):
            while self.squashed[x] < 16 * i + 8:
                x += 1
            self.stretched.append(x - 3072)

    def squash(self, x):
        return self.squashed[max(0, min(6143, x + 3072))]


SHARES = [131072 // (2 * n + 3) for n in range(256)]


class MixedBit:
    def __init__(self, logistic, sets, *sizes):
        self.logistic, self.inputs = logistic, len(sizes)
        self.tables = [{} for _ in sizes]
        self.weights = [[70000 // self.inputs] * self.inputs for _ in range(sets)]

    def read(self, stream, contexts, chosen=0):
        weights, logistic = self.weights[chosen], self.logistic
        places = [self.tables[i].get(c, (1 << 21, 0)) for i, c in enumerate(contexts)]
        votes = [logistic.stretched[p >> 10] for p, _ in places]
        probability = logistic.squash(sum(w * v for w, v in zip(weights, votes)) >> 16)
        bit = stream.bit(probability)
        error = ((bit << 16) - probability) * 2
        for i, (p, n) in enumerate(places):
            weights[i] += votes[i] * error + (1 << 19) >> 20
            self.tables[i][contexts[i]] = moved_place(p, n, bit)
        return bit


class LearnedBit:
    def __init__(self):
        self.places = {}

    def read(self, stream, context):
        p, n = self.places.get(context, (1 << 21, 0))
        bit = stream.bit(max(1, p >> 6))
        self.places[context] = moved_place(p, n, bit)
        return bit


def moved_place(p, n, bit):
    return p + (((4194303 if bit else 0) - p) * SHARES[n] >> 16), min(255, n + 1)


class Stream:
    """The bits of a coded section; behind its end there are zeros."""

    def __init__(self, data):
        self.data, self.at, self.code, self.range = data, 0, 0, (1 << 48) - 1
        for _ in range(6):
            self.shift()

    def shift(self):
        self.code = self.code << 8 | (self.data[self.at] if self.at < len(self.data) else 0)
        self.at += 1

    def bit(self, probability):
        share = (self.range >> 16) * probability
        bit = self.code < share
        if bit:
            self.range = share
        else:
            self.code -= share
            self.range -= share
        while self.range < 1 << 40:
            self.shift()
            self.range <<= 8
        return int(bit)

    def raw(self, count):
        value = 0
        for _ in range(count):
            value = value << 1 | self.bit(1 << 15)
        return value


class Known:
    """Stands for a stream whose bits are known, to learn from."""

    def __init__(self, octet):
        self.bits = [octet >> i & 1 for i in range(7, -1, -1)]

    def bit(self, probability):
        return self.bits.pop(0)


class OctetModel:
    def __init__(self, logistic):
        self.bits, self.before = MixedBit(logistic, 1, 0, 0, 0, 0), [0, 0, 0]

    def read(self, stream):
        node = 1
        one, two, three = self.before
        for _ in range(8):
            second = two << 16 | one << 8 | node
            third = ((three << 24 | second) * 31 + 1) & 0xFFFFFFFF
            contexts = [node, one << 8 | node, self.hashed(second), self.hashed(third)]
            node = node << 1 | self.bits.read(stream, contexts)
        self.before = [node & 255, one, two]
        return node & 255

    @staticmethod
    def hashed(value):
        return (value * 0x9E3779B1 & 0xFFFFFFFF) >> 18


class NumberModel:
    def __init__(self, logistic):
        self.more, self.digits = MixedBit(logistic, 1, 0, 0), LearnedBit()

    def read(self, stream):
        bits = 0
        while bits < 31 and self.more.read(stream, [bits, bits]):
            bits += 1
        return read_digits(stream, self.digits, bits) - 1


def read_digits(stream, digits, bits):
    """Returns a 1 with so many bits below it, the first three of which are learned."""
    value = 1
    for i in range(bits):
        if i < 3:
            value = value << 1 | digits.read(stream, (bits, value))
        else:
            value = value << 1 | stream.bit(1 << 15)
    return value


class MagnitudeModel:
    def __init__(self, logistic):
        self.more = MixedBit(logistic, 4, 0, 0, 0, 0, 0)
        self.longer, self.digits = MixedBit(logistic, 1, 0, 0), LearnedBit()

    def read(self, stream, contexts, chosen, row, column):
        def longer(than, way):
            if than == 0:
                return self.more.read(stream, contexts, chosen)
            return self.longer.read(stream, [(than, row), (than, way, column)])

        start = 0 if row < 24 else row // 2 - 10
        length = start
        while length < 31 and longer(length, 1):
            length += 1
        if length == start:
            while length > 0 and not longer(length - 1, 0):
                length -= 1
        return read_digits(stream, self.digits, length - 1) + 1 if length else 1


def moved(old, whole, size, count):
    start = whole if old is None else old
    return start + ((size - start) * SHARES[min(250, count)] >> 16)


def size_of(average):
    if average < 8:
        return 1 if average else 0
    power = average.bit_length() - 1
    return min(31, 2 + 2 * (power - 3) + (average >> power - 1 & 1))


class CodeModel:
    def __init__(self, logistic):
        self.zero = MixedBit(logistic, 4, 0, 0, 0, 0, 0)
        self.sign = MixedBit(logistic, 1, 0, 0, 0)
        self.magnitude = MagnitudeModel(logistic)

    def read(self, stream, size, columns, span, known, nonzero):
        """Returns the numbers and the sizes of the rows; nonzero reads a number and what is seen."""
        average, numbers, row_sizes = 1 << 10, [], []
        column_averages, unit_averages, place_averages = [None] * columns, {}, {}
        units = -(-columns // span)
        rows = [[0] * (columns + 1) for _ in range(3)]
        for row in range(-(-size // columns)):
            rows = [rows[2], rows[0], rows[1]]
            codes, above, two_above = rows
            row_average, row_sum = None, 0
            length = min(columns, size - row * columns)
            for c in range(length):
                unit, place = divmod(c, span)
                sized = [
                    size_of(average if a is None else a)
                    for a in (row_average, column_averages[c], unit_averages.get(unit),
                              place_averages.get(place))
                ]
                if span == 1:
                    sized[2], sized[3], place = sized[1], 0, 0
                left = codes[c - 1] if c > 0 else 0
                left_2 = codes[c - 2] if c > 1 else 0
                above_left = above[c - 1] if c > 0 else 0
                back = two_above[c] if span == 1 else codes[c - span] if c >= span else 0
                first = row == 0
                told = known[unit] if known else 0
                near = tuple(min(2, abs(code)) for code in
                             (left, above[c], left_2, above_left, above[c + 1]))
                contexts = [
                    (sized[0], sized[1]),
                    (sized[2], sized[0]),
                    (told, 0 if first else sized[1]),
                    near,
                    (sized[3], min(31, place)),
                ]
                chosen = (0 if first else 1) + (2 if known else 0)
                signs = [(left > 0) - (left < 0), (above[c] > 0) - (above[c] < 0)]
                more_signs = signs + [(back > 0) - (back < 0)]
                place_sign = [tuple(signs), tuple(more_signs), min(31, place)]
                number = seen = 0
                if not self.zero.read(stream, contexts, chosen):
                    number, seen = nonzero(self, contexts, chosen, place_sign, sized)
                numbers.append(number)
                codes[c] = seen
                magnitude = min(255, abs(seen))
                row_sum += magnitude
                magnitude <<= 12
                row_average = moved(row_average, average, magnitude, min(100, c))
                column_averages[c] = moved(column_averages[c], average, magnitude, row)
                if span > 1:
                    place = c % span
                    unit_averages[unit] = moved(
                        unit_averages.get(unit), average, magnitude, row * span + place)
                    place_averages[place] = moved(
                        place_averages.get(place), average, magnitude, row * units + unit)
                average = moved(average, average, magnitude, 250)
            row_sizes.append(size_of((row_sum << 12) // max(1, length)))
        return numbers, row_sizes


def layout(shape, size):
    """Returns the columns, the columns of a unit, and whether columns have a meaning."""
    if len(shape) < 2 or size == 0 or size // shape[0] > 65536:
        return max(1, min(4096, size)), 1, False
    columns = size // shape[0]
    return columns, columns // shape[1], size > columns and columns != 4096


class CodedNumbers:
    """The numbers of weights in the stream of a coded section."""

    def __init__(self, stream, logistic):
        self.stream = stream
        self.octets = OctetModel(logistic)
        for octet in bytes.fromhex("".join(fenced("**The primer.**"))):
            self.octets.read(Known(octet))
        self.octets.before = [0, 0, 0]
        self.numbers = NumberModel(logistic)
        self.models = {True: CodeModel(logistic), False: CodeModel(logistic)}
        self.same, self.sign = LearnedBit(), MixedBit(logistic, 1, 0, 0)
        self.exponent = MixedBit(logistic, 1, 0, 0)
        self.fraction = MixedBit(logistic, 1, 0, 0)
        self.row_sizes = []

    def number(self):
        return self.numbers.read(self.stream)

    def octet(self):
        return self.octets.read(self.stream)

    def codes(self, coding, shape, size):
        if coding == 0:
            return self.even(size)
        columns, span, matrix = layout(shape, size)
        known = []
        if coding == 5 and matrix and self.row_sizes and columns % len(self.row_sizes) == 0:
            known, span = self.row_sizes, columns // len(self.row_sizes)
        stream = self.stream

        def nonzero(model, contexts, chosen, signs, sized):
            negative = model.sign.read(stream, signs)
            value = model.magnitude.read(stream, contexts, chosen, sized[0], sized[1])
            value = -value if negative else value
            return value, value

        codes, sizes = self.models[matrix].read(stream, size, columns, span, known, nonzero)
        if matrix:
            self.row_sizes = sizes
        return codes

    def even(self, size):
        width, low = self.number(), self.stream.raw(32)
        values = [(low + self.stream.raw(width)) & 0xFFFFFFFF for _ in range(size)]
        return [value - (value >> 31 << 32) for value in values]

    def floats(self, shape, size, form):
        fraction_bits = FRACTION[form]
        exponent_bits = BITS[form] - 1 - fraction_bits
        dropped, last, was = self.number(), 0, 0
        stream = self.stream

        def nonzero(model, contexts, chosen, signs, sized):
            nonlocal last, was
            was = self.same.read(stream, was)
            if not was:
                before = last >> fraction_bits & (1 << exponent_bits) - 1
                sign = self.sign.read(stream, [0, last >> BITS[form] - 1])
                power = self.tree(self.exponent, 8, before) & (1 << exponent_bits) - 1
                kept = fraction_bits - dropped
                if kept < 3:
                    part = stream.raw(kept)
                else:
                    part = self.tree(self.fraction, 3, 0) << kept - 3 | stream.raw(kept - 3)
                last = (sign << exponent_bits | power) << fraction_bits | part << dropped
            return last, -1 if last >> BITS[form] - 1 else 1

        columns, span, matrix = layout(shape, size)
        read, _ = self.models[matrix].read(stream, size, columns, span, [], nonzero)
        return [widened(bits, form) for bits in read]

    def tree(self, bits, width, context):
        node = 1
        for _ in range(width):
            node = node << 1 | bits.read(self.stream, [node, (context, node)])
        return node - (1 << width)


class WeightReader:
    """Reads weights without their paths."""

    coded = None

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
        if self.coded:
            values = self.coded_values(kind, coding, shape, size)
        else:
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

    def coded_values(self, kind, coding, shape, size):
        coded, source = self.coded, self.source
        if kind == 1:
            first, row, group, groups = self.grid_head(size)
            count = size // row * groups
            scales = coded.floats([count], count, "bfloat16" if first & 64 else "float32")
            points = coded.even(count) if first & 128 else [0] * count
            values = []
            for i, step in enumerate(coded.codes(coding, shape, size)):
                at = i // row * groups + i % row // group
                if coding == 0 and first & 63 == 32:
                    step = (step + points[at] & 0xFFFFFFFF ^ 1 << 31) - (1 << 31) - points[at]
                values.append(float_bits(step * as_float(scales[at])) if step else 0)
            return values
        if kind == 2:
            length = source.varint()
            entries = coded.floats([length], length, "float32")
            middle = next((i for i, bits in enumerate(entries) if bits == 0), length // 2)
            return [entries[middle + code] for code in coded.codes(coding, shape, size)]
        if kind == 4:
            width = WIDTHS[source.u8()]
            data = bytes(coded.octet() for _ in range(size * width))
            return [
                int.from_bytes(data[i:i + width], "little") for i in range(0, len(data), width)
            ]
        form = "float32" if kind == 0 else ["float16", "bfloat16"][source.u8()]
        return coded.floats(shape, size, form)

    def grid_head(self, size):
        source = self.source
        first = source.u8()
        rows, group = source.varint(), source.varint()
        row = size // rows
        group = group or row
        return first, row, group, -(-row // group)

    def grid(self, coding, size):
        source = self.source
        first, row, group, groups = self.grid_head(size)
        count = size // row * groups
        scales = packed_floats(source, count, "bfloat16" if first & 64 else "float32")
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
    def __init__(self, payload, coded=None):
        super().__init__(Source(payload))
        self.coded = coded
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
        reader.coded = model.coded
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
    if version not in (1, 2, 3):
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
        if tag == "C":
            stream = Stream(payload)
            coded = CodedNumbers(stream, Logistic())
            lengths = coded.number(), coded.number()
            heads, graph = [bytes(coded.octet() for _ in range(n)) for n in lengths]
            model = Model(heads, coded)
            coded_graph = Graph(graph, model) if graph else None
        elif tag == "M":
            model = Model(payload)
        elif tag == "g":
            graph = payload
        elif tag.isupper():
            raise ValueError("an unknown section that is needed: " + tag)
    if version == 3:
        return model, coded_graph
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
