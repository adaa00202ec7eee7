"""What it costs: operations and seconds of every stage, prices under named assumptions, and what they buy.

assumptions  prices that nobody measured here, each with unit and source, to be replaced by yours
operations   tokens, FLOPs, seconds of a stage: all that the experiment itself needs
prices       a label's price in parts: at the margin, and the making of the weak model
rows         recorded rows as curves
compute      two plans at one budget of operations, seconds or dollars
frontier     which mixes of gold and weak labels are worth their money
break_even   what weak labels are worth in gold, and the price of a human label from which they pay
"""

from w2s_course.costs.assumptions import (
    ASSUMPTIONS,
    Assumption,
    Assumptions,
    assume,
    assumptions_as_dict,
    parse_assumptions,
    read_assumptions,
    recorded_assumptions,
)
from w2s_course.costs.break_even import (
    Worth,
    break_even_price,
    equivalent_gold,
    gold_curve,
    worth_in_gold,
)
from w2s_course.costs.compute import (
    compare_plans,
    flops_per_label,
    labels_within,
    weak_labels_at_equal_flops,
)
from w2s_course.costs.frontier import (
    Placed,
    Point,
    best_within,
    cheapest_reaching,
    frontier_points,
    label_cost,
    pareto_frontier,
)
from w2s_course.costs.operations import ModelSize, StageCost, forward_flops, timed, training_flops
from w2s_course.costs.prices import (
    LabelPrice,
    human_price,
    plan_cost,
    price_of_1000_labels,
    prices_of_run,
)
from w2s_course.costs.rows import Series, label_mix, run_mixes

__all__ = [
    "ASSUMPTIONS",
    "Assumption",
    "Assumptions",
    "LabelPrice",
    "ModelSize",
    "Placed",
    "Point",
    "Series",
    "StageCost",
    "Worth",
    "assume",
    "assumptions_as_dict",
    "best_within",
    "break_even_price",
    "cheapest_reaching",
    "compare_plans",
    "equivalent_gold",
    "flops_per_label",
    "forward_flops",
    "frontier_points",
    "gold_curve",
    "human_price",
    "label_cost",
    "label_mix",
    "labels_within",
    "pareto_frontier",
    "parse_assumptions",
    "plan_cost",
    "price_of_1000_labels",
    "prices_of_run",
    "read_assumptions",
    "recorded_assumptions",
    "run_mixes",
    "timed",
    "training_flops",
    "weak_labels_at_equal_flops",
    "worth_in_gold",
]
