"""How well statements were found: precision, recall and F1 against a gold standard, how sure these figures are, and
whether one system is better than another."""

from onrecord.evaluation.scoring import Difference, Evaluation, Score, System, evaluate

__all__ = ["Difference", "Evaluation", "Score", "System", "evaluate"]
