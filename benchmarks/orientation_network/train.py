"""Trains the network on drawn glyphs and writes it as ONNX, batch normalisation folded in.

    python benchmarks/orientation_network/train.py GLYPHS.npz ... OUT.onnx --minutes 20

Class k of 0..3: k clockwise quarter turns make the glyph upright. Class 4: no writing. Glyphs that look alike
from two sides end up undecided between them, because they are shown both ways.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional

_BATCH = 96
_RATE = 3e-3
_CHANNELS = (12, 24, 40, 64)
_NO_WRITING = 4


class Network(nn.Module):
    """Four convolutions and two dense layers on windows of 32 x 32: 1.7 million multiplications."""

    def __init__(self) -> None:
        super().__init__()
        sizes = zip((1, *_CHANNELS), _CHANNELS, (5, 3, 3, 3), (2, 1, 1, 1), strict=False)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(inner, outer, side, stride=step, padding=side // 2, bias=False)
            for inner, outer, side, step in sizes
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(channels) for channels in _CHANNELS)
        self.hidden = nn.Linear(_CHANNELS[-1] * 16, 64)
        self.out = nn.Linear(64, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scores (n, 5) of windows (n, 1, 32, 32) of 0..1."""
        for number, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            x = functional.relu(norm(convolution(x)))
            if number in {1, 2}:
                x = functional.max_pool2d(x, 2)
        return self.out(functional.relu(self.hidden(x.flatten(1))))


def train(windows: torch.Tensor, is_writing: torch.Tensor, seconds: float) -> Network:
    """Train for a while; the learning rate falls along a cosine."""
    network = Network()
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=1e-2)
    begun, step, losses = time.monotonic(), 0, []
    while (part := (time.monotonic() - begun) / seconds) < 1:
        for group in optimiser.param_groups:
            group["lr"] = _RATE * min(1, step / 100 + 0.01) * (0.5 + 0.5 * np.cos(np.pi * part))
        chosen, turns = torch.randint(0, len(windows), (_BATCH,)), torch.randint(0, 4, (_BATCH,))
        wanted = torch.where(is_writing[chosen], turns, _NO_WRITING)
        batch = _turned(windows[chosen], turns).float().div_(255)[:, None]
        batch = batch * (1 + 0.2 * torch.randn(_BATCH, 1, 1, 1))
        loss = functional.cross_entropy(network(batch), wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        step += 1
        if step % 500 == 0:
            print(f"{step} steps, loss {np.mean(losses[-500:]):.3f}", flush=True)
    return network.eval()


def _turned(windows: torch.Tensor, turns: torch.Tensor) -> torch.Tensor:
    """Each window turned so many quarters counter-clockwise."""
    turned = torch.empty_like(windows)
    for turn in range(4):
        turned[turns == turn] = torch.rot90(windows[turns == turn], turn, (1, 2))
    return turned


def save(network: Network, path: Path) -> None:
    """Write ONNX: input `x`, float (n, 1, 32, 32) of 0..255; output scores (n, 5)."""
    nodes, weights, last = [], [], "x"

    def keep(name: str, values: torch.Tensor) -> str:
        weights.append(numpy_helper.from_array(values.detach().numpy().astype(np.float32), name))
        return name

    for number, (convolution, norm) in enumerate(zip(network.convolutions, network.norms, strict=True)):
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        kernel = convolution.weight * gain[:, None, None, None] / (255 if number == 0 else 1)
        side, step = convolution.kernel_size[0], convolution.stride[0]
        inputs = [last, keep(f"w{number}", kernel), keep(f"b{number}", norm.bias - norm.running_mean * gain)]
        shape = {"kernel_shape": [side, side], "pads": [side // 2] * 4, "strides": [step, step]}
        nodes += [
            helper.make_node("Conv", inputs, [f"c{number}"], **shape),
            helper.make_node("Relu", [f"c{number}"], [f"r{number}"]),
        ]
        last = f"r{number}"
        if number in {1, 2}:
            nodes.append(
                helper.make_node("MaxPool", [last], [f"p{number}"], kernel_shape=[2, 2], strides=[2, 2])
            )
            last = f"p{number}"
    hidden = ["flat", keep("w4", network.hidden.weight), keep("b4", network.hidden.bias)]
    out = ["seen", keep("w5", network.out.weight), keep("b5", network.out.bias)]
    nodes += [
        helper.make_node("Flatten", [last], ["flat"]),
        helper.make_node("Gemm", hidden, ["dense"], transB=1),
        helper.make_node("Relu", ["dense"], ["seen"]),
        helper.make_node("Gemm", out, ["y"], transB=1),
    ]
    ends = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)]
        for name, shape in (("x", ["n", 1, 32, 32]), ("y", ["n", 5]))
    ]
    graph = helper.make_graph(nodes, "direction", *ends, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def main() -> None:
    """Read the glyphs, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("glyphs", type=Path, nargs="+")
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=20)
    options = parser.parse_args()
    torch.manual_seed(0)
    files = [np.load(path) for path in options.glyphs]
    windows = torch.from_numpy(np.concatenate([file["windows"] for file in files]))
    is_writing = torch.from_numpy(np.concatenate([file["is_writing"] for file in files]))
    save(train(windows, is_writing, 60 * options.minutes), options.out)


if __name__ == "__main__":
    main()
