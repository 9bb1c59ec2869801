"""What a programme asks beside its frameworks (项目条件): conditions, themes, performance.

Nothing here decides for the office: what only a person can confirm says so.
"""

from pipeline.conform.conditions import conditions
from pipeline.conform.contribution import contribution
from pipeline.conform.performance import performance
from pipeline.conform.themes import themes
from pipeline.conform.words import Said

__all__ = ["Said", "conditions", "contribution", "performance", "themes"]
