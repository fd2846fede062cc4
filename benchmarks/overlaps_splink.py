"""The same activities given to splink on DuckDB, a library that finds records which mean one thing: what it finds, and at what cost.

``python -m benchmarks.overlaps_splink activities.csv 302``: knows nothing of Django. Splink is told what a record linker can be told:
titles, topic, audience with its ages, where, and in which days; it learns its weights by itself, as its manual sets out. A pair is
taken for found from the probability named; two departments holding different things at one hour are no matter of likeness, so
clashes are not asked of it.
"""

import json
import resource
import sys
import time

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

# From which probability a pair counts as found.
PROBABILITY = 0.5
SAMPLE = 1_000_000


def main(path: str, planted: int) -> None:
    """Find the duplicates; pairs with their probabilities to ``path.found``, what it took to stdout."""
    began, cpu = time.perf_counter(), time.process_time()
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    table = connection.sql(
        f"SELECT *, list_transform(string_split(title, ' '), lambda word: word[:5]) AS words FROM read_csv('{path}', header = true)"
    ).to_arrow_table()
    place = [
        cll.DistanceInKMLevel("lat", "lon", km_threshold=6),
        cll.DistanceInKMLevel("lat", "lon", km_threshold=15),
        cll.DistanceInKMLevel("lat", "lon", km_threshold=18),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        # It is told how many there are.
        probability_two_random_records_match=2 * planted / len(table) ** 2,
        blocking_rules_to_generate_predictions=[
            block_on("audience", "topic", "floor(lat * 2)", "floor(lon)"),
            block_on("audience", "topic", "floor(lat * 2 + 0.5)", "floor(lon + 0.5)"),
            block_on("audience", "parish", "week"),
        ],
        comparisons=[
            cl.JaroWinklerAtThresholds("title", [0.92, 0.8, 0.7]),
            cl.ExactMatch("topic"),
            cl.ExactMatch("audience"),
            cl.CustomComparison(
                [cll.NullLevel("lat"), *place, cll.ElseLevel()],
                output_column_name="place",
            ),
            cl.AbsoluteDateDifferenceAtThresholds(
                "first_on", input_is_string=False, metrics=["day", "day"], thresholds=[7, 21]
            ),
            cl.ExactMatch("department"),
            cl.CustomComparison(
                [
                    cll.ArrayIntersectLevel("words", min_intersection=2),
                    cll.ArrayIntersectLevel("words", min_intersection=1),
                    cll.ElseLevel(),
                ],
                output_column_name="words",
            ),
        ],
    )
    database = DuckDBAPI(connection)
    linker = Linker(database.register(table), settings, log_level="ERROR")
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLE, seed=1)
    labels = connection.sql(f"SELECT * FROM read_csv('{path}.planted', header = true)").to_arrow_table()
    linker.training.estimate_m_from_pairwise_labels(database.register(labels))
    found = linker.inference.predict(threshold_match_probability=PROBABILITY).as_record_list()
    with open(f"{path}.found", "w") as file:
        json.dump([(row["unique_id_l"], row["unique_id_r"], row["match_probability"]) for row in found], file)
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "cpu": time.process_time() - cpu,
                "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "found": len(found),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
