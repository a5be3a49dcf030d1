"""Training the models that bundles come from: small experiments, each judged by claims that were there before it.

An experiment is one module with one value of ``Experiment``; ``catalogue`` lists them without loading PyTorch. What
they share is here: data (``grammar``, ``digit``, ``shape``), models (``transformer``, ``encoder``), ``trainer`` with
``checkpoint``, and ``export``. Needs the extra ``train``.
"""
