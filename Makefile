.PHONY: grammar promote

# Store the parser's table next to the grammar, so that it need not be derived at every start.
grammar:
	PYTHONHASHSEED=0 python -m formal.syntax.grammar

# Write the present output of every case as the expected one; review the difference like code.
promote:
	python -m tests.cases.case
	python -m tests.kernel.test_case
