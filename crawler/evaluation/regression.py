"""Logistic regression with signs: the points that make the judged texts most likely. Pure.

numpy and scipy are asked for here only (``pip install 'rasd[fit]'``); nothing needs them while rasd
runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.errors import MissingExtraError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

MAX_STEPS = 2_000  # of the optimiser; a card of fifty lines takes a hundred
# The slope at which it stops. By its own rule, a step that gains little, it stopped two points away
# from the best where lines often hold together.
FLAT = 1e-7


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights in units of log odds: one a line, and where a text without any line starts."""

    start: float
    weights: tuple[float, ...]

    def sum(self, lines: Sequence[int]) -> float:
        """The log odds of a text in which these lines hold."""
        return self.start + sum(self.weights[n] for n in lines)


def fit_weights(
    held: Sequence[Sequence[int]],
    truth: Sequence[bool],
    shares: Sequence[float],
    against: Sequence[bool],
    penalty: float,
) -> Fit:
    """Maximise the penalised likelihood of ``truth``.

    ``held`` are the lines that hold in each text, ``shares`` the texts' weights. A line ``against``
    gets a weight of 0 or less, any other 0 or more (bounds of L-BFGS-B). ``penalty`` is that of the
    squared weights, half of which is subtracted from the log likelihood; the start has none.
    Raises MissingExtraError without scipy.
    """
    np, optimize, special = _numeric()
    held_in = np.zeros((len(held), len(against) + 1))
    held_in[:, -1] = 1.0
    for row, lines in enumerate(held):
        held_in[row, list(lines)] = 1.0
    wanted, share = np.array(truth, dtype=float), np.array(shares, dtype=float)
    punished = np.full(len(against) + 1, penalty)
    punished[-1] = 0.0

    def loss(weights: Vector) -> tuple[float, Vector]:
        odds = held_in @ weights
        missed = np.logaddexp(0.0, odds) - wanted * odds
        slope = held_in.T @ (share * (special.expit(odds) - wanted)) + punished * weights
        return float(share @ missed + punished @ (weights * weights) / 2), slope

    bounds = [(None, 0.0) if line else (0.0, None) for line in against] + [(None, None)]
    found = optimize.minimize(
        loss,
        np.zeros(len(against) + 1),
        jac=True,
        bounds=bounds,
        method="L-BFGS-B",
        options={"maxiter": MAX_STEPS, "ftol": 0.0, "gtol": FLAT},
    )
    *weights, start = (float(weight) for weight in found.x)
    return Fit(start, tuple(weights))


def _numeric() -> tuple[Any, Any, Any]:
    try:
        import numpy
        from scipy import optimize, special
    except ImportError as error:
        raise MissingExtraError("fitting points", "fit", str(error)) from error
    return numpy, optimize, special
