"""Computes tests/reference.txt, with which the tests measure the errors of the elementary functions.

`python3 reference.py` writes it, `python3 reference.py --check` compares. Needs mpmath. A line is the name of a function, its
arguments and its value as bits of doubles in hexadecimal, and what the true value, to 300 bits, lies above that
value, in thousandths of a unit in its last place.
"""

import math
import pathlib
import random
import struct
import sys

from mpmath import mp, mpf

mp.prec = 300
COUNT = 24


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def from_bits(n):
    return struct.unpack("<d", struct.pack("<Q", n))[0]


def beside(*points):
    """Each of the points with the doubles next to it, and its negative."""
    around = []
    for x in points:
        for y in (x, math.nextafter(x, math.inf), math.nextafter(x, -math.inf)):
            around += [y, -y]
    return around


def even(low, high):
    return [random.uniform(low, high) for _ in range(COUNT)]


def decades(low, high):
    return [math.exp(random.uniform(math.log(low), math.log(high))) for _ in range(COUNT)]


def signed(values):
    return [random.choice((x, -x)) for x in values]


def near(x, largest=-2, smallest=-52):
    """Doubles about x, at every distance on the logarithmic scale."""
    return [x * (1 + random.choice((1, -1)) * 2.0 ** random.uniform(smallest, largest)) for _ in range(COUNT)]


def any_positive():
    return [from_bits(random.randrange(1, 0x7FF0 << 48)) for _ in range(COUNT)]


def subnormal():
    return [from_bits(random.randrange(1, 2 ** random.randrange(1, 53))) for _ in range(COUNT)] + [5e-324]


LARGEST, SMALLEST = sys.float_info.max, sys.float_info.min
TINY = beside(0.0)[2:4] + beside(SMALLEST)

# Cube roots closest to the middle between two doubles, of six million tried.
HARD_CUBES = [
    2.2297117204511014, 3.3721771868911583, 2.026547341559128, 1.4533343859500314, 4.320072337676773,
    1.9163240673117308, 3.0713532059914828, 4.368092333021016, 1.833312458425281, 7.416899249544054,
]


# The worst arguments found among some millions.
WORST = {
    "exp": [-0.7736178965904337, -137.28165965518906, 0.6559588894755244],
    "log": [1.007820241328343, 1.0038928884718021, 1.0070963575559566],
    "log2": [1.0000006491423288, 1.0000012799168645, 1.004691292845096],
    "log10": [0.9999997006998991, 1.0000005613193594, 1.0042702006455628],
    "sin": [3.914642178665243, -183428.94197782583, 0.8256934326851209],
    "cos": [0.7935139520401557, -911.860003027736, -299807.7599409643],
    "sinh": [0.42658608544480264, -0.40628445032296057],
    "cosh": [550.3220243366299, -3.4070422070971462],
    "tanh": [-0.8697488560497568, -0.7133851650436944, -0.5220644599819382],
    "asin": [0.5000033162536971, -0.5356421641572378],
    "acos": [0.5936412815491141, 0.5498899533264194],
    "erf": [0.7357382650958382, -0.7644224738519569],
    "erfc": [5.869535728005683, 5.986993356389654, 2.06533190134817],
    "tgamma": [2.975958824323243, -8.094165243398201, -11.08627544038191],
    "lgamma": [10.746111398915247, 68.12615983097164],
    "expm1": [-0.43749202482068905],
    "log1p": [0.4051543283023077],
    "tan": [690.4920444180441],
    "atan": [3.90964312906182],
}
WORST_PAIRS = {
    "pow": [(1.7009926331295722, -477.6006835624029), (1.0096256161635868, -29306.111430687495)],
    "hypot": [(7.018645889037053e-309, 1.7617547498295504e-308)],
    "atan2": [(-5.560207374887746, 10.80011960110453)],
}


def logarithm_arguments():
    edges = [1 + (i - 37.5) / (64 if i > 37 else 128) for i in range(0, 65, 4)] + [1 - 1 / 256, 1 + 1 / 128]
    positive = [x for x in beside(1.0, 2.0, 0.5, *edges) if x > 0]
    return (
        positive + decades(1e-6, 1e6) + even(0.5, 2) + even(0.98, 1.02) + near(1.0) + near(1.0, -17, -26)
        + any_positive() + subnormal() + [LARGEST, SMALLEST]
    )


def circular_arguments():
    quarters = [float(mpf(n) * mp.pi / 4) for n in (1, 2, 3, 4, 5, 6, 7, 8, 100, 1001, 130000, 131001)]
    return (
        TINY + beside(*quarters, 1 / 4096, 205000.0) + even(-0.8, 0.8) + even(-7, 7) + even(-1000, 1000)
        + even(-2e5, 2e5) + signed(decades(2e5, 1e300)) + signed(decades(1e-10, 1)) + [6381956970095103 * 2.0**797]
    )


def arguments():
    circular = circular_arguments()
    logarithms = logarithm_arguments()
    unit = (
        TINY + beside(0.5, 0.25, 1.0) + even(-1, 1) + signed(near(0.5)) + signed(near(1.0)) + signed(decades(1e-10, 1))
    )
    unit = [x for x in unit if abs(x) <= 1]
    hyperbolic = (
        TINY + beside(0.35, 0.55, 1.0, 20.0, 22.0, 40.0) + even(-3, 3) + even(-0.6, 0.6) + signed(decades(1e-10, 700))
    )
    large = even(-710, 710) + [709.9, -709.9, 710.4758600739439, -710.4758600739439]
    errors = (
        TINY + beside(0.25, 0.5, 0.65, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0) + even(-3, 3) + even(-1, 1) + even(0.4, 6)
        + signed(decades(1e-10, 1))
    )
    gamma = beside(0.5, 1.0, 2.0, 3.0, 8.0) + even(0.5, 20) + decades(1e-8, 1) + even(0.5, 3) + near(1.0) + near(2.0)
    gamma = [x for x in gamma if x > 0]
    one = {
        "exp": TINY + beside(1.0, 700.0, 708.0, 709.7, 0.34657) + even(-745, 709) + even(-20, 2) + even(-1, 1)
        + even(-746, -708) + signed(decades(1e-18, 1)) + [float(mp.log(2) * k / 128) for k in range(-129, 129, 9)]
        + [709.782712893384, -745.1332191019411, -745.13, -744.5],
        "expm1": TINY + beside(0.5, 1.0, 37.0) + even(-40, 700) + even(-1, 1) + even(-4, 4) + signed(decades(1e-18, 1)),
        "log": logarithms,
        "log2": logarithms + [2.0**k for k in range(-1074, 1024, 99)],
        "log10": logarithms + [10.0**k for k in range(0, 23, 3)],
        "log1p": TINY + even(-0.999, 3) + even(-0.02, 0.02) + any_positive() + decades(1e-3, 1e6)
        + signed(decades(1e-18, 0.5)) + beside(0.41421356, 0.5),
        "sqrt": any_positive() + subnormal() + decades(1e-3, 1e3) + [2.0, LARGEST, SMALLEST],
        "cbrt": signed(any_positive()) + subnormal() + even(1, 8) + HARD_CUBES + beside(1.0, 2.0, 4.0, 8.0, 27.0),
        "sin": circular,
        "cos": circular,
        "tan": circular,
        "asin": unit,
        "acos": unit,
        "atan": TINY + beside(0.4375, 0.6875, 1.1875, 2.4375, 1.0) + even(-5, 5) + signed(decades(1e-10, 1e20)),
        "sinh": hyperbolic + large,
        "cosh": hyperbolic + large,
        "tanh": hyperbolic,
        "erf": errors,
        "erfc": errors + even(5, 26.5) + even(26.5, 27.2) + beside(8.0, 12.0, 16.0, 24.0),
        "tgamma": gamma + even(0.1, 171.6) + even(-20, 0) + even(-8, 0) + signed(decades(1e-20, 1))
        + even(-184, -150) + [171.62],
        "lgamma": gamma + decades(1, 1e300) + even(3, 100),
    }
    pairs = [
        (decades(0.01, 100), even(-4, 4)), (decades(0.5, 2), even(-1000, 1000)), (any_positive(), even(-1, 1)),
        (near(1.0), signed(decades(1, 1e17))), (even(0.97, 1.03), even(-20000, 20000)), (subnormal(), even(-1, 1)),
        (decades(1e-100, 1e100), even(-3.23, 3.23)), (decades(1e-200, 1e-100), even(1.5, 1.65)),
        (beside(0.9999999999999993, 1.0) * 2, signed(decades(1e16, 4e18))[:24]),
    ]
    halves = [random.randrange(-9, 10) / 2 for _ in range(4 * COUNT)]
    pairs.append((decades(0.01, 100) * 2 + decades(1e-30, 1e30) + decades(1e-29, 1e29), halves))
    lengths = [
        (even(-10, 10), even(-10, 10)), (decades(1e-300, 1e300), decades(1e-300, 1e300)), (subnormal(), subnormal()),
        (decades(1e-155, 1e-115), decades(1e-155, 1e-115)), (decades(1e140, 1e307), decades(1e140, 1e307)),
        (even(1, 2), decades(1e-9, 1)),
    ]
    angles = [
        (even(-10, 10), even(-10, 10)), (signed(decades(0.01, 100)), signed(decades(0.01, 100))),
        (signed(decades(1e-300, 1e300)), signed(decades(1e-300, 1e300))),
    ]
    two = {"pow": pairs, "hypot": lengths, "atan2": angles}
    for name, values in one.items():
        for x in values + WORST.get(name, []):
            yield name, (x,)
    for name, lists in two.items():
        for first, second in lists:
            for pair in zip(first, second):
                yield name, pair
        for pair in WORST_PAIRS[name]:
            yield name, pair


FUNCTIONS = {
    "exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log1p": mp.log1p, "sqrt": mp.sqrt, "sin": mp.sin, "cos": mp.cos,
    "log2": lambda x: mp.log(x) / mp.log(2), "log10": lambda x: mp.log(x) / mp.log(10), "tan": mp.tan,
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)), "asin": mp.asin, "acos": mp.acos, "atan": mp.atan, "sinh": mp.sinh,
    "cosh": mp.cosh, "tanh": mp.tanh, "erf": mp.erf, "erfc": mp.erfc, "tgamma": mp.gamma, "pow": mp.power,
    "lgamma": mp.loggamma, "hypot": mp.hypot, "atan2": mp.atan2,
}


def line(name, values):
    truth = FUNCTIONS[name](*(mpf(x) for x in values))
    value = to_double(truth)
    rest = 0
    if math.isfinite(value):
        exponent = max(math.frexp(value)[1] - 53, -1074) if value else -1074
        rest = int(mp.nint(mp.ldexp(truth - mpf(value), -exponent) * 1000))
    words = " ".join(f"{bits(x):x}" for x in values)
    return f"{name} {words} {bits(value):x} {rest}\n"


def to_double(truth):
    """The nearest double; mpmath's own conversion rounds subnormals twice."""
    if abs(truth) >= mpf(2) ** 1024 - mpf(2) ** 970:
        return math.copysign(math.inf, truth)
    if abs(truth) >= SMALLEST:
        return float(truth)
    return math.ldexp(float(mp.nint(mp.ldexp(truth, 1074))), -1074)


def main():
    random.seed(1)
    text = "".join(dict.fromkeys(line(name, values) for name, values in arguments()))
    path = pathlib.Path(__file__).parent / "reference.txt"
    if "--check" in sys.argv:
        if path.read_text() != text:
            sys.exit(f"{path} is not what this program writes")
        return
    path.write_text(text)


main()
