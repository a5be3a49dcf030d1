.PHONY: promote

# Write the present output of every case as the expected one; review the difference like code.
promote:
	python -m tests.cases.case
