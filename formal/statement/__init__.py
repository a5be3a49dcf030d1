"""Theorem statements: what is given, assumed, constructed and to be shown, as formulas with dependent sorts."""
