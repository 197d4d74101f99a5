"""What is trained from a bundle with a cut vocabulary belongs to the whole encoder; the bundle needs nothing else."""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from index.embedding import weights
from qa.answering.reader.encoding import PairEncoder
from qa.answering.reader.network import ReaderNetwork
from qa.training import bundle
from qa.training.gpu import encoder as travelling
from qa.training.gpu import examples as stored
from qa.training.gpu import measures, parts, train
from qa.training.gpu.encoder import Encoder, Shape
from qa.training.gpu.tasks import EmbedderTask, ReaderTask, Recipe
from qa.training.steps import collate
from tests.support.small_bert import small_bert

pytestmark = pytest.mark.long

TEXT = """云溪区便民卡通知
一、办理
市民可到白鹭镇窗口办理便民卡，工本费20元。自受理之日起七个工作日内发卡。
二、补办
补办便民卡收取工本费30元，三日内发卡。"""
QUESTIONS = [("办便民卡要好多钱", "20元"), ("补办几天发卡", "三日内"), ("老年人办卡优惠多少", None)]
UNUSED = "龘靐齉爩"


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads of a network this small do nothing but wait for one another."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny encoder in the form of the unpacked one, words in four bits, with pieces that never occur."""
    folder = tmp_path_factory.mktemp("model")
    letters = sorted(set(TEXT + UNUSED + "query: passage: " + "".join(question for question, _ in QUESTIONS)))
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *(letter for letter in letters if letter.strip())]
    tokenizer = Tokenizer(Unigram([(piece, -2.0) for piece in pieces], unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    sizes: dict[str, Any] = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
    }
    network = small_bert(vocab_size=len(pieces), layer_norm_eps=1e-12, **sizes)
    words = network.embeddings.word_embeddings.weight
    with torch.no_grad():
        words.copy_(torch.randint(-8, 8, words.shape) * 0.25)
        words[:, 0] = -2.0
    network.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def made(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of one small document."""
    folder = tmp_path_factory.mktemp("bundle")
    questions = [
        {"question": question, "answer": answer, "start": TEXT.index(answer) if answer else None, "kind": "direct"}
        for question, answer in QUESTIONS
    ]
    row = {"document": "d1", "title": TEXT.split("\n")[0], "genre": "通知", "text": TEXT, "questions": questions}
    file = folder / "questions.jsonl"
    file.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    given = ["--questions", str(file), "--validation", str(file), "--model", str(model), "--epochs", "3"]
    bundle.main([str(folder / "made"), *given, "--sets", str(folder)], progress=lambda line: None)
    return folder / "made"


def whole(model: Path) -> ReaderNetwork:
    from transformers import BertModel  # see small_bert

    torch.manual_seed(1)
    return ReaderNetwork(BertModel.from_pretrained(model, add_pooling_layer=False)).eval()


def cut(made: Path) -> tuple[Encoder, Shape]:
    shape = Shape(**json.loads((made / "shape.json").read_text(encoding="utf-8")))
    encoder = Encoder(shape)
    encoder.load_state_dict(travelling.unpacked(load_file(made / "encoder.safetensors")))
    return encoder.eval(), shape


def trained(made: Path, out: Path, *further: str) -> Path:
    train.main(["--bundle", str(made), "--out", str(out), "--steps", "6", "--recipes", "base", *further])
    return out


FAST = ("--change", '{"learning_rate": 0.01, "head_learning_rate": 0.01, "batch": 4, "layers": 1}')


@pytest.mark.parametrize("task", ["reader", "embedder"])
def test_what_a_bundle_trained_does_the_same_on_the_whole_encoder(
    task: str, model: Path, made: Path, tmp_path: Path
) -> None:
    out = trained(made, tmp_path / "out", "--tasks", task, *FAST)
    joined = tmp_path / "joined.safetensors"
    assert bundle.main([str(joined), "--join", *map(str, sorted(out.glob(f"{task}-*.safetensors")))]) == 0
    network, small = whole(model), ReaderNetwork(cut(made)[0]).eval()  # type: ignore[arg-type]  # as its tasks do
    small.load_state_dict({n: p for n, p in network.state_dict().items() if not n.startswith("encoder.")}, strict=False)
    pairs = [(question, TEXT) for question, _ in QUESTIONS]
    windows = PairEncoder(model).encode(pairs)
    sequences = [(window.ids, window.first, len(window.offsets)) for window in windows]
    before = network(*collate(sequences, torch.device("cpu")))
    for one in (network, small):
        weights.apply(one, joined)
    after = network(*collate(sequences, torch.device("cpu")))
    kept = stored.read(made, torch.device("cpu")).arrays["vocabulary"]
    places = {int(token): place for place, token in enumerate(kept)}
    renumbered = [([places[token] for token in ids], first, length) for ids, first, length in sequences]
    for there, here, untrained in zip(small(*collate(renumbered, torch.device("cpu"))), after, before, strict=True):
        assert torch.allclose(there, here, atol=1e-4)
        assert not torch.allclose(here, untrained, atol=1e-3)


def test_only_pieces_that_occur_travel_and_the_encoder_is_exactly_the_bundled_one(model: Path, made: Path) -> None:
    kept = stored.read(made, torch.device("cpu")).arrays["vocabulary"]
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    assert not {tokenizer.token_to_id(letter) for letter in UNUSED} & set(kept.tolist())
    base = load_file(model / "model.safetensors")
    words = "embeddings.word_embeddings.weight"
    for name, tensor in cut(made)[0].state_dict().items():
        assert np.array_equal(tensor.numpy(), base[name][kept] if name == words else base[name]), name
    packed = load_file(made / "encoder.safetensors")
    assert packed[words + ".q4"].nbytes == len(kept) * 16  # four bits each; drawn at random, the others are not


def test_batches_are_what_the_product_reads(model: Path, made: Path) -> None:
    examples = stored.read(made, torch.device("cpu"))
    kept = examples.arrays["vocabulary"]
    passages = examples.texts["passages"]
    rows = np.array(
        [
            (0, question[0], passage[0], 0, examples.sizes(passage[:1])[0], 0, 0, 0)
            for question in examples.arrays["validation_questions"]
            for passage in examples.arrays["validation_passages"]
        ],
        dtype=np.int32,
    )
    pairs = [(question, passage) for question, _ in QUESTIONS for passage in passages]
    windows = PairEncoder(model).encode(pairs)
    for ids, attention, passage_mask, window in zip(*stored.read_together(examples, rows), windows, strict=True):
        size = len(window.ids)
        assert kept[ids[:size]].tolist() == window.ids and set(ids[size:].tolist()) <= {1}
        assert attention.sum() == size
        assert passage_mask.nonzero().flatten().tolist() == list(
            range(window.first, window.first + len(window.offsets))
        )
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    numbers = examples.arrays["validation_questions"][:, 1]
    for most in (400, 5):
        for ids, attention, (question, _) in zip(*stored.read_alone(examples, numbers, most), QUESTIONS, strict=True):
            assert kept[ids[: attention.sum()]].tolist() == tokenizer.encode("query: " + question).ids[:most]


def test_answers_stand_where_the_examples_say(model: Path, made: Path) -> None:
    examples = stored.read(made, torch.device("cpu"))
    rows = examples.arrays["reader"]
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    ids, _, _ = stored.read_together(examples, rows)
    seen = set()
    for row, sequence in zip(rows, ids, strict=True):
        words = examples.arrays["vocabulary"][sequence[row[5] : row[6] + 1]].tolist()
        if row[7]:
            seen.add("".join(tokenizer.id_to_token(token) or "" for token in words).strip("▁"))
    assert seen == {"20元", "三日内"}
    assert set(rows[:, 0]) == {0, 1, 2}


def test_the_same_seed_trains_the_same_weights(made: Path, tmp_path: Path) -> None:
    outs = [
        trained(made, tmp_path / str(seed), "--seed", seed[0], "--tasks", "reader", *FAST) for seed in ("1", "1b", "2")
    ]
    one, again, other = (load_file(out / "reader-1.safetensors") for out in outs)
    assert all(np.array_equal(one[name], again[name]) for name in one)
    assert any(not np.array_equal(one[name], other[name]) for name in one)


def test_recipes_are_compared_and_the_best_is_written(made: Path, tmp_path: Path) -> None:
    given = ["--recipes", "base,smooth,ranked", "--tasks", "reader", "--change", '{"batch": 4, "layers": 2}']
    train.main(["--bundle", str(made), "--out", str(tmp_path), "--steps", "2", *given])
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["reader"]
    assert {"start", "base", "smooth", "ranked"} < set(report["figures"])
    assert report["files"] == ["reader-1.safetensors"]
    assert report["as_written"] == pytest.approx({name: report["best"][name] for name in report["as_written"]}, abs=0.1)


def test_layers_that_only_the_start_trained_stay_in_the_result(model: Path, made: Path, tmp_path: Path) -> None:
    first = trained(made, tmp_path / "first", "--tasks", "reader", "--change", '{"learning_rate": 0.01, "layers": 2}')
    begun = ["--reader", str(first / "reader-1.safetensors"), "--tasks", "reader"]
    second = trained(made, tmp_path / "second", *begun, "--change", '{"layers": 1}')
    assert any(".layer.0." in name for name in load_file(second / "reader-1.safetensors"))


def test_a_weight_file_is_split_and_joined_unchanged(tmp_path: Path) -> None:
    tensors: dict[str, npt.NDArray[Any]] = {
        "encoder.a": np.ones((4, 8), np.int8),
        "encoder.a.scale": np.ones((4, 1), np.float32),
    }
    tensors["judge.0.weight"] = np.arange(64, dtype=np.float16)
    save_file(tensors, tmp_path / "reader.safetensors", metadata={"licence": "MIT"})
    found = parts.split(tmp_path / "reader.safetensors", 100)
    assert [path.name for path in found] == ["reader-1.safetensors", "reader-2.safetensors"]
    parts.join(found, tmp_path / "again.safetensors")
    again = load_file(tmp_path / "again.safetensors")
    assert again.keys() == tensors.keys() and all(np.array_equal(again[name], tensors[name]) for name in tensors)
    with pytest.raises(ValueError, match="not all of one weight file: 1 of 2"):
        parts.join(found[:1], tmp_path / "half.safetensors")


def test_figures_are_what_they_are_called() -> None:
    scores = np.array([3.0, 2.0, 1.0, 0.0, 2.5, -1.0])
    answerable = np.array([True, True, True, False, False, False])
    right = np.array([True, False, True, False, False, False])
    assert measures.auc(scores, answerable) == pytest.approx(7 / 9)
    assert measures.right_where_shown(scores, answerable, right, 0.1) == pytest.approx(1 / 3)
    assert measures.right_where_shown(scores, answerable, right, 0.4) == pytest.approx(2 / 3)


def test_losses_fall_for_what_is_wanted(made: Path) -> None:
    examples = stored.read(made, torch.device("cpu"))
    for task in (ReaderTask(examples), EmbedderTask(examples)):
        for change in ({}, {"smoothing": 0.1, "ranking": 1.0}):
            recipe = Recipe(batch=8, **change)  # type: ignore[arg-type]  # numbers all
            torch.manual_seed(0)
            network = task.network(cut(made)[0])
            batch = next(iter(task.epoch(recipe, 0)))
            optimizer = torch.optim.Adam(network.parameters(), 0.003)
            losses = []
            for _ in range(25):
                loss = task.loss(network.eval(), batch, recipe)
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]  # of PyTorch
                optimizer.step()
                losses.append(loss.item())
            assert losses[-1] < losses[0] and losses[0] < 20


def test_what_travels_imports_nothing_that_does_not() -> None:
    allowed = {"torch", "numpy", "safetensors", *sys.stdlib_module_names}
    own = {name.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".") for name in bundle.MODULES}
    for name in bundle.MODULES:
        tree = ast.parse((bundle.ROOT / name).read_text(encoding="utf-8"))
        later = {node for top in ast.walk(tree) if isinstance(top, ast.FunctionDef) for node in ast.walk(top)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node not in later:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                typing_only = node.module == "transformers"
                assert node.module.split(".")[0] in allowed or whole <= own or node.module in own or typing_only, name
            elif isinstance(node, ast.Import) and node not in later:
                assert {alias.name.split(".")[0] for alias in node.names} <= allowed, name
