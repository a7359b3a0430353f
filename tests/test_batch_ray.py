"""A run on a Ray cluster: a node is killed, the driver is killed, and it comes out row for row the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawls import FEW_BYTES, done, driver, kill, tables, wait_for
from made_crawl import hostile, response, write_warc
from onrecord.batch.records import Settings
from onrecord.batch.run import run

ray = pytest.importorskip("ray", reason="Ray is not installed; pip install ray, and this test runs")


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Three nodes with a core each, on this machine."""
    from ray.cluster_utils import Cluster

    small = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
    # Ray takes half a minute otherwise to see that a node is gone.
    looks = {"health_check_period_ms": 1_000, "health_check_timeout_ms": 5_000, "health_check_failure_threshold": 3}
    made = Cluster(initialize_head=True, head_node_args={**small, "include_dashboard": False, "_system_config": looks})
    made.others = [made.add_node(**small) for _ in range(2)]
    made.wait_for_nodes()
    yield made
    ray.shutdown()
    made.shutdown()


def test_nodes_and_drivers_may_die(cluster: Any, tmp_path: Path) -> None:
    bad = list(hostile().values())
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    write_warc(
        crawl / "a.warc.gz", [one for number in range(120) for one in (response(number), *bad[number : number + 1])]
    )
    undisturbed, output = tmp_path / "undisturbed", tmp_path / "output"
    summary = run([str(crawl)], str(undisturbed), Settings(engine="rules"), workers=2, shard_bytes=FEW_BYTES)
    shards = summary.apart.shards
    assert shards > 12

    first = driver(crawl, output, cluster.address)
    wait_for(first, output, shards // 4)
    cluster.remove_node(cluster.others[0], allow_graceful=False)
    wait_for(first, output, shards // 2)
    kill(first)
    assert done(output) < 2 * shards

    second = driver(crawl, output, cluster.address)
    said = second.communicate(timeout=240)[1]
    assert second.returncode == 0, said[-3_000:].decode()
    assert tables(output) == tables(undisturbed)
