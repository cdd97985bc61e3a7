"""A chart is drawn once, whoever asks for it; what is not whole is never used."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from kpireport.errors import RenderingError
from kpireport.presentation import drawing
from kpireport.publishing import chart_cache
from kpireport.publishing.chart_cache import ChartCache

SPEC = {"data": {"values": [{"a": 1, "b": 2}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}


@pytest.fixture
def cache(tmp_path):
    return ChartCache(tmp_path / "charts")


def entries(cache):
    return sorted(path for path in cache._folder.glob("*/*"))


def test_second_drawing_is_the_first_one_read_again(cache, monkeypatch):
    first = cache.draw(SPEC)
    assert first == drawing.draw(SPEC)
    monkeypatch.setattr(drawing, "draw", lambda spec: pytest.fail("drawn again"))
    assert ChartCache(cache._folder).draw(SPEC) == first
    assert len(entries(cache)) == 1


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda content: content[:-20], id="cut_short"),
        pytest.param(lambda content: content.replace(b"<svg", b"<svG", 1), id="one_letter"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content.partition(b"\n")[2], id="without_digest"),
        pytest.param(lambda content: b"\xff\xfe" + content, id="not_ascii"),
    ],
)
def test_an_entry_that_is_not_whole_is_drawn_again_and_put_right(cache, harm):
    drawn = cache.draw(SPEC)
    (path,) = entries(cache)
    whole = path.read_bytes()
    path.write_bytes(harm(whole))
    assert ChartCache(cache._folder).draw(SPEC) == drawn
    assert path.read_bytes() == whole


def test_an_entry_under_the_name_of_another_chart_is_not_used(cache):
    cache.draw(SPEC)
    (one,) = entries(cache)
    other = {**SPEC, "mark": "square"}
    drawn = cache.draw(other)
    (two,) = [path for path in entries(cache) if path != one]
    two.write_bytes(one.read_bytes())
    assert ChartCache(cache._folder).draw(other) == drawn


@pytest.mark.parametrize("changed", ["specification", "library, font or drawing code"])
def test_whatever_decides_the_look_is_part_of_the_name(cache, monkeypatch, changed):
    cache.draw(SPEC)
    if changed == "specification":
        cache.draw({**SPEC, "width": 201})
    else:
        monkeypatch.setattr(drawing, "identity", lambda: "another version")
        cache.draw(SPEC)
    assert len(entries(cache)) == cache.drawn == 2


def test_what_cannot_be_drawn_is_not_kept(cache):
    for _ in range(2):
        with pytest.raises(RenderingError):
            cache.draw({"mark": "nonsense", "data": {"values": []}})
    assert entries(cache) == []


def test_a_folder_that_cannot_be_written_costs_no_report(tmp_path):
    (tmp_path / "charts").write_text("a file where the folder should be", encoding="utf-8")
    assert ChartCache(tmp_path / "charts").draw(SPEC) == drawing.draw(SPEC)


def test_processes_that_want_the_same_chart_at_once_draw_it_once(tmp_path):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        counted = list(pool.map(_draw_ten, [tmp_path / "charts"] * 2))
    assert sum(counted) == 10


def _draw_ten(folder):
    cache = ChartCache(folder)
    for width in range(200, 210):
        cache.draw({**SPEC, "width": width})
    return cache.drawn


def test_the_longest_unused_go_first_when_there_is_too_much(cache):
    specs = [{**SPEC, "width": width} for width in (201, 202, 203)]
    for spec in specs:
        cache.draw(spec)
    for age, path in enumerate(entries(cache)):
        os.utime(path, ns=(age, age))
    used = cache.draw(specs[0])  # used now: no longer the oldest
    size = sum(path.stat().st_size for path in entries(cache))
    chart_cache.trim(cache._folder, largest=size - 1)
    assert len(entries(cache)) == 2
    before = cache.drawn
    assert cache.draw(specs[0]) == used
    assert cache.drawn == before
