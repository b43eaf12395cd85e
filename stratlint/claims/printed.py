"""What a printed number means: its value, the unit of its last digit, and the interval those digits cover."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from stratlint.claims.interval import Interval, exactly

# Longer digit strings carry no information a document could mean, and int() of them is quadratic.
MAX_DIGITS = 40
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SEPARATORS = re.compile(r"\{,\}|[,_'\u2009\u202f\u00a0\\]|(?<=\d) (?=\d)")
# As in NUMBER of `tokens.lark`.
_FRACTIONS = frozenset("¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞")
_APPROXIMATE_SHARE = 0.10
_EXACT_POWER = 1e-9
_EXACT_DIGITS = 30


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as written: *value*, *ulp* (the weight of its last printed digit), *digits* that count.

    `integer` is true when it was written without point and exponent. `coarse` is the weight of the last
    non-zero digit of such an integer: `476,800` may have been rounded to hundreds.
    """

    value: float
    ulp: float
    digits: int
    integer: bool
    coarse: float

    def interval(self, *, exact_integers: bool, approximate: bool = False) -> Interval:
        """The values these digits can stand for.

        Bare integers are exact when *exact_integers*; otherwise half a unit of the last digit each way, and
        truncation (a full unit upwards) from two significant digits on. *approximate* is `~`: ten percent.
        """
        if approximate:
            spread = max(abs(self.value) * _APPROXIMATE_SHARE, self.ulp)
            return Interval(self.value - spread, self.value + spread)
        if self.integer and exact_integers:
            return exactly(self.value)
        truncated = self.ulp if self.digits >= 2 else self.ulp / 2
        if self.value < 0:
            return Interval(self.value - truncated, self.value + self.ulp / 2)
        return Interval(self.value - self.ulp / 2, self.value + truncated)


def typeset(text: str) -> str:
    """A printed quantity as a page shows it, without braces and the blanks of LaTeX commands: `5{,}120   tokens` is `5,120 tokens`."""
    if "{" in text:
        text = text.replace("{,}", ",").replace("^{", "^").replace("}", "")
    return " ".join(text.split())


def exact_number(value: float) -> PrintedNumber:
    """A number that nobody rounded: in words, as a fraction."""
    return PrintedNumber(value, 0.0, _EXACT_DIGITS, value.is_integer(), 0.0)


def read_number(text: str) -> PrintedNumber | None:
    """Read digits as documents print them: separators, decimals, exponents, `10^25`, `10²⁵`; None when not finite."""
    if text[-1:] in _FRACTIONS:
        whole = text[:-1].strip()
        return exact_number((float(whole) if whole.isdigit() and len(whole) <= MAX_DIGITS else 0.0) + unicodedata.numeric(text[-1]))
    compact = _SEPARATORS.sub("", text).replace("−", "-").replace("–", "-")
    base, power = _split_power(compact)
    if sum(character.isdigit() for character in base) > MAX_DIGITS:
        return None
    mantissa, exponent = _split_exponent(base)
    try:
        value = float(f"{mantissa}e{exponent}")
    except (ValueError, OverflowError):
        return None
    decimals = len(mantissa.partition(".")[2])
    if power is not None:
        return _with_power(value, power)
    if not math.isfinite(value) or abs(exponent) > 300:
        return None
    ulp = 10.0 ** (exponent - decimals)
    significant = mantissa.lstrip("+-0.").replace(".", "")
    digits = len(significant)
    integer = decimals == 0 and "." not in mantissa and exponent == 0
    stripped = significant.rstrip("0")
    coarse = ulp * 10 ** (len(significant) - len(stripped)) if integer and len(stripped) >= 1 else ulp
    return PrintedNumber(value, ulp, max(digits, 1), integer, coarse)


def _split_power(text: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(.*?)(?:(?:\^|\*\*)[{(]?([-+]?\d{1,3})[)}]?|([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))", text)
    if not match:
        return text, None
    written = match[2] or (match[3] or "").translate(_SUPERSCRIPTS)
    try:
        return match[1], int(written)
    except ValueError:
        return text, None


def _split_exponent(text: str) -> tuple[str, int]:
    match = re.fullmatch(r"(.*?)[eE]([-+]?\d{1,3})", text)
    return (match[1], int(match[2])) if match else (text, 0)


def _with_power(base: float, power: int) -> PrintedNumber | None:
    if abs(power) > 300:
        return None
    try:
        value = base**power
    except (OverflowError, ZeroDivisionError):
        return None
    if isinstance(value, complex) or not math.isfinite(value):
        return None
    whole = float(value).is_integer()
    ulp = 1.0 if whole else abs(value) * _EXACT_POWER  # 2^-4 has no last digit that was rounded
    return PrintedNumber(value, ulp, _EXACT_DIGITS, whole, ulp)
