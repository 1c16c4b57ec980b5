"""Usage statistics under local differential privacy: each answer is changed by chance before it is kept.

>>> rule = mechanism(domain=5, epsilon="2")
>>> report = rule.perturb(3)
>>> estimate(rule, tally(rule, [report]))[3].n
1
"""

from privacy.ldp.estimates import Estimate, Tally, estimate, estimate_groups, people_needed, tally
from privacy.ldp.mechanisms import Mechanism, mechanism, perturb
from privacy.ldp.ordinal import OrdinalMatrix
from privacy.ldp.subset import SubsetSelection

__all__ = [
    "Estimate",
    "Mechanism",
    "OrdinalMatrix",
    "SubsetSelection",
    "Tally",
    "estimate",
    "estimate_groups",
    "mechanism",
    "people_needed",
    "perturb",
    "tally",
]
