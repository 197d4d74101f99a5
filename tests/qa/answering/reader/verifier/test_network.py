"""The verifier's network: lower layers as bundled, upper ones and a head of its own."""

from pathlib import Path
from typing import Any

import pytest
import torch

from index.embedding import weights
from qa.answering.reader import network as readers
from qa.answering.reader.verifier import network as networks
from qa.answering.reader.verifier.network import KEPT_LAYERS
from tests.support.small_bert import small_bert

pytestmark = pytest.mark.long  # it takes longer to import PyTorch


def tiny() -> readers.ReaderNetwork:
    torch.manual_seed(0)
    encoder = small_bert(
        vocab_size=50,
        hidden_size=16,
        num_hidden_layers=KEPT_LAYERS + 1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    return readers.ReaderNetwork(encoder)


def weight(network: networks.VerifierNetwork | readers.ReaderNetwork) -> torch.Tensor:
    layers: Any = network.encoder.encoder.layer
    found: torch.Tensor = layers[KEPT_LAYERS].output.dense.weight
    return found


def test_a_verifier_is_the_bundled_encoder_unless_it_starts_as_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "build", lambda folder: tiny())
    encoder, trained = tiny(), tiny()
    with torch.no_grad():
        weight(trained).add_(0.5)
    base = {name: p for name, p in encoder.named_parameters() if name.startswith("encoder.")}
    path = tmp_path / "reader.safetensors"
    weights.save(dict(trained.named_parameters()), base, path, metadata={})

    network = networks.build(tmp_path)
    assert torch.equal(weight(network), weight(encoder))
    networks.start_as_reader(network, path)
    assert torch.allclose(weight(network), weight(trained), atol=0.01)


def test_the_head_and_the_layers_that_are_not_kept_are_trained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(readers, "build", lambda folder: tiny())
    names = set(networks.trained_parameters(networks.build(tmp_path)))
    layers = {int(name.split(".")[3]) for name in names if name.startswith("encoder.")}
    assert layers == {KEPT_LAYERS}
    assert {name for name in names if not name.startswith("encoder.")} == {
        f"head.{part}.{kind}" for part in (0, 3) for kind in ("weight", "bias")
    }
