"""Capturing activations: with a stand-in for PyTorch, and with PyTorch itself where it is installed."""

import sys
import types

import numpy as np
import pytest

from formal import Relations, capture
from formal.adapter import capture as package_capture
from formal.text import Rejection


class Tensor:
    def __init__(self, values):
        self.values = np.asarray(values, dtype=np.float32)

    def detach(self):
        return self

    def cpu(self):
        return self

    def float(self):
        return self

    def numpy(self):
        return self.values


class Module:
    def __init__(self, function=None, **children):
        self.function, self.children, self.hooks, self.training = function, children, [], True

    def __call__(self, *arguments, **named):
        output = self.function(*arguments, **named)
        for hook in list(self.hooks):
            hook(self, arguments, output)
        return output

    def register_forward_hook(self, hook):
        self.hooks.append(hook)
        return types.SimpleNamespace(remove=lambda: self.hooks.remove(hook))

    def named_modules(self, prefix=""):
        yield prefix, self
        for name, child in self.children.items():
            yield from child.named_modules(f"{prefix}.{name}" if prefix else name)

    def eval(self):
        return self.train(False)

    def train(self, mode=True):
        self.training = mode
        return self


class _NoGrad:
    entered = 0

    def __enter__(self):
        _NoGrad.entered += 1

    def __exit__(self, *exception):
        return False


@pytest.fixture
def torch(monkeypatch):
    fake = types.ModuleType("torch")
    fake.nn = types.SimpleNamespace(Module=Module)
    fake.no_grad = _NoGrad
    monkeypatch.setitem(sys.modules, "torch", fake)
    return fake


def model(output=lambda x: Tensor(2 * x.values)):
    layer = Module(output)
    inner = Module(lambda x: layer(x), head=layer)
    outer = Module(lambda x: Tensor(inner(x).values + 1), encoder=inner)
    return outer, layer


def test_a_layer_is_captured_and_left_as_it_was(torch):
    outer, layer = model()
    seen = []
    layer.function = lambda x: seen.append(outer.training) or Tensor(2 * x.values)
    before = _NoGrad.entered
    rows = capture(outer, "encoder.head", [Tensor([[1, 2]]), Tensor([[3, 4], [5, 6]])])
    assert rows.tolist() == [[2, 4], [6, 8], [10, 12]]
    assert rows.dtype == np.float64
    assert (seen, outer.training, layer.hooks) == ([False, False], True, [])
    assert _NoGrad.entered == before + 1
    assert len(Relations.from_embeddings(rows)) == 3
    assert capture(outer, layer, Tensor([[1, 2]])).tolist() == [[2, 4]]


TOKENS = np.arange(12).reshape(2, 3, 2)


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        ("mean", TOKENS.mean(axis=1)),
        ("first", TOKENS[:, 0]),
        ("last", TOKENS[:, -1]),
        ("flat", TOKENS.reshape(2, 6)),
        (lambda output: Tensor(output.values.max(axis=1)), TOKENS.max(axis=1)),
    ],
)
def test_tokens_are_pooled(torch, pool, expected):
    outer, _ = model(lambda x: Tensor(TOKENS))
    assert capture(outer, "encoder.head", Tensor([[0]]), pool=pool).tolist() == expected.tolist()


def test_outputs_of_transformers_and_convolutions(torch):
    images = np.arange(16).reshape(1, 2, 2, 4)
    for output, expected in (
        ((Tensor(TOKENS), None), TOKENS.mean(axis=1)),
        ({"last_hidden_state": Tensor(TOKENS)}, TOKENS.mean(axis=1)),
        (types.SimpleNamespace(last_hidden_state=Tensor(TOKENS)), TOKENS.mean(axis=1)),
        (Tensor(images), images.mean(axis=(2, 3))),
        (Tensor([1, 2]), [[1], [2]]),
    ):
        layer = Module(lambda x, output=output: output)
        outer = Module(lambda x, layer=layer: layer(x), head=layer)
        assert capture(outer, "head", Tensor([[0]])).tolist() == np.asarray(expected).tolist()


def test_calls_with_several_arguments(torch):
    layer = Module(lambda x, y=None: Tensor(x.values + (0 if y is None else y.values)))
    assert capture(layer, layer, (Tensor([[1]]), Tensor([[2]]))).tolist() == [[3]]
    assert capture(layer, "", {"x": Tensor([[1]]), "y": Tensor([[5]])}).tolist() == [[6]]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda m: capture(object(), "x", []), "is no PyTorch module"),
        (lambda m: capture(m, "encoder.hed", []), "the model has no layer `encoder.hed`"),
        (lambda m: capture(m, "encoder.head", []), "there are no inputs"),
        (lambda m: capture(m, "encoder.head", Tensor([[1]]), pool="max"), "there is no pool `max`"),
        (lambda m: capture(m, Module(), Tensor([[1]])), "the layer is reached 0 times"),
        (lambda m: capture(m, "encoder.head", Tensor([[1]]), pool=lambda o: Tensor(TOKENS)), "not (batch, d)"),
        (lambda m: capture(m, "encoder.head", Tensor([[1]]), pool=lambda o: object()), "no tensor"),
        (lambda m: capture(m, "encoder.head", [Tensor([[1]]), Tensor([[1, 2]])]), "rows of different lengths"),
    ],
)
def test_what_is_wrong_is_said(torch, call, words):
    outer, layer = model()
    with pytest.raises(Rejection) as caught:
        call(outer)
    assert words in caught.value.diagnostics[0].message
    assert layer.hooks == []


def test_without_pytorch_there_is_a_clear_message(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(Rejection, match="PyTorch is not installed"):
        package_capture(object(), "x", [])


def test_with_pytorch_itself():
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    inputs = torch.ones(5, 3, dtype=torch.float32)
    rows = capture(module, "1", [inputs[:2], inputs[2:]])
    with torch.no_grad():
        expected = module[1](module[0](inputs)).double().numpy()
    assert rows.shape == (5, 4)
    assert (rows == expected).all()
    half = capture(module.bfloat16(), "0", inputs.bfloat16())
    assert half.shape == (5, 4)
