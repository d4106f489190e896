//! Thousands of generated runs, held against a model that knows no verdicts: it is told the truth.
