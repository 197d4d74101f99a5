"""Dropout by a mask drawn once drops as much as PyTorch's, anew each time, and only while training."""

import pytest
import torch
from torch import nn

from qa.training.dropout import BankedDropout, bank_dropout

pytestmark = pytest.mark.long  # it imports PyTorch


def banked() -> nn.Sequential:
    network = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.25), nn.Sequential(nn.Dropout(0.25)))
    bank_dropout(network)
    return network


def test_every_dropout_is_replaced_and_no_other_layer() -> None:
    kinds = [type(module) for module in banked().modules()]
    assert kinds == [nn.Sequential, nn.Linear, BankedDropout, nn.Sequential, BankedDropout]


def test_a_share_of_the_values_is_dropped_and_the_mean_is_kept() -> None:
    torch.manual_seed(3)
    layer = banked()[1]
    states = torch.ones(200, 1_000)
    once, again = layer(states), layer(states)
    assert abs((once == 0).float().mean() - 0.25) < 0.01
    assert abs(once.mean() - 1) < 0.01
    assert not torch.equal(once, again)


def test_nothing_is_dropped_in_use() -> None:
    states = torch.ones(20, 10)
    assert torch.equal(banked()[1].eval()(states), states)


def test_what_is_dropped_gets_no_gradient() -> None:
    layer = banked()[1]
    states = torch.ones(20, 10, requires_grad=True)
    out = layer(states)
    out.sum().backward()
    assert states.grad is not None
    assert torch.equal(states.grad == 0, out == 0) and bool((out == 0).any())
