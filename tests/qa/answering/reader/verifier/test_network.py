"""The verifier's network: lower layers of the reader's, upper ones of its own."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import BertConfig, BertModel

from index.embedding import weights
from qa.answering.reader import network as readers
from qa.answering.reader.verifier import network as networks
from qa.answering.reader.verifier.judging import SHARED_LAYERS

pytestmark = pytest.mark.long  # it takes longer to import PyTorch


def tiny() -> readers.ReaderNetwork:
    torch.manual_seed(0)
    shape = BertConfig(
        vocab_size=50,
        hidden_size=16,
        num_hidden_layers=SHARED_LAYERS + 1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    return readers.ReaderNetwork(BertModel(shape, add_pooling_layer=False))


def weight(network: networks.VerifierNetwork | readers.ReaderNetwork, number: int) -> Any:
    layers: Any = network.encoder.encoder.layer
    return layers[number].output.dense.weight


def layer(network: networks.VerifierNetwork | readers.ReaderNetwork, number: int) -> torch.Tensor:
    found: torch.Tensor = weight(network, number).detach().clone()
    return found


def test_a_reader_trained_further_above_the_shared_layers_changes_nothing_in_the_verifier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "build", lambda folder: tiny())
    below, own = SHARED_LAYERS - 1, SHARED_LAYERS
    encoder, trained = tiny(), tiny()
    with torch.no_grad():
        for number in (below, own):
            weight(trained, number).add_(0.5)
    named = dict(trained.named_parameters())
    base = {name: p for name, p in encoder.named_parameters() if name.startswith("encoder.")}
    path = tmp_path / "reader.safetensors"
    weights.save(named, base, path, metadata={})

    network = networks.build(tmp_path, path)
    assert torch.allclose(layer(network, below), layer(trained, below), atol=0.01)
    assert torch.equal(layer(network, own), layer(encoder, own))
    networks.start_as_reader(network, path)
    assert torch.allclose(layer(network, own), layer(trained, own), atol=0.01)
    assert torch.allclose(layer(network, below), layer(trained, below), atol=0.01)
