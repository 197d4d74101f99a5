"""The address of an object store is read, or refused in a sentence that holds no secret."""

import sys

import pytest

from index.files.objects import ObjectsUnfit, S3Objects


@pytest.mark.parametrize(
    "address",
    [
        "s3+https://wenda:geheim@objects.example/bucket",
        "s3+http://wenda:geheim%2F%40@10.0.0.5:8333/bucket/office/wenda?region=cn-north-1",
    ],
)
def test_an_address_is_read(address: str) -> None:
    assert S3Objects(address)


@pytest.mark.parametrize(
    "address",
    [
        "s3://wenda:geheim@objects.example/bucket",
        "s3+https://objects.example/bucket",
        "s3+https://wenda:geheim@objects.example",
        "s3+https://wenda:geheim@:9000/bucket",
        "s3+https://wenda:geheim@objects.example:port/bucket",
        "s3+https://wenda@objects.example/bucket",
    ],
)
def test_another_is_refused(address: str) -> None:
    with pytest.raises(ObjectsUnfit, match="QA_SNAPSHOTS_URL 读不懂") as refused:
        S3Objects(address)
    assert "geheim" not in str(refused.value)


def test_without_its_packages_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(ObjectsUnfit, match="requirements-cluster.txt"):
        S3Objects("s3+https://wenda:geheim@objects.example/bucket")
