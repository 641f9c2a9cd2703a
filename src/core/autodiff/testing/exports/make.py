"""Exports small PyTorch networks to ONNX, each with PyTorch's own gradients of a weighted cross-entropy.

    python3 make.py OUT_FOLDER        (PyTorch >= 2.1 and onnx; written with PyTorch 2.11)

Tests read the files and never need PyTorch. Gradients are taken in float64 at the float32 weights of the file and are
listed under the names of the file's initializers: the exporter renames weights that it transposes. Weights that it
reshapes (GroupNorm's in `mobile`) are left out.
"""

import json
import pathlib
import sys
import traceback

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import numpy_helper

BATCH, CLASSES = 3, 4
SAMPLE_WEIGHTS = [1.0, 0.5, 2.0]


class Attention(nn.Module):
    """Self-attention written out, with the scores computed in one of four ways."""

    def __init__(self, width, heads, form, causal=False):
        super().__init__()
        self.heads, self.form, self.causal = heads, form, causal
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x):
        n, length, width = x.shape
        q, k, v = self.qkv(x).view(n, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        if self.form == "sdpa":
            y = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        elif self.form == "einsum":
            scores = torch.einsum("bhid,bhjd->bhij", q, k) * q.shape[-1] ** -0.5
            y = torch.einsum("bhij, bhjd -> bhid", scores.softmax(-1), v)
        else:
            scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
            if self.form == "masked":
                mask = torch.tril(torch.ones(length, length, device=x.device)).view(1, 1, length, length)
                scores = scores.masked_fill(mask == 0, float("-inf"))
            y = scores.softmax(-1) @ v
        return self.out(y.transpose(1, 2).reshape(n, length, width))


class Block(nn.Module):
    """A pre-norm transformer block."""

    def __init__(self, width, heads, form, causal=False):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.form = form
        if form == "mha":
            self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        else:
            self.attention = Attention(width, heads, form, causal)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x):
        y = self.norm1(x)
        x = x + (self.attention(y, y, y)[0] if self.form == "mha" else self.attention(y))
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    def __init__(self, form):
        super().__init__()
        self.patch = nn.Conv2d(1, 8, 4, 4)
        self.token = nn.Parameter(torch.zeros(1, 1, 8))
        self.position = nn.Parameter(torch.zeros(1, 5, 8))
        self.block = Block(8, 2, form)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1) + self.position
        return self.head(self.norm(self.block(x))[:, 0])


class Gpt(nn.Module):
    """Causal, the head tied to the embedding; the last position's logits."""

    def __init__(self, form):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(CLASSES, 8), nn.Embedding(6, 8)
        self.block = Block(8, 2, form, causal=True)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, CLASSES, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, ids):
        at = torch.arange(ids.shape[1], device=ids.device)
        x = self.block(self.tokens(ids) + self.positions(at))
        return self.head(self.norm(x))[:, -1]


class Llama(nn.Module):
    """RMSNorm, rotary positions, shared key and value heads, SwiGLU."""

    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(10, 8)
        self.gain1, self.gain2 = nn.Parameter(torch.ones(8)), nn.Parameter(torch.ones(8))
        self.q, self.k, self.v, self.o = (nn.Linear(8, w, bias=False) for w in (8, 4, 4, 8))
        self.gate, self.up, self.down = (nn.Linear(a, b, bias=False) for a, b in ((8, 12), (8, 12), (12, 8)))
        self.head = nn.Linear(8, CLASSES)
        angle = torch.outer(torch.arange(5.0), torch.tensor([1.0, 0.1]))
        self.register_buffer("cos", torch.cat([angle, angle], -1).cos())
        self.register_buffer("sin", torch.cat([angle, angle], -1).sin())

    def rms(self, x, gain):
        return gain * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5))

    def rotate(self, x):
        first, second = x[..., :2], x[..., 2:]
        return x * self.cos + torch.cat([-second, first], -1) * self.sin

    def forward(self, ids):
        x = self.tokens(ids)
        n, length, _ = x.shape
        y = self.rms(x, self.gain1)
        q, k, v = (f(y).view(n, length, -1, 4).transpose(1, 2) for f in (self.q, self.k, self.v))
        k = self.rotate(k)[:, :, None].expand(n, 1, 2, length, 4).reshape(n, 2, length, 4)
        v = v[:, :, None].expand(n, 1, 2, length, 4).reshape(n, 2, length, 4)
        y = F.scaled_dot_product_attention(self.rotate(q), k, v, is_causal=True)
        x = x + self.o(y.transpose(1, 2).reshape(n, length, 8))
        y = self.rms(x, self.gain2)
        x = x + self.down(F.silu(self.gate(y)) * self.up(y))
        return self.head(x.mean(1))


class SqueezeExcite(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.down, self.up = nn.Conv2d(width, 2, 1), nn.Conv2d(2, width, 1)

    def forward(self, x):
        return x * F.hardsigmoid(self.up(F.relu(self.down(F.adaptive_avg_pool2d(x, 1)))))


class TextCnn(nn.Module):
    """1-D convolutions over embeddings, the maximum over time."""

    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(12, 4)
        self.convs = nn.ModuleList(nn.Conv1d(4, 3, k, padding="same" if k == 3 else 0) for k in (2, 3))
        self.head = nn.Linear(6, CLASSES)

    def forward(self, ids):
        x = self.tokens(ids).transpose(1, 2)
        return self.head(torch.cat([F.adaptive_max_pool1d(torch.tanh(c(x)), 1).squeeze(-1) for c in self.convs], 1))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(3, 4, batch_first=True), nn.Linear(4, CLASSES)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 8), nn.ReLU(), nn.Linear(8, 8), nn.GELU(), nn.Linear(8, CLASSES))


def cnn():
    return nn.Sequential(
        *(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(4, 6, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU()),
        *(nn.MaxPool2d(3, 2, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), nn.Linear(6, CLASSES)),
    )


def mobile():
    return nn.Sequential(
        *(nn.Conv2d(2, 4, 3, padding=1, padding_mode="zeros"), nn.GroupNorm(2, 4), nn.Hardswish()),
        *(nn.Conv2d(4, 4, 3, stride=2, padding=1, groups=4), nn.GroupNorm(4, 4), nn.Hardswish(), SqueezeExcite(4)),
        *(nn.Conv2d(4, 6, 3, padding=2, dilation=2, groups=2), nn.SiLU(), nn.AvgPool2d(3, 2, 1, count_include_pad=False)),
        *(nn.Flatten(), nn.Linear(24, CLASSES)),
    )


def activations():
    layers = (nn.SiLU(), nn.Mish(), nn.ELU(), nn.Softplus(), nn.PReLU(6), nn.GELU(approximate="tanh"), nn.LeakyReLU())
    blocks = [layer for activation in layers for layer in (nn.Linear(6, 6), activation)]
    return nn.Sequential(*blocks, nn.Linear(6, CLASSES))


def decoder():
    return nn.Sequential(
        *(nn.ConvTranspose2d(2, 4, 3, stride=2, padding=1, output_padding=1), nn.InstanceNorm2d(4, affine=True)),
        *(nn.LeakyReLU(0.1), nn.ConvTranspose2d(4, 4, 3, groups=2, dilation=2), nn.InstanceNorm2d(4), nn.Tanh()),
        *(nn.AvgPool2d(3, 2, 1), nn.Flatten(), nn.Linear(100, CLASSES)),
    )


CASES = [  # name, network, shape of an example, highest token (0: real numbers), opsets
    ("mlp", mlp, (3, 4), 0, (14, 20)),
    ("cnn", cnn, (1, 12, 12), 0, (14, 17)),
    ("mobile", mobile, (2, 8, 8), 0, (14, 17, 20)),
    ("activations", activations, (6,), 0, (14, 18)),
    ("decoder", decoder, (2, 3, 3), 0, (14, 17)),
    ("vit-mha", lambda: VisionTransformer("mha"), (1, 8, 8), 0, (14, 17)),
    ("vit-sdpa", lambda: VisionTransformer("sdpa"), (1, 8, 8), 0, (14, 17, 20)),
    ("vit-einsum", lambda: VisionTransformer("einsum"), (1, 8, 8), 0, (14, 17)),
    ("gpt-sdpa", lambda: Gpt("sdpa"), (5,), CLASSES, (14, 17, 20)),
    ("gpt-masked", lambda: Gpt("masked"), (5,), CLASSES, (14, 17)),
    ("llama", Llama, (5,), 10, (14, 17)),
    ("text-cnn", TextCnn, (7,), 12, (14, 17)),
    ("lstm", Recurrent, (4, 3), 0, (17,)),
]


def rounded(values, digits=6):
    return [float(f"{value:.{digits}g}") for value in torch.as_tensor(values).double().flatten().tolist()]


def gradients(network, x, labels):
    """Float64 logits, losses per example, and the gradient of their weighted sum by weight and by input."""
    network = network.double()
    x = x if x.dtype == torch.int64 else x.double().requires_grad_()
    logits = network(x)
    losses = F.cross_entropy(logits, labels, reduction="none")
    (losses * torch.tensor(SAMPLE_WEIGHTS, dtype=torch.float64)).sum().backward()
    return logits.detach(), losses.detach(), x.grad


def by_initializer(path, network, by_name):
    """Gradients under the names of the file's initializers, transposed where the exporter transposed the weight."""
    found = {}
    weights = [(name, p.detach().float().numpy()) for name, p in network.named_parameters()]
    for tensor in onnx.load(path).graph.initializer:
        value = numpy_helper.to_array(tensor)
        for name, weight in weights:
            gradient = by_name[name].numpy()
            if value.shape == weight.shape and np.array_equal(value, weight):
                found[tensor.name] = rounded(gradient)
            elif weight.ndim == 2 and value.shape == weight.T.shape and np.array_equal(value, weight.T):
                found[tensor.name] = rounded(np.ascontiguousarray(gradient.T))
    return found


def make(folder, name, build, shape, highest, opset):
    torch.manual_seed(len(name))
    network = build().eval()
    with torch.no_grad():  # no zeros and ones: every weight is told from every other by its values
        for value in list(network.parameters()) + [b for b in network.buffers() if b.is_floating_point()]:
            if value.shape != (5, 4):  # the rotary tables stay
                value += 0.3 * torch.rand_like(value)
    size = (BATCH, *shape)
    x = torch.randint(highest, size) if highest else torch.round(torch.randn(size), decimals=2)
    labels = torch.tensor([0, 3, 1])
    path = folder / f"{name}-{opset}.onnx"
    torch.onnx.export(
        network, (x,), str(path), opset_version=opset, dynamo=False, training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=not name.startswith("gpt"),  # it would split the tied weight in two
        input_names=["x"], output_names=["logits"], dynamic_axes={"x": {0: "N"}, "logits": {0: "N"}},
    )  # fmt: skip
    kept = onnx.load(path)
    for node in kept.graph.node:
        node.doc_string = ""
    onnx.save(kept, path)
    if name == "lstm":
        return  # refused by name: there are no gradients to compare

    logits, losses, by_x = gradients(network, x, labels)
    found = by_initializer(path, network, {n: p.grad for n, p in network.named_parameters()})
    if by_x is not None:
        found["x"] = rounded(by_x)
    missing = len(list(network.parameters())) + (by_x is not None) - len(found)
    expected = {
        "source": f"PyTorch {torch.__version__.split('+')[0]}, opset {opset}",
        "x": {"shape": list(size), "values": x.flatten().tolist() if highest else rounded(x, 4)},
        "labels": labels.tolist(),
        "weights": SAMPLE_WEIGHTS,
        "logits": rounded(logits),
        "losses": rounded(losses),
        "gradients": found,
    }
    path.with_suffix(".json").write_text(json.dumps(expected) + "\n")
    ops = sorted({node.op_type for node in kept.graph.node})
    print(f"{path.name}: {path.stat().st_size} bytes, {missing} weights not found, {' '.join(ops)}")


if __name__ == "__main__":
    torch.backends.mha.set_fastpath_enabled(False)
    target = pathlib.Path(sys.argv[1])
    for name, build, shape, highest, opsets in CASES:
        for opset in opsets:
            try:
                make(target, name, build, shape, highest, opset)
            except Exception:  # one network's trouble is told and costs no other
                print(f"{name}-{opset}: failed")
                traceback.print_exc(limit=-3)
