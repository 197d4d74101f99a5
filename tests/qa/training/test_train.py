"""Training examples teach what they say, and training can be repeated, interrupted and shipped."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from index.embedding import weights
from index.embedding.weight_file import WeightsError
from qa.answering.reader import network as networks
from qa.answering.reader.network import ReaderNetwork
from qa.evaluation.squad import Paragraph, SquadQuestion
from qa.training.paragraphs import perturbations
from qa.training.paragraphs.examples import NEGATIVE, build, read_training_sets
from qa.training.train import Item, Recipe, batches, fit
from tests.support.small_bert import small_bert

pytestmark = pytest.mark.long

SCHOOL = Paragraph(
    "友谊学校",
    "友谊学校位于涪陵。学校于2004年奠基，总投资为500万元。校园面积为30亩，有学生900人。图书馆藏书很多，孩子们喜欢去那里读书。",
    (
        SquadQuestion("1", "友谊学校的总投资是多少？", (("500万元", 24),)),
        SquadQuestion("2", "友谊学校2004年奠基了吗？", (("2004年", 12),)),
    ),
)
OTHERS = [
    Paragraph(
        "桥",
        f"第{i}座大桥位于长江上，由重庆的张建国设计，长达{i}00米，通车多年。",
        (SquadQuestion(f"b{i}", f"第{i}座大桥有多长？", ((f"{i}00米", 24),)),),
    )
    for i in range(3, 12)
]


def test_every_example_holds_its_answer_or_does_not() -> None:
    examples = list(build([SCHOOL, *OTHERS], seed=1))
    assert {"paragraph", "window", "answer_cut"} <= {example.kind for example in examples}
    answers = {"1": "500万元", "2": "2004年"} | {f"b{i}": f"{i}00米" for i in range(3, 12)}
    for example in examples:
        answer = answers[example.group.split("/")[1]]
        if example.answerable:
            assert example.passage[example.start : example.end] == answer
        elif example.kind in ("other_window", "retrieved", "answer_cut", "random"):
            assert answer not in example.passage
        assert example.answerable == (example.kind not in NEGATIVE)


def test_examples_are_the_same_for_a_seed() -> None:
    assert list(build([SCHOOL, *OTHERS], seed=1)) == list(build([SCHOOL, *OTHERS], seed=1))
    assert list(build([SCHOOL, *OTHERS], seed=1)) != list(build([SCHOOL, *OTHERS], seed=2))


def test_a_changed_question_asks_for_what_the_passage_does_not_say() -> None:
    chance = random.Random(3)
    names = perturbations.Names([paragraph.text for paragraph in OTHERS])
    found = {}
    for question in SCHOOL.questions:
        for _ in range(30):
            for kind, text in perturbations.unanswerable(
                question.text, question.answers[0][0], SCHOOL.text, names=names, chance=chance
            ):
                found[kind] = text
                assert text != question.text
    assert {"changed_number", "changed_attribute", "asked_beside"} <= found.keys()
    assert "2004" not in found["changed_number"]
    assert "总投资" not in found["changed_attribute"]


@pytest.mark.parametrize("seed", range(5))
def test_rewording_keeps_a_question(seed: int) -> None:
    assert len(perturbations.reword("友谊学校是什么时候奠基的？", random.Random(seed))) >= 4


def test_held_out_paragraphs_share_no_title_with_the_training_ones(tmp_path: Path) -> None:
    for name in ("cmrc2018_train.json", "drcd_dev.json"):
        articles = [
            {
                "title": f"題目{name}{i}",
                "paragraphs": [
                    {
                        "context": "學校",
                        "qas": [{"id": "1", "question": "？", "answers": [{"text": "學校", "answer_start": 0}]}],
                    }
                ],
            }
            for i in range(80)
        ]
        (tmp_path / name).write_text(json.dumps({"data": articles}), encoding="utf-8")
    training, validation = read_training_sets(tmp_path)
    assert len(training) + len(validation) == 240
    assert validation
    assert not {p.title.replace("題", "题") for p in training} & {p.title.replace("題", "题") for p in validation}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads of a network this small do nothing but wait for one another."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def tiny() -> ReaderNetwork:
    torch.manual_seed(0)
    return ReaderNetwork(
        small_bert(vocab_size=50, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
    )


def items(count: int = 48) -> list[Item]:
    """The answer is the token 7; without it there is none. It says yes where the token 8 stands before the passage."""
    chance, made = random.Random(5), []
    for number in range(count):
        answerable = number % 2 == 0
        ids = [0, 5, 2, 2, *(chance.randint(10, 40) for _ in range(8)), 2]
        place = chance.randint(4, 11)
        if answerable:
            ids[place] = 7
        kind = "window" if answerable else "retrieved"
        start = place if answerable else 0
        made.append(Item(ids, 4, 8, start, start, answerable, kind, str(number)))
    return made


RECIPE = Recipe(
    epochs=25, batch=8, learning_rate=2e-3, head_learning_rate=2e-3, frozen=0, negatives=4.0, checkpoint_every=20
)


def test_training_learns_to_tell_and_to_point(tmp_path: Path) -> None:
    network = tiny()
    fit(network, batches(items(), RECIPE), out=tmp_path, recipe=RECIPE)
    network.eval()
    ids = torch.tensor([item.ids for item in items(8)])
    mask = torch.zeros_like(ids)
    mask[:, 4:12] = 1
    start, _, judged = network(ids, torch.ones_like(ids), mask)
    wanted = [item.start for item in items(8)]
    assert start.argmax(dim=1).tolist() == wanted
    assert [(logit > 0) == (place > 0) for logit, place in zip(judged.tolist(), wanted, strict=True)] == [True] * 8


@pytest.mark.parametrize("exact", [True, False])
def test_a_span_that_only_holds_the_answer_teaches_no_place(tmp_path: Path, exact: bool) -> None:
    """All spans begin with the passage; only exact ones are learned."""
    network = tiny()
    moved = [replace(item, start=4, end=4, exact=exact) if item.answerable else item for item in items()]
    fit(network, batches(moved, RECIPE), out=tmp_path, recipe=RECIPE)
    network.eval()
    ids = torch.tensor([item.ids for item in moved if item.answerable])
    mask = torch.zeros_like(ids)
    mask[:, 4:12] = 1
    starts = network(ids, torch.ones_like(ids), mask)[0].argmax(dim=1).tolist()
    share = sum(start == 4 for start in starts) / len(starts)
    assert share > 0.9 if exact else share < 0.4


def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe(
        **{**{name: getattr(RECIPE, name) for name in RECIPE.__dataclass_fields__}, "epochs": 8, "checkpoint_every": 10}
    )
    whole = tiny().eval()
    monkeypatch.setattr(
        "torch.nn.Dropout.forward", lambda self, x: x
    )  # its random numbers are not part of a checkpoint
    (tmp_path / "whole").mkdir()
    fit(whole, batches(items(), recipe), out=tmp_path / "whole", recipe=recipe)
    resumed = tiny()
    fit(resumed, batches(items(), recipe), out=tmp_path / "whole", recipe=recipe)
    for name, parameter in whole.named_parameters():
        assert torch.allclose(parameter, dict(resumed.named_parameters())[name], atol=2e-2), name


def test_shipped_weights_give_the_trained_network_again(tmp_path: Path) -> None:
    base, trained = tiny(), tiny()
    with torch.no_grad():
        for parameter in networks.trained_parameters(trained, frozen=1).values():
            parameter.add_(torch.randn_like(parameter) * 0.02)
    path = tmp_path / "reader.safetensors"
    names = networks.trained_parameters(trained, frozen=1)
    encoder = {n: p for n, p in networks.trained_parameters(base, frozen=1).items() if n.startswith("encoder.")}
    weights.save(names, encoder, path, metadata={"licence": "CC-BY-SA-4.0"})
    weights.apply(base, path)
    for name, parameter in base.named_parameters():
        assert torch.allclose(parameter, dict(trained.named_parameters())[name], atol=1e-3), name


def test_layers_that_a_later_training_leaves_stay_as_they_are_stored(tmp_path: Path) -> None:
    recipe = replace(RECIPE, epochs=1, frozen=0)
    (tmp_path / "later").mkdir()
    first = fit(tiny(), batches(items(), recipe), out=tmp_path, recipe=recipe)
    later = replace(recipe, frozen=1, seed=8)
    second = fit(tiny(), batches(items(), later), out=tmp_path / "later", recipe=later, start=first)
    lower, upper = (f"encoder.encoder.layer.{number}.output.dense.weight" for number in (0, 1))
    stored, again = load_file(first), load_file(second)
    assert torch.equal(stored[lower], again[lower])
    assert not torch.equal(stored[upper], again[upper])
    read = tiny()
    weights.apply(read, second)  # the lower layer is that of the first training, not the untrained one
    assert not torch.equal(dict(read.named_parameters())[lower], dict(tiny().named_parameters())[lower])


def test_a_damaged_weight_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "reader.safetensors"
    trained = networks.trained_parameters(tiny(), frozen=1)
    weights.save(trained, {}, path, metadata={})
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(WeightsError, match=r"reader\.safetensors are missing or damaged"):
        weights.apply(tiny(), path)


def test_the_mean_of_two_trainings_lies_between_them(tmp_path: Path) -> None:
    base = tiny()
    encoder = {n: p for n, p in base.named_parameters() if n.startswith("encoder.")}
    files = []
    for number, frozen in enumerate((1, 0)):  # the second trained a layer more
        trained = tiny()
        with torch.no_grad():
            for parameter in networks.trained_parameters(trained, frozen=frozen).values():
                parameter.add_((number + 1) * 0.1)
        files.append(tmp_path / f"{number}.safetensors")
        weights.save(networks.trained_parameters(trained, frozen=frozen), encoder, files[-1], metadata={})
    weights.mean(files[0], files[1], tmp_path / "mean.safetensors", metadata={})
    read = tiny()
    weights.apply(read, tmp_path / "mean.safetensors")
    for name, parameter in read.named_parameters():
        moved = (parameter - dict(tiny().named_parameters())[name]).mean().item()
        expected = 0.0 if "embeddings" in name else 0.1 if ".layer.0." in name else 0.15
        assert moved == pytest.approx(expected, abs=2e-3), name


def test_weights_of_another_network_or_none_are_named_errors(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="missing"):
        weights.apply(tiny(), tmp_path / "none.safetensors")
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(WeightsError, match="another network"):
        weights.apply(tiny(), tmp_path / "other.safetensors")
