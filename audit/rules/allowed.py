"""What may stand in a rule's syntax tree: the kinds of nodes and the functions. What is on no list here is refused.

Lists of what is allowed and not of what is forbidden: DuckDB takes a DELETE in a CTE for a SELECT, and its next edition
may have functions that nobody has thought of. None of these reads files, settings, the catalog, the clock or chance, and
none changes anything. tests/rules/test_allowed.py holds the lists against DuckDB's own.
"""

# Queries and what they read from. Statements that change rows are nodes of other kinds.
_QUERIES = """
SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE CTE_NODE BASE_TABLE SUBQUERY JOIN TABLE_FUNCTION EMPTY EXPRESSION_LIST
ORDER_MODIFIER LIMIT_MODIFIER DISTINCT_MODIFIER ORDER_DEFAULT ASCENDING DESCENDING
"""
_EXPRESSIONS = """
CASE_EXPR COLLATE COLUMN_REF FUNCTION LAMBDA LAMBDA_REF STAR TYPE VALUE_CONSTANT VALUE_PARAMETER
ARRAY_CONSTRUCTOR ARRAY_EXTRACT ARRAY_SLICE STRUCT_EXTRACT CONJUNCTION_AND CONJUNCTION_OR
COMPARE_BETWEEN COMPARE_NOT_BETWEEN COMPARE_EQUAL COMPARE_NOTEQUAL COMPARE_GREATERTHAN COMPARE_GREATERTHANOREQUALTO
COMPARE_LESSTHAN COMPARE_LESSTHANOREQUALTO COMPARE_IN COMPARE_NOT_IN COMPARE_DISTINCT_FROM COMPARE_NOT_DISTINCT_FROM
OPERATOR_CAST OPERATOR_COALESCE OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_NOT OPERATOR_NULLIF OPERATOR_TRY
WINDOW_AGGREGATE WINDOW_CUME_DIST WINDOW_FIRST_VALUE WINDOW_LAG WINDOW_LAST_VALUE WINDOW_LEAD WINDOW_NTH_VALUE WINDOW_NTILE
WINDOW_PERCENT_RANK WINDOW_RANK WINDOW_RANK_DENSE WINDOW_ROW_NUMBER
"""
NODES = frozenset((_QUERIES + _EXPRESSIONS).split())

_OPERATORS = (
    "+ - * / // % ** ^ || & | << >> ~ @ ~~ !~~ ~~* !~~* ~~~ ^@ && @> <@ ilike_escape like_escape not_ilike_escape not_like_escape"
)
_NUMBERS = """
abs add cbrt ceil ceiling even exp factorial fdiv floor fmod gcd greatest isfinite isinf isnan lcm least ln log log10 log2 mod
multiply nullif pow power round round_even sign sqrt subtract trunc bit_count xor pi
"""
_TEXT = """
array_to_string ascii char_length character_length chr concat concat_ws contains damerau_levenshtein ends_with format hamming
hex instr jaccard jaro_similarity jaro_winkler_similarity lcase left length levenshtein lower lpad ltrim md5 nfc_normalize
ord position prefix printf regexp_escape regexp_extract regexp_extract_all regexp_full_match regexp_matches regexp_replace
regexp_split_to_array repeat replace reverse right rpad rtrim sha256 split split_part starts_with str_split str_split_regex
string_split string_split_regex string_to_array strip_accents strlen strpos substr substring suffix translate trim ucase upper
"""
_DATES = """
century date_add date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek
dayofyear days_in_month decade epoch hour isodow isoyear last_day make_date make_time make_timestamp minute month monthname
quarter second strftime strptime time_bucket to_days to_hours to_minutes to_months to_quarters to_seconds to_weeks to_years
try_strptime week weekday weekofyear year yearweek
"""
_NESTED = """
array_aggregate array_append array_concat array_contains array_distinct array_extract array_filter array_has array_has_all
array_has_any array_intersect array_length array_position array_prepend array_reverse array_slice array_sort array_transform
array_unique array_value array_zip cardinality element_at flatten generate_series len list_aggregate list_any_value
list_append list_avg list_bool_and list_bool_or list_cat list_concat list_contains list_count list_distinct list_element
list_extract list_filter list_first list_has list_has_all list_has_any list_indexof list_intersect list_last list_max
list_median list_min list_mode list_position list_prepend list_product list_reduce list_reverse list_reverse_sort list_select
list_slice list_sort list_string_agg list_sum list_transform list_unique list_value list_where list_zip map map_contains
map_entries map_extract map_from_entries map_keys map_values range row struct_concat struct_extract struct_insert struct_pack
struct_update to_json unnest json_array json_object typeof
"""
_AGGREGATES = """
any_value arg_max arg_max_null arg_min arg_min_null argmax argmin array_agg avg bit_and bit_or bool_and bool_or corr count
count_if count_star countif covar_pop covar_samp favg first fsum group_concat histogram last list listagg mad max max_by mean
median min min_by mode product quantile quantile_cont quantile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2
regr_slope skewness stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance
cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank rank_dense row_number
"""
# The project's own, written in Python (audit/engine/statistics.py).
STATISTICS = frozenset({"binomial_at_least", "fisher_exact_greater", "upper_bound_of_mean", "wilson_lower_bound"})
FUNCTIONS = STATISTICS.union(*(names.split() for names in (_OPERATORS, _NUMBERS, _TEXT, _DATES, _NESTED, _AGGREGATES)))

# Words that DuckDB takes for a function where they stand alone, without brackets.
BARE = frozenset(
    {
        "current_catalog", "current_date", "current_database", "current_role", "current_schema", "current_time",
        "current_timestamp", "current_user", "localtime", "localtimestamp", "session_user", "user",
    }
)  # fmt: skip
# Table functions that make rows out of their own arguments; every other one could read files or settings.
TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})

# How a refusal calls what a node would do.
_SAID = {
    "DELETE_QUERY_NODE": "delete rows",
    "INSERT_QUERY_NODE": "insert rows",
    "UPDATE_QUERY_NODE": "update rows",
    "MERGE_QUERY_NODE": "merge rows",
    "COPY_QUERY_NODE": "write files",
    "SHOW_REF": "describe, summarize or show tables",
}


def refusal(kind: str) -> str:
    """What a rule may not do that holds a node of a kind: "delete rows"."""
    return _SAID.get(kind, f"use {kind.lower().replace('_', ' ')}")
