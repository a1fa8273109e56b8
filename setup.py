"""Builds the compiled kernels where there is a C compiler; everything else stands in pyproject.toml."""

from pathlib import Path

from setuptools import Extension, setup

KERNELS = Path("streams/kernels")

setup(
    ext_modules=[
        Extension(
            "streams.kernels._native",
            sources=sorted(map(str, KERNELS.glob("*.c"))),
            depends=sorted(map(str, KERNELS.glob("*.h"))),
            # sums of floats have to come out as numpy's do: no fused multiplication and addition
            extra_compile_args=["-std=c11", "-O3", "-ffp-contract=off", "-fvisibility=hidden", "-Wall", "-Wextra"],
            libraries=["m"],
            # without a compiler, or Python's headers, the package installs and takes the forms in numpy
            optional=True,
        )
    ]
)
