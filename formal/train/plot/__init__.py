"""The pictures in the READMEs of ``proofs/models``, from the bundles there and nothing else.

``python -m formal.train.plot proofs/models`` draws them again. What is drawn is computed without matplotlib, and its
digest is written into each picture, so that one that is older than its bundles is found without matplotlib too.
"""
