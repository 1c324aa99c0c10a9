"""Computes the tables and polynomials of this crate, to 300 bits, rounded once.

`python3 tables.py` writes src/tables.rs; `python3 tables.py --check` fails if that file is not what would be written.
Needs mpmath.
"""

import pathlib
import sys

from mpmath import mp, mpf

mp.prec = 300

EXP_ENTRIES = 64
LOG_ENTRIES = 64
# The logarithm's intervals begin half an interval away from a whole number of them below 1, so that 1 lies inside one.
LOG_BELOW_ONE = 37.5
# Fractional bits of the reciprocals and of the high parts of the logarithms.
RECIPROCAL_BITS = 10
LOG_HIGH_BITS = 42


def double(x):
    """The nearest double, as mpf."""
    return mpf(float(x))


def on_grid(x, bits):
    """The nearest multiple of 2^-bits."""
    return mp.nint(mp.ldexp(x, bits)) / mpf(2) ** bits


def leading(x, bits):
    """x rounded to so many significant bits."""
    exponent = mp.frexp(x)[1]
    return on_grid(x, bits - exponent)


def remez(function, powers, weight, low, high):
    """Coefficients of the polynomial with these powers that comes closest to `function`, and the error times weight."""
    count = len(powers) + 1
    points = [
        (low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * count)) for i in range(count)
    ][::-1]
    grid = [low + (high - low) * mpf(i) / 2000 for i in range(2001)]
    grid = [x for x in grid if abs(x) > (high - low) / 100000]
    for _ in range(8):
        rows = [
            [x**p * weight(x) for p in powers] + [(-1) ** i] for i, x in enumerate(points)
        ]
        solution = mp.lu_solve(mp.matrix(rows), mp.matrix([function(x) * weight(x) for x in points]))
        coefficients = [solution[i] for i in range(len(powers))]

        def error(x):
            return (function(x) - sum(c * x**p for c, p in zip(coefficients, powers))) * weight(x)

        errors = [(x, error(x)) for x in grid]
        extrema = []
        for x, e in errors:
            if extrema and (extrema[-1][1] > 0) == (e > 0):
                if abs(e) > abs(extrema[-1][1]):
                    extrema[-1] = (x, e)
            else:
                extrema.append((x, e))
        while len(extrema) > count:
            extrema.pop(0 if abs(extrema[0][1]) < abs(extrema[-1][1]) else -1)
        if len(extrema) < count:
            break
        points = [x for x, _ in extrema]
    return coefficients, max(abs(e) for _, e in errors)


def number(x):
    return repr(float(x))


def scalar(name, doc, x):
    return f"/// {doc}\npub(crate) const {name}: f64 = {number(x)};\n"


def array(name, doc, values):
    body = ", ".join(number(x) for x in values)
    return f"/// {doc}\n#[rustfmt::skip]\npub(crate) const {name}: [f64; {len(values)}] = [{body}];\n"


def rows(name, doc, values):
    lines = "".join(f"    [{', '.join(number(x) for x in row)}],\n" for row in values)
    return (
        f"/// {doc}\n#[rustfmt::skip]\n"
        f"pub(crate) static {name}: [[f64; {len(values[0])}]; {len(values)}] = [\n{lines}];\n"
    )


def exponential():
    step = mp.log(2) / EXP_ENTRIES
    table = []
    for j in range(EXP_ENTRIES):
        value = mpf(2) ** (mpf(j) / EXP_ENTRIES)
        high = double(value)
        table.append((high, (value - high) / high))
    # 17 bits of the multiple and 36 of the step make an exact product.
    high = leading(step, 36)
    reach = step / 2 * mpf("1.001")
    # On an interval about zero the even and the odd part have their best polynomials separately.
    (second, fourth), even = remez(lambda r: mp.cosh(r) - 1, [2, 4], lambda r: mpf(1), mpf(0), reach)
    (third, fifth), odd = remez(lambda r: mp.sinh(r) - r, [3, 5], lambda r: mpf(1), mpf(0), reach)
    print(f"exp: error {mp.nstr(mp.log(even + odd, 2), 5)} bits", file=sys.stderr)
    return [
        rows("EXP", "2^(j/64) rounded, and what the rounding took away as a fraction of it.", table),
        scalar("EXP_STEPS", "64 / ln 2.", 1 / step),
        scalar("EXP_STEP_HIGH", "The leading 36 bits of ln 2 / 64.", high),
        scalar("EXP_STEP_LOW", "The rest of ln 2 / 64.", step - high),
        array("EXP_SERIES", "Coefficients of r² to r⁵ in exp r − 1 − r.", [second, third, fourth, fifth]),
    ]


def logarithm():
    table = []
    reach = 0
    for j in range(LOG_ENTRIES):
        ends = []
        for edge in (j, j + 1):
            distance = (edge - mpf(LOG_BELOW_ONE)) / LOG_ENTRIES
            ends.append(1 + (distance if distance > 0 else distance / 2))
        contains_one = ends[0] < 1 < ends[1]
        reciprocal = mpf(1) if contains_one else on_grid(2 / (ends[0] + ends[1]), RECIPROCAL_BITS)
        reach = max([reach] + [abs(end * reciprocal - 1) for end in ends])
        value = -mp.log(reciprocal)
        high = on_grid(value, LOG_HIGH_BITS)
        table.append((reciprocal, high, value - high))
    print(f"log: |r| up to {mp.nstr(reach, 8)}", file=sys.stderr)
    ln2_high = on_grid(mp.log(2), LOG_HIGH_BITS)
    out = [
        rows("LOG", "1/c in 10 bits, log c on the grid of 2⁻⁴², and the rest of log c.", table),
        scalar("LN_2_HIGH", "ln 2 on the grid of 2⁻⁴².", ln2_high),
        scalar("LN_2_LOW", "The rest of ln 2.", mp.log(2) - ln2_high),
    ]
    log10_2 = mp.log10(2)
    log10_2_high = on_grid(log10_2, LOG_HIGH_BITS)
    out += [
        scalar("LOG10_2_HIGH", "The logarithm of 2 to base 10 on the grid of 2⁻⁴².", log10_2_high),
        scalar("LOG10_2_LOW", "The rest of that logarithm.", log10_2 - log10_2_high),
    ]
    for base in (2, 10):
        factor = 1 / mp.log(base)
        short = leading(factor, 12)
        doc = f"1 / ln {base}, its leading 12 bits and their rest."
        out.append(array(f"PER_LN_{base}", doc, [factor, short, factor - short]))
    reach *= mpf("1.0001")
    for degree in (7, 9):
        coefficients, error = remez(
            lambda r: mp.log1p(r) - r + r * r / 2, range(3, degree + 1), lambda r: 1 / r, -reach, reach
        )
        print(f"log, degree {degree}: relative error {mp.nstr(mp.log(error, 2), 5)} bits", file=sys.stderr)
        if degree == 7:
            coefficients = [mpf(-0.5)] + coefficients
            out.append(array("LOG_SERIES", "Coefficients of r² to r⁷ in log(1 + r) − r.", coefficients))
            for base in (2, 10):
                doc = f"The same for the logarithm to base {base}."
                out.append(array(f"LOG{base}_SERIES", doc, [c / mp.log(base) for c in coefficients]))
        else:
            doc = "Coefficients of r³ to r⁹ in log(1 + r) − r + r²/2."
            out.append(array("LOG_SERIES_LONG", doc, coefficients))
    return out


def cube_root():
    coefficients, error = remez(
        lambda m: 1 / mp.cbrt(m), range(5), lambda m: mp.cbrt(m), mpf(1), mpf(2)
    )
    print(f"cube root: relative error {mp.nstr(mp.log(error, 2), 5)} bits", file=sys.stderr)
    roots = [mpf(2) ** (mpf(-j) / 3) for j in range(3)]
    return [
        array("INVERSE_CUBE_ROOT", "Coefficients of a polynomial close to m^(−1/3) on [1, 2].", coefficients),
        array("INVERSE_CUBE_ROOTS_OF_POWERS", "2^(−j/3).", roots),
    ]


def circular():
    half_pi = mp.pi / 2
    high = leading(half_pi, 36)
    reach = (mp.pi / 4 * mpf("1.0001")) ** 2
    sine, sine_error = remez(
        lambda z: (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z else -mpf(1) / 6,
        range(6), lambda z: z, mpf(0), reach,
    )
    cosine, cosine_error = remez(
        lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2 if z else mpf(1) / 24,
        range(6), lambda z: z * z, mpf(0), reach,
    )
    for name, error in (("sine", sine_error), ("cosine", cosine_error)):
        print(f"{name}: error {mp.nstr(mp.log(error, 2), 5)} bits", file=sys.stderr)
    return [
        scalar("PER_HALF_PI", "2 / π.", 1 / half_pi),
        scalar("HALF_PI_HIGH", "The leading 36 bits of π/2.", high),
        scalar("HALF_PI_LOW", "The rest of π/2.", half_pi - high),
        array("SINE", "Coefficients of r³, r⁵, … in sin r − r.", sine),
        array("COSINE", "Coefficients of r⁴, r⁶, … in cos r − 1 + r²/2.", cosine),
    ]


def inverse_sine():
    coefficients, error = remez(
        lambda z: (mp.asin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, range(13), lambda z: z, mpf(0), mpf(1) / 4
    )
    print(f"inverse sine: error {mp.nstr(mp.log(error, 2), 5)} bits", file=sys.stderr)
    half_pi = mp.pi / 2
    return [
        array("INVERSE_SINE", "Coefficients of x³, x⁵, … in asin x − x.", coefficients),
        array("HALF_PI", "π/2 rounded and the rest of it.", [half_pi, half_pi - double(half_pi)]),
    ]


def hyperbolic():
    result = []
    for name, function, count, reach in (("SINH", mp.sinh, 5, 0.35), ("TANH", mp.tanh, 11, 0.55)):
        coefficients, error = remez(
            lambda z: (function(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, range(count), lambda z: z, mpf(0), mpf(reach) ** 2
        )
        print(f"{name}: error {mp.nstr(mp.log(error, 2), 5)} bits", file=sys.stderr)
        result.append(array(name, f"Coefficients of x³, x⁵, … in {name.lower()} x − x up to {reach}.", coefficients))
    return result


def error_function():
    slope = 2 / mp.sqrt(mp.pi)
    coefficients, error = remez(
        lambda z: (mp.erf(mp.sqrt(z)) / mp.sqrt(z) - slope) / z, range(10), lambda z: z, mpf(0), mpf(0.65) ** 2
    )
    print(f"error function: error {mp.nstr(mp.log(error, 2), 5)} bits", file=sys.stderr)

    def scaled(x):
        return mp.exp(x * x) * mp.erfc(x)

    table = []
    for i in range(12):
        low = mp.ldexp(2 + i % 2, i // 2 - 2)
        high = mp.ldexp(3 + i % 2, i // 2 - 2)
        center = (low + high) / 2
        base = leading(scaled(center), 26)
        tail, error = remez(
            lambda d: scaled(center + d) - base, range(18), lambda d: 1 / scaled(center + d), low - center, high - center
        )
        print(f"erfc from {low} on: relative error {mp.nstr(mp.log(error, 2), 5)} bits", file=sys.stderr)
        table.append([base] + tail)
    return [
        array("ERF", "Coefficients of erf x / x − 1 in x².", [slope - 1] + coefficients),
        rows(
            "ERFC",
            "e^(x²) erfc x on half octaves from 1/2 to 32: 26 bits of it at the middle, and coefficients of the difference.",
            table,
        ),
    ]


def gamma():
    half_log = mp.log(2 * mp.pi) / 2
    least = mpf(8)

    def series(w):
        t = 1 / mp.sqrt(w)
        return (mp.loggamma(t) - (t - mpf(1) / 2) * mp.log(t) + t - half_log) * t

    coefficients, error = remez(series, range(8), lambda w: mp.sqrt(w), mpf(0) + mpf(1) / 10**8, 1 / least**2)
    print(f"gamma: error {mp.nstr(mp.log(error, 2), 5)} bits", file=sys.stderr)
    return [
        array("HALF_LOG_TWO_PI", "log(2π) / 2 rounded and the rest of it.", [half_log, half_log - double(half_log)]),
        array("STIRLING", "Coefficients of 1/x, 1/x³, … in Stirling's series from 8 on.", coefficients),
        array("PI", "π rounded and the rest of it.", [mp.pi, mp.pi - double(mp.pi)]),
    ]


HEADER = """//! Tables and polynomials of the elementary functions; written by `tables.py`, which holds their formulas.
//!
//! Plain numbers without addresses, so that only the tables of the functions in use follow them into a module.

#![expect(clippy::approx_constant, reason = "tables of powers and logarithms hold famous values")]

"""


def main():
    text = HEADER + "\n".join(exponential() + logarithm() + cube_root() + circular() + inverse_sine() + hyperbolic() + error_function() + gamma())
    path = pathlib.Path(__file__).parent / "src" / "tables.rs"
    if "--check" in sys.argv:
        if path.read_text() != text:
            sys.exit(f"{path} is not what this program writes")
        return
    path.write_text(text)


main()
