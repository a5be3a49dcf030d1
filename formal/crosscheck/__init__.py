"""Cross-checks: what a verdict predicts, held against what a model was measured to do."""
