"""Rows in parts and rules in, findings out: Spark brings together what must be seen together, DuckDB judges each part.

`staging` and `facts` say what a part is handed and what it works out itself, `families` which rows are one part's, `exchanges`
where rows go next, `kernel` judges one part, `parted` is the engine over all of them. Three know Spark: `cluster` its
application, `lying` the pieces in its partitions, `java` the processes that it is.
"""
