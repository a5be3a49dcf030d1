"""What a run found: outcomes, explanations, exit codes."""
