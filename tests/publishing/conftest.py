import itertools

import pytest
import tiny_project

_numbers = itertools.count()


@pytest.fixture
def project(tmp_path) -> tiny_project.Project:
    """An empty project; its package has a name of its own, as Python keeps modules by name."""
    return tiny_project.make(tmp_path, f"tiny_reports_{next(_numbers)}")
