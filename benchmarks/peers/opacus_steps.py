"""Training steps per second of PyTorch and Opacus on one CPU thread, for the models that Sotto's own benchmark measures.

Prints one JSON object a line: {"model", "batch", "mode", "examplesPerSecond"}; modes are plain (PyTorch, no privacy) and
Opacus' hooks, ew, functorch and ghost (with noise). Figures are medians over rounds of steps, after a warm-up.
"""

import argparse
import json
import statistics
import time
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")
torch.set_num_threads(1)


def lenet():
    return nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )


def mnist_cnn():
    return nn.Sequential(
        nn.Conv2d(1, 16, 8, 2, padding=3), nn.ReLU(), nn.MaxPool2d(2, 1),
        nn.Conv2d(16, 32, 4, 2), nn.ReLU(), nn.MaxPool2d(2, 1),
        nn.Flatten(), nn.Linear(512, 32), nn.ReLU(), nn.Linear(32, 10),
    )


def pfl_cnn():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(12544, 128), nn.ReLU(), nn.Linear(128, 10),
    )


CELLS = [
    ("lenet", lenet, (3, 32, 32), 32),
    ("lenet", lenet, (3, 32, 32), 256),
    ("mnist-cnn", mnist_cnn, (1, 28, 28), 32),
    ("mnist-cnn", mnist_cnn, (1, 28, 28), 256),
    ("pfl-cnn", pfl_cnn, (3, 32, 32), 10),
]
MODES = ["plain", "hooks", "ew", "functorch", "ghost"]


def stepper(make, shape, batch, mode):
    """A function that takes one training step."""
    torch.manual_seed(1)
    model = make()
    inputs = torch.rand(batch, *shape) - 0.5
    labels = torch.arange(batch) % 10
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    if mode != "plain":
        model, optimizer, criterion = private(model, optimizer, criterion, inputs, labels, batch, mode)

    def step():
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()

    return step


def private(model, optimizer, criterion, inputs, labels, batch, mode):
    from opacus import PrivacyEngine

    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(inputs, labels), batch_size=batch)
    made = PrivacyEngine().make_private(
        module=model, optimizer=optimizer, criterion=criterion, data_loader=loader,
        noise_multiplier=1.0, max_grad_norm=1.0, poisson_sampling=False, grad_sample_mode=mode,
    )
    if mode == "ghost":
        model, optimizer, criterion, _ = made
        return model, optimizer, criterion
    model, optimizer, _ = made
    return model, optimizer, criterion


def measure(step, batch, seconds, rounds):
    end = time.perf_counter() + seconds / 4
    while time.perf_counter() < end:
        step()
    rates = []
    for _ in range(rounds):
        start, cpu, count = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - start < seconds / rounds:
            step()
            count += 1
        rates.append(count * batch / (time.process_time() - cpu))
    return statistics.median(rates)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="measured time a cell and mode")
    parser.add_argument("--rounds", type=int, default=5, help="the median is over this many")
    parser.add_argument("--modes", default=",".join(MODES))
    arguments = parser.parse_args()
    for name, make, shape, batch in CELLS:
        for mode in arguments.modes.split(","):
            try:
                rate = measure(stepper(make, shape, batch, mode), batch, arguments.seconds, arguments.rounds)
                print(json.dumps({"model": name, "batch": batch, "mode": mode, "examplesPerSecond": round(rate)}), flush=True)
            except Exception as error:  # one mode that a version lacks must not end the comparison
                print(json.dumps({"model": name, "batch": batch, "mode": mode, "error": str(error).splitlines()[0]}), flush=True)


if __name__ == "__main__":
    main()
