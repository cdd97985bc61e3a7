"""Tiny projects and the nurseries of their builds."""

import itertools
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "publishing"))  # a tiny project, a separate build

import tiny_project
from nursery import Nursery

_numbers = itertools.count()


@pytest.fixture
def project(tmp_path) -> tiny_project.Project:
    """An empty project; its package has a name of its own, as Python keeps modules by name."""
    return tiny_project.make(tmp_path, f"tiny_faults_{next(_numbers)}")


@pytest.fixture(scope="session")
def nursery(tmp_path_factory):
    """What builds are copied from."""
    started = Nursery(tmp_path_factory.mktemp("nursery"))
    yield started
    started.close()
