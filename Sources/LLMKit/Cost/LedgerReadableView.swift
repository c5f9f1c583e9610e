/// The view `calls_readable` of a ledger's file: its rows for people, who think in dollars, milliseconds and dates.
///
/// Amounts are the doubles nearest to the exact picodollars, right to 15 digits; who needs every digit adds up the
/// columns `…_pd` of `calls`. An amount that is kept as text is a number here, too.
enum LedgerReadableView {
    static let creation = """
        CREATE VIEW calls_readable AS SELECT
            id,
            strftime('%Y-%m-%dT%H:%M:%fZ', time_ms / 1000.0, 'unixepoch') AS time,
            date(time_ms / 1000, 'unixepoch') AS day,
            request_id,
            tenant, user, feature, conversation, tags,
            CASE
                WHEN kind = 'cache_hit' THEN 'cached'
                WHEN kind = 'rejected' THEN 'rejected'
                WHEN error = 'cancelled' THEN 'left'
                WHEN error IS NOT NULL OR kind = 'failed' THEN 'failed'
                ELSE 'answered'
            END AS outcome,
            kind, purpose, ordinal AS attempt,
            model, vendor, model_asked, model_served, service_tier,
            server_address || coalesce(':' || server_port, '') AS server,
            route, tier,
            input + cache_read + cache_write_5m + cache_write_1h AS input_tokens,
            cache_read AS cached_tokens,
            output AS output_tokens,
            reasoning AS reasoning_tokens,
            is_estimated,
            \(dollars("cost_pd")) AS cost_usd,
            CASE WHEN kind NOT IN ('answer', 'cache_hit') THEN \(dollars("cost_pd")) END AS overhead_usd,
            \(dollars("baseline_pd")) AS baseline_usd,
            \(savings.map { dollars("saved_\($0)_pd") }.joined(separator: " + ")) AS saved_usd,
            \(savings.map { "\(dollars("saved_\($0)_pd")) AS saved_by_\($0)_usd" }.joined(separator: ", ")),
            price_version,
            cache, cache_similarity,
            confidence,
            finish, error, is_sent, is_streamed, losses, vendor_request_id,
            \(times.map { "\($0)_us / 1000.0 AS \($0)_ms" }.joined(separator: ", "))
        FROM calls;
        """

    private static let savings = ["result_cache", "semantic_cache", "coalescing", "prompt_cache", "routing"]
    private static let times = ["connect", "first_token", "longest_gap", "mean_gap", "total"]

    private static func dollars(_ column: String) -> String { "CAST(\(column) AS REAL) / 1e12" }
}
