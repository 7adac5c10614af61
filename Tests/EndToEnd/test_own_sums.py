"""The tests' own sums against known values, so that a mistake in them is not taken for one of the server."""
from __future__ import annotations

import base64

import pytest

from tarsum import payload_sum, tarsum

DIRECTORY_AND_FILE = base64.b64decode(
    "H4sIAAAAAAACA0vRZ6A5MAACc1NTMA0E6DSYbWhkbGxiYmIOFjc0MDA2YVAwZaADKC0uSSwCOqUoP78EnzpC8kMUpOhnZNIj/s1MTPDEvxl6/BubGjMo"
    "GIzGP81BRmpOTj4XwygYBaNgFIyCEQYAtbM+BAAKAAA=")
ATTRIBUTES_LINK_DEVICE = base64.b64decode(
    "H4sIAAAAAAACA+2VvQqDMBCAb/YpfIJ4+TGZhEIXCx0KnTpG6ya2xAg+fhWRQqmWDoZa8y0XcoEjHN8diUi0O+k2LfS1MLAIODAVESV7nvt7ioxyCFtw"
    "QFNbbbrysE1YHJ736eF4Ia221pCmLgzJEha8TeiEBuD5I3J9X7xGL7WK42n/kQNlnAsh1Oi/6vxHl/6b283OvfuUXyk6y70EG6aswI3/Ss34j6/+S44QMhfD"
    "aeP+V01Zuui/lPKL/lMlFIR8TfN/+AeFcaF5PB7Pj/MA8m8u6QAQAAA=")
DUPLICATES = base64.b64decode(
    "H4sIAAAAAAACA0tjoD0wAAIzExMwDQToNBAYMhgaGRubmJiYQ8TNzU0NGBQM6OA2htLiksQioJVF+fkl+NQRkh+iwJBhFIxkkDaa/0d0/jcazQIjGqQP"
    "1vxvOJr/6QGMR7PAiAYA7M66HgAMAAA=")
FIRST = b'{"id":"%s","created":"2014-05-13T16:53:20Z"}' % (b"1" * 64)
SECOND = b'{"id":"%s","parent":"%s","created":"2014-05-13T16:53:21Z"}' % (b"2" * 64, b"1" * 64)

KNOWN = [
    (DIRECTORY_AND_FILE, FIRST, "tarsum", False, "0ae8fce9427c4b5c9071ae2ae76c838044fb513ce586b24360931edf87574458"),
    (DIRECTORY_AND_FILE, b"", "tarsum", False, "b38d08b1161c7b686dfa0be45c7947ac1180e61eda6a0312d699e54496ed9866"),
    (DIRECTORY_AND_FILE, FIRST, "tarsum.v1", False, "c1007857737c256389cbdef033f969f973f02225c3099fd616e6ac9dd4ec157f"),
    (DIRECTORY_AND_FILE, b"", "tarsum.v1", False, "a172dbd4ddba61567b0aae08ad90a510d16501b15585ece4b277f0e9d788af0f"),
    (ATTRIBUTES_LINK_DEVICE, SECOND, "tarsum", False, "51478bcb8dcf3d5f5ddd4352554982a46398efd8e222ec09eeffe9a8dd9800fb"),
    (ATTRIBUTES_LINK_DEVICE, SECOND, "tarsum.v1", False, "f0e354adb0014a90c513501bd3f5eb5b5c8ad5425f8de98dc137f38e807259bf"),
    (ATTRIBUTES_LINK_DEVICE, b"", "tarsum.v1", False, "3eb77ca73ab7d451e712aedf56afd698ca864cea7a6f22332196806c8fccd064"),
    (DUPLICATES, b"", "tarsum", False, "dfd459e61cbef5165c2f9af2056d422ac32cf3f8b90d43a19ca26c5d056e5f4b"),
    (DUPLICATES, b"", "tarsum", True, "f64278fecd409c256d275463fbf5c4b2f6265d37f28203653a825d73744a26b9"),
    (DUPLICATES, b"", "tarsum.v1", False, "e3c39e4a92b846cc862e18cb974b9004d4bcc06959d14d2169ad9a70e19dc1cd"),
]


@pytest.mark.parametrize("layer, extra, label, last_wins, expected", KNOWN)
def test_tarsum_has_the_known_value(layer: bytes, extra: bytes, label: str, last_wins: bool, expected: str) -> None:
    assert tarsum(layer, extra, label, last_wins) == f"{label}+sha256:{expected}"


@pytest.mark.parametrize("json, layer, expected", [
    (b"", b"", "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"),
    (b"test", b"", "f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2"),
    (FIRST, DIRECTORY_AND_FILE, "e19c9104c426e65d3875adf93e6eb90a38f560ea789352641b5fd829d7b6d418"),
    (SECOND, ATTRIBUTES_LINK_DEVICE, "e22e9233e68c03b97daff8ff44c2dc39c3be3102cb86db37cc3247b5f3cf17be"),
])
def test_payload_sum_has_the_known_value(json: bytes, layer: bytes, expected: str) -> None:
    assert payload_sum(json, layer) == f"sha256:{expected}"
