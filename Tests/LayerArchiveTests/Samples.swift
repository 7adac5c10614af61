/// The layers of v1.md §6.3, as they stand there, and packed otherwise.
enum Samples {
    /// A directory and a file; gzip.
    static let e1 =
        "H4sIAAAAAAACA0vRZ6A5MAACc1NTMA0E6DSYbWhkbGxiYmIOFjc0MDA2YVAwZaADKC0uSSwCOqUoP78EnzpC8kMUpOhnZNIj/s1MTPDEvxl6/BubGjMoGIzGP81B"
        + "RmpOTj4XwygYBaNgFIyCEQYAtbM+BAAKAAA="
    static let e1JSON =
        #"{"id":"1111111111111111111111111111111111111111111111111111111111111111","created":"2014-05-13T16:53:20Z"}"#
    static let e1DiffID = "sha256:6bebb60506bcc81485e57cd53942d207ae8ac3d63a441e0980171c192d3efb66"
    static let e1Tarsum = "tarsum+sha256:0ae8fce9427c4b5c9071ae2ae76c838044fb513ce586b24360931edf87574458"

    /// A file with extended attributes (PAX), a symbolic link, a device; gzip.
    static let e2 =
        "H4sIAAAAAAACA+2VvQqDMBCAb/YpfIJ4+TGZhEIXCx0KnTpG6ya2xAg+fhWRQqmWDoZa8y0XcoEjHN8diUi0O+k2LfS1MLAIODAVESV7nvt7ioxyCFtwQFNbbbry"
        + "sE1YHJ736eF4Ia221pCmLgzJEha8TeiEBuD5I3J9X7xGL7WK42n/kQNlnAsh1Oi/6vxHl/6b283OvfuUXyk6y70EG6aswI3/Ss34j6/+S44QMhfDaeP+V01Zuui/"
        + "lPKL/lMlFIR8TfN/+AeFcaF5PB7Pj/MA8m8u6QAQAAA="
    static let e2JSON =
        #"{"id":"2222222222222222222222222222222222222222222222222222222222222222","parent":"#
        + #""1111111111111111111111111111111111111111111111111111111111111111","created":"2014-05-13T16:53:21Z"}"#

    /// `f`, another `f`, `g`; no end blocks; gzip.
    static let e3 =
        "H4sIAAAAAAACA0tjoD0wAAIzExMwDQToNBAYMhgaGRubmJiYQ8TNzU0NGBQM6OA2htLiksQioJVF+fkl+NQRkh+iwJBhFIxkkDaa/0d0/jcazQIjGqQP1vxvOJr/"
        + "6QGMR7PAiAYA7M66HgAMAAA="

    /// The tar of ``e1`` by python3: `base64.b64encode(bz2.compress(tar))`.
    static let e1BZip2 =
        "QlpoOTFBWSZTWcqAbiIAAFV7hMmQAEBAAP+AAAVmZJ4AAACACCAAchKppkNBoyBoPSeoJIqep6T01PU2hHpB6TLnuWU4EuEYCSyqYYhckU0c7AmFdw+GkAR6GAtt"
        + "EVmCDsDjlNiFRmrRxwnHpO2MRkbmyoydaUJhyFDUQUcCimgH4u5IpwoSGVANxEA="
    /// `base64.b64encode(lzma.compress(tar))`.
    static let e1XZ =
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4An/AGJdADILvBunjDRE4cIHdekACY2x6GZmQ/lxF5A3HVyNE10nAkOILo2zZPGvohTUSzi9H4+7b+QpCr/tTv6552rK"
        + "T4JQ7ecb8SXJBkHiEs/RJsUNL3L10yYeb8yJdPRO9pibCk0AAAAAiauNGhzWljQAAX6AFAAAADbI4JyxxGf7AgAAAAAEWVo="
    /// `base64.b64encode(lzma.compress(tar, preset=9))`: unpacking asks for 65 MiB.
    static let e1XZ9 =
        "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4An/AGJdADILvBunjDRE4cIHdekACY2x6GZmQ/lxF5A3HVyNE10nAkOILo2zZPGvohTUSzi9H4+7b+QpCr/tTv6552rK"
        + "T4JQ7ecb8SXJBkHiEs/RJsUNL3L10yYeb8yJdPRO9pibCk0AAAAAiauNGhzWljQAAX6AFAAAADbI4JyxxGf7AgAAAAAEWVo="
    /// The tar of ``e1`` by zstd 1.5.4: `zstd -c e1.tar`; `zstd -19 <e1.tar`, which does not know the size; `zstd -c --no-check e1.tar`.
    static let e1Zstd =
        "KLUv/WQACX0DAOQDZC8AMDAwMDc1NTAwMAAxMjMzNDQ0NzEwMDM0ACA1dXN0YXIAMDByb290ZC9oaTY0NDYzNTMAIDBoZWxsbwoSAJnlfrBgKmBALYDcARJDviton5mI"
        + "BigAGHIvAJTAguaY4UP1gRUAHCuX8QkMAWiJeoQ="
    static let e1ZstdPiped =
        "KLUv/QRozQIAUkQNEKDtdBT0UtXYvpRaqVdY9BQGjbGkHpybRbUsJZBha+63O/BFb7DmP+7/RlUzyfC9a/7fAgUNIIAZmQf2+Q0YtZBb4QgDUnImhTEAwx+kPgZKgB2f"
        + "+BBoiXqE"
    static let e1ZstdUnchecked =
        "KLUv/WAACX0DAOQDZC8AMDAwMDc1NTAwMAAxMjMzNDQ0NzEwMDM0ACA1dXN0YXIAMDByb290ZC9oaTY0NDYzNTMAIDBoZWxsbwoSAJnlfrBgKmBALYDcARJDviton5mI"
        + "BigAGHIvAJTAguaY4UP1gRUAHCuX8QkMAQ=="
    /// `zstd --ultra -22 <e1.tar`, which asks for a window of 128 MiB, and `zstd --long=31 <e1.tar`, which asks for 2 GiB.
    static let e1ZstdUltra =
        "KLUv/QSIzQIAUkQNEKDtdBT0UtXYvpRaqVdY9BQGjbGkHpybRbUsJZBha+63O/BFb7DmP+7/RlUzyfC9a/7fAgUNIIAZmQf2+Q0YtZBb4QgDUnImhTEAwx+kPgZKgB2f"
        + "+BBoiXqE"
    static let e1ZstdLong =
        "KLUv/QSoRQMAwoQOFJAl6iwHuIJK/3+gtb33Myyq00hlwVKKSI9envkRzX+LRFDbWuzLhgYINEfxvtz/IOKdUHozz38JChAAmYEfLJgKGFDLAIFohgD7FDEMJqUBKobC"
        + "ARD+AGSDFVYQwA23N1GQgCFoiXqE"
    /// The sum of the tar of ``e1`` as zlib 1.2.13 packs it at level 3, without name and time.
    static let e1PackedSum = "sha256:251f80e1f68292f5dc7c6b2950b72887501d3dc33080bc3ce0267f719a9b8bf1"

    /// Nothing, packed by `gzip.compress(b"", 9, mtime=0)`, `bz2.compress(b"")` and `lzma.compress(b"")`.
    static let emptyGzip = "H4sIAAAAAAACAwMAAAAAAAAAAAA="
    static let emptyBZip2 = "QlpoORdyRThQkAAAAAA="
    static let emptyXZ = "/Td6WFoAAATm1rRGAAAAABzfRCEftvN9AQAAAAAEWVo="
    /// `zstd </dev/null`.
    static let emptyZstd = "KLUv/SQAAQAAmenYUQ=="

    /// 64 KiB of zeros: `gzip.compress(bytes(65536), 9, mtime=0)`.
    static let zerosGzip =
        "H4sIAAAAAAACA+3BAQEAAACAkP6v7ggKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAauuOl9cAAAEA"
        + ""
    /// 4 MiB of zeros: `bz2.compress(bytes(4 << 20))`.
    static let zerosBZip2 = "QlpoOTFBWSZTWVYC4ogAICBIAMAAAAQACCAAMMwFKaYCAbECAeLuSKcKEgrAXFEA"
    /// 1 MiB of zeros: `lzma.compress(bytes(1 << 20))`.
    static let zerosXZ =
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj7///ANldAABv/f//o7f/Rz5IFXI5YVG4kijmo4YH+e7kHoLTL8U6PAFLsX7JiopNL6MN2X+m44wjEVPgWRjFdYrid/i2"
        + "lH8MasDedElk4ulcU7IE2PdEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGxCy4g/XACP0E6vJiiUcR89jyThcJ6nI1/sKMuF0ZWYin4qkfIndfcZwAaYTZj92K/V"
        + "kA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1Iq9+SVJQAAAAAAwva6PqJwa2AAAfUBgIBAAHmXf0exxGf7AgAA"
        + "AAAEWVo="
    /// 1 MiB of zeros by zstd(1).
    static let zerosZstd = "KLUv/QRYVAAAEAAAAQD7/znAAgIAEAACABAAAgAQAAIAEAACABAAAgAQAAMAEADxPhbh"
    /// `hello` and a newline, which is no tar: `gzip.compress(b"hello\n", 9, mtime=0)`.
    static let helloGzip = "H4sIAAAAAAACA8tIzcnJ5wIAIDA6NgYAAAA="
}
