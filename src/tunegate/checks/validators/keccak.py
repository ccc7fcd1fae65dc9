"""Keccak-256 as Ethereum and Monero use it: SHA-3 before the standard changed its padding."""

_MASK = (1 << 64) - 1
_RATE = 136  # bytes that a block mixes in: 1600 bits of state less twice the 256 of the digest
_ROUNDS = 24


def _round_constants() -> tuple[int, ...]:
    """Return what each round mixes into the first lane (FIPS 202, 3.2.5)."""
    register, constants = 1, []
    for _ in range(_ROUNDS):
        constant = 0
        for power in range(7):
            constant |= (register & 1) << ((1 << power) - 1)
            register <<= 1
            if register & 0x100:
                register ^= 0x171
        constants.append(constant)
    return tuple(constants)


def _walk() -> tuple[tuple[int, int], ...]:
    """Return the lanes in the order of rho and pi, each with its rotation (FIPS 202, 3.2.2)."""
    x, y, steps = 1, 0, []
    for step in range(24):
        x, y = y, (2 * x + 3 * y) % 5
        steps.append((x + 5 * y, (step + 1) * (step + 2) // 2 % 64))
    return tuple(steps)


_CONSTANTS, _STEPS = _round_constants(), _walk()


def _rotated(lane: int, bits: int) -> int:
    return (lane << bits | lane >> (64 - bits)) & _MASK


def _permuted(lanes: list[int]) -> list[int]:
    for constant in _CONSTANTS:
        columns = [
            lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20]
            for x in range(5)
        ]
        mixed = [columns[x - 1] ^ _rotated(columns[(x + 1) % 5], 1) for x in range(5)]
        lanes = [lane ^ mixed[place % 5] for place, lane in enumerate(lanes)]
        moving = lanes[1]
        for place, bits in _STEPS:
            lanes[place], moving = _rotated(moving, bits), lanes[place]
        lanes = [
            lanes[row + x] ^ (~lanes[row + (x + 1) % 5] & lanes[row + (x + 2) % 5] & _MASK)
            for row in range(0, 25, 5)
            for x in range(5)
        ]
        lanes[0] ^= constant
    return lanes


def keccak_256(message: bytes) -> bytes:
    """Return the 32 bytes of the digest."""
    padded = bytearray(message + bytes(_RATE - len(message) % _RATE))
    padded[len(message)] ^= 0x01
    padded[-1] ^= 0x80
    lanes = [0] * 25
    for begin in range(0, len(padded), _RATE):
        for place in range(_RATE // 8):
            word = padded[begin + 8 * place : begin + 8 * place + 8]
            lanes[place] ^= int.from_bytes(word, "little")
        lanes = _permuted(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])
