// Written by Scripts/generate-prices.py from Scripts/prices.csv: change those instead.

extension PriceTable {
    /// List prices of 116 models, gathered on 2026-11-23 from the price file of litellm 1.106.2, which volunteers keep up.
    ///
    /// A start, not the truth: check what you are billed, and put your own prices over it (``overriding(with:)``).
    public static let builtIn =
        (try? PriceTable(parsing: builtInText, name: "built-in prices")) ?? PriceTable(empty: "")

    static let builtInText = """
        llmkit-prices 1
        date: 2026-11-23
        source: price file of litellm 1.106.2
        openai gpt-6-astra input=10 output=50 cache_read=1 cache_write_5m=12.5 above272000.input=20 above272000.output=75 above272000.cache_read=2 above272000.cache_write_5m=25 batch.input=5 batch.output=25 batch.cache_read=0.5 batch.above272000.input=10 batch.above272000.output=37.5 batch.above272000.cache_read=1 priority.input=20 priority.output=100 flex.input=5 flex.output=25 flex.above272000.input=10 flex.above272000.output=37.5 region.eu=1.1 region.us=1.1 context=922000 max_output=128000
        openai gpt-6.1-sol input=2 output=10 cache_read=0.1 cache_write_5m=2.5 above272000.input=4 above272000.output=15 above272000.cache_read=0.2 above272000.cache_write_5m=5 batch.input=1 batch.output=5 batch.cache_read=0.05 batch.above272000.input=2 batch.above272000.output=7.5 batch.above272000.cache_read=0.1 priority.input=4 priority.output=20 flex.input=1 flex.output=5 flex.above272000.input=2 flex.above272000.output=7.5 region.eu=1.1 region.us=1.1 context=922000 max_output=128000
        openai gpt-6-sol input=2 output=10 cache_read=0.2 cache_write_5m=2.5 above272000.input=4 above272000.output=15 above272000.cache_read=0.4 above272000.cache_write_5m=5 batch.input=1 batch.output=5 batch.cache_read=0.1 batch.above272000.input=2 batch.above272000.output=7.5 batch.above272000.cache_read=0.2 priority.input=4 priority.output=20 flex.input=1 flex.output=5 flex.above272000.input=2 flex.above272000.output=7.5 region.eu=1.1 region.us=1.1 context=922000 max_output=128000
        openai gpt-6-luna input=0.1 output=0.5 cache_read=0.01 cache_write_5m=0.125 above272000.input=0.2 above272000.output=0.75 above272000.cache_read=0.02 above272000.cache_write_5m=0.25 batch.input=0.05 batch.output=0.25 batch.cache_read=0.005 batch.above272000.input=0.1 batch.above272000.output=0.375 batch.above272000.cache_read=0.01 priority.input=0.2 priority.output=1 flex.input=0.05 flex.output=0.25 flex.above272000.input=0.1 flex.above272000.output=0.375 region.eu=1.1 region.us=1.1 context=922000 max_output=128000
        openai gpt-5.6 input=4 output=20 cache_read=0.4 cache_write_5m=5 above272000.input=8 above272000.output=30 above272000.cache_read=0.8 above272000.cache_write_5m=10 batch.input=2 batch.output=10 batch.cache_read=0.2 batch.above272000.input=4 batch.above272000.output=15 batch.above272000.cache_read=0.4 priority.input=8 priority.output=40 flex.input=2 flex.output=10 flex.above272000.input=4 flex.above272000.output=15 region.eu=1.1 region.us=1.1 context=922000 max_output=128000
        openai gpt-5.6-terra input=2 output=12 cache_read=0.2 cache_write_5m=2.5 above272000.input=4 above272000.output=18 above272000.cache_read=0.4 above272000.cache_write_5m=5 batch.input=1 batch.output=6 batch.cache_read=0.1 batch.above272000.input=2 batch.above272000.output=9 batch.above272000.cache_read=0.2 priority.input=4 priority.output=24 flex.input=1 flex.output=6 flex.above272000.input=2 flex.above272000.output=9 region.eu=1.1 region.us=1.1 context=922000 max_output=128000
        openai gpt-5.6-luna input=0.2 output=1.2 cache_read=0.02 cache_write_5m=0.25 above272000.input=0.4 above272000.output=1.8 above272000.cache_read=0.04 above272000.cache_write_5m=0.5 batch.input=0.1 batch.output=0.6 batch.cache_read=0.01 batch.above272000.input=0.2 batch.above272000.output=0.9 batch.above272000.cache_read=0.02 priority.input=0.4 priority.output=2.4 flex.input=0.1 flex.output=0.6 flex.above272000.input=0.2 flex.above272000.output=0.9 region.eu=1.1 region.us=1.1 context=922000 max_output=128000
        openai gpt-5.5 editions=2026-04-23 input=5 output=30 cache_read=0.5 above272000.input=10 above272000.output=45 above272000.cache_read=1 batch.input=2.5 batch.output=15 batch.cache_read=0.25 batch.above272000.input=5 batch.above272000.output=22.5 batch.above272000.cache_read=0.5 priority.input=12.5 priority.output=75 flex.input=2.5 flex.output=15 flex.above272000.input=5 flex.above272000.output=22.5 region.eu=1.1 region.us=1.1 context=1050000 max_output=128000
        openai gpt-5.4 editions=2026-03-05 input=2.5 output=15 cache_read=0.25 above272000.input=5 above272000.output=22.5 above272000.cache_read=0.5 batch.input=1.25 batch.output=7.5 batch.cache_read=0.13 batch.above272000.input=2.5 batch.above272000.output=11.25 batch.above272000.cache_read=0.26 priority.input=5 priority.output=30 flex.input=1.25 flex.output=7.5 flex.above272000.input=2.5 flex.above272000.output=11.25 region.eu=1.1 region.us=1.1 context=1050000 max_output=128000
        openai gpt-5.4-mini editions=2026-03-17 input=0.75 output=4.5 cache_read=0.075 batch.input=0.375 batch.output=2.25 batch.cache_read=0.0375 priority.input=1.5 priority.output=9 flex.input=0.375 flex.output=2.25 region.eu=1.1 region.us=1.1 context=272000 max_output=128000
        openai gpt-5.4-nano editions=2026-03-17 input=0.2 output=1.25 cache_read=0.02 batch.input=0.1 batch.output=0.625 batch.cache_read=0.01 flex.input=0.1 flex.output=0.625 region.eu=1.1 region.us=1.1 context=272000 max_output=128000 retires=2027-04-01
        openai gpt-5.2 editions=2025-12-11 input=1.75 output=14 cache_read=0.175 batch.input=0.875 batch.output=7 batch.cache_read=0.0875 priority.input=3.5 priority.output=28 flex.input=0.875 flex.output=7 context=272000 max_output=128000
        openai gpt-5.1 editions=2025-11-13 input=1.25 output=10 cache_read=0.125 batch.input=0.625 batch.output=5 batch.cache_read=0.0625 priority.input=2.5 priority.output=20 flex.input=0.625 flex.output=5 context=272000 max_output=128000 retires=2027-04-01
        openai gpt-5 editions=2025-08-07 input=1.25 output=10 cache_read=0.125 batch.input=0.625 batch.output=5 batch.cache_read=0.0625 priority.input=2.5 priority.output=20 flex.input=0.625 flex.output=5 context=272000 max_output=128000
        openai gpt-5-mini editions=2025-08-07 input=0.25 output=2 cache_read=0.025 batch.input=0.125 batch.output=1 batch.cache_read=0.0125 priority.input=0.45 priority.output=3.6 flex.input=0.125 flex.output=1 context=272000 max_output=128000
        openai gpt-5-nano editions=2025-08-07 input=0.05 output=0.4 cache_read=0.005 batch.input=0.025 batch.output=0.2 batch.cache_read=0.0025 priority.input=2.5 flex.input=0.025 flex.output=0.2 context=272000 max_output=128000
        openai gpt-4.1 editions=2025-04-14 input=2 output=8 cache_read=0.5 batch.input=1 batch.output=4 priority.input=3.5 priority.output=14 context=1047576 max_output=32768
        openai gpt-4.1-mini editions=2025-04-14 input=0.4 output=1.6 cache_read=0.1 batch.input=0.2 batch.output=0.8 priority.input=0.7 priority.output=2.8 context=1047576 max_output=32768
        openai gpt-4.1-nano editions=2025-04-14 input=0.1 output=0.4 cache_read=0.025 batch.input=0.05 batch.output=0.2 priority.input=0.2 priority.output=0.8 context=1047576 max_output=32768 retires=2026-10-23
        openai gpt-4o editions=2024-08-06,2024-11-20 input=2.5 output=10 cache_read=1.25 batch.input=1.25 batch.output=5 priority.input=4.25 priority.output=17 context=128000 max_output=16384
        openai gpt-4o-2024-05-13 input=5 output=15 batch.input=2.5 batch.output=7.5 priority.input=8.75 priority.output=26.25 context=128000 max_output=4096 retires=2026-10-23
        openai gpt-4o-mini editions=2024-07-18 input=0.15 output=0.6 cache_read=0.075 batch.input=0.075 batch.output=0.3 priority.input=0.25 priority.output=1 context=128000 max_output=16384
        openai o3 editions=2025-04-16 input=2 output=8 cache_read=0.5 batch.input=1 batch.output=4 priority.input=3.5 priority.output=14 flex.input=1 flex.output=4 context=200000 max_output=100000
        openai o4-mini editions=2025-04-16 input=1.1 output=4.4 cache_read=0.275 batch.input=0.55 batch.output=2.2 priority.input=2 priority.output=8 flex.input=0.55 flex.output=2.2 context=200000 max_output=100000 retires=2026-10-23
        openai text-embedding-3-small input=0.02 output=0 batch.input=0.01 batch.output=0 context=8191
        openai text-embedding-3-large input=0.13 output=0 batch.input=0.065 batch.output=0 context=8191
        anthropic claude-fable-5-1 input=10 output=50 cache_read=0.25 cache_write_5m=12.5 cache_write_1h=20 batch.input=5 batch.output=25 batch.cache_read=0.125 region.us=1.1 context=1000000 max_output=128000 cache_min=512
        anthropic claude-opus-5-5 input=4 output=20 cache_read=0.2 cache_write_5m=5 cache_write_1h=8 batch.input=2 batch.output=10 batch.cache_read=0.1 fast.input=8 fast.output=40 fast.cache_read=0.4 fast.cache_write_5m=10 fast.cache_write_1h=16 region.us=1.1 context=1000000 max_output=128000 cache_min=512
        anthropic claude-opus-5 input=5 output=25 cache_read=0.5 cache_write_5m=6.25 cache_write_1h=10 batch.input=2.5 batch.output=12.5 batch.cache_read=0.25 fast.input=10 fast.output=50 fast.cache_read=1 fast.cache_write_5m=12.5 fast.cache_write_1h=20 region.us=1.1 context=1000000 max_output=128000 cache_min=512
        anthropic claude-opus-4-8 input=5 output=25 cache_read=0.5 cache_write_5m=6.25 cache_write_1h=10 batch.input=2.5 batch.output=12.5 batch.cache_read=0.25 fast.input=10 fast.output=50 fast.cache_read=1 fast.cache_write_5m=12.5 fast.cache_write_1h=20 region.us=1.1 context=1000000 max_output=128000 cache_min=1024
        anthropic claude-opus-4-5 editions=20251101 input=5 output=25 cache_read=0.5 cache_write_5m=6.25 cache_write_1h=10 batch.input=2.5 batch.output=12.5 batch.cache_read=0.25 context=200000 max_output=64000 cache_min=4096
        anthropic claude-sonnet-5-5 input=2 output=10 cache_read=0.1 cache_write_5m=2.5 cache_write_1h=4 batch.input=1 batch.output=5 batch.cache_read=0.05 region.us=1.1 context=1000000 max_output=128000 cache_min=512
        anthropic claude-sonnet-5 input=2 output=10 cache_read=0.2 cache_write_5m=2.5 cache_write_1h=4 batch.input=1 batch.output=5 batch.cache_read=0.1 region.us=1.1 context=1000000 max_output=128000 cache_min=1024
        anthropic claude-sonnet-4-6 input=3 output=15 cache_read=0.3 cache_write_5m=3.75 cache_write_1h=6 batch.input=1.5 batch.output=7.5 batch.cache_read=0.15 region.us=1.1 context=1000000 max_output=128000 cache_min=1024
        anthropic claude-sonnet-4-5 editions=20250929 input=3 output=15 cache_read=0.3 cache_write_5m=3.75 cache_write_1h=6 batch.input=1.5 batch.output=7.5 batch.cache_read=0.15 context=200000 max_output=64000 cache_min=1024 retires=2026-11-30
        anthropic claude-haiku-5-5 input=0.1 output=0.5 cache_read=0.01 cache_write_5m=0.125 cache_write_1h=0.2 above100000.input=0.5 above100000.output=2.5 above100000.cache_read=0.05 above100000.cache_write_5m=0.625 batch.input=0.05 batch.output=0.25 batch.cache_read=0.005 batch.above100000.input=0.25 batch.above100000.output=1.25 batch.above100000.cache_read=0.025 region.us=1.1 context=1000000 max_output=128000 cache_min=512
        anthropic claude-haiku-4-5 editions=20251001 input=1 output=5 cache_read=0.1 cache_write_5m=1.25 cache_write_1h=2 batch.input=0.5 batch.output=2.5 batch.cache_read=0.05 context=200000 max_output=64000 cache_min=4096
        gcp.gemini gemini-4-argon input=2 output=10 cache_read=0.1 batch.input=1 batch.output=5 batch.cache_read=0.05 priority.input=3.6 priority.output=18 flex.input=1 flex.output=5 context=1048576 max_output=1048576 cache_min=4096
        gcp.gemini gemini-3.8-flash input=0.75 output=3.75 cache_read=0.075 batch.input=0.375 batch.output=1.875 batch.cache_read=0.0375 priority.input=1.35 priority.output=6.75 flex.input=0.375 flex.output=1.875 context=1048576 max_output=65536 cache_min=4096
        gcp.gemini gemini-3.5-flash input=1.5 output=9 cache_read=0.15 batch.input=0.75 batch.output=4.5 batch.cache_read=0.075 priority.input=2.7 priority.output=16.2 flex.input=0.75 flex.output=4.5 context=1048576 max_output=65536 cache_min=4096
        gcp.gemini gemini-3.5-flash-lite input=0.3 output=2.5 cache_read=0.03 batch.input=0.15 batch.output=1.25 batch.cache_read=0.02 priority.input=0.54 priority.output=4.5 flex.input=0.15 flex.output=1.25 context=1048576 max_output=65536
        gcp.gemini gemini-3.1-pro-preview input=2 output=12 cache_read=0.2 above200000.input=4 above200000.output=18 above200000.cache_read=0.4 batch.input=1 batch.output=6 batch.cache_read=0.2 batch.above200000.input=2 batch.above200000.output=9 batch.above200000.cache_read=0.4 priority.input=3.6 priority.output=21.6 flex.input=1 flex.output=6 flex.above200000.input=2 flex.above200000.output=9 context=1048576 max_output=65536 cache_min=4096
        gcp.gemini gemini-3.1-flash-lite input=0.25 output=1.5 cache_read=0.025 batch.input=0.125 batch.output=0.75 batch.cache_read=0.0125 priority.input=0.45 priority.output=2.7 flex.input=0.125 flex.output=0.75 context=1048576 max_output=65536 retires=2027-05-07
        gcp.gemini gemini-3-flash-preview input=0.5 output=3 cache_read=0.05 batch.input=0.25 batch.output=1.5 batch.cache_read=0.05 priority.input=0.9 priority.output=5.4 flex.input=0.25 flex.output=1.5 context=1048576 max_output=65536
        gcp.gemini gemini-2.5-pro input=1.25 output=10 cache_read=0.125 above200000.input=2.5 above200000.output=15 above200000.cache_read=0.25 batch.input=0.625 batch.output=5 batch.cache_read=0.125 batch.above200000.input=1.25 batch.above200000.output=7.5 batch.above200000.cache_read=0.25 priority.input=2.25 priority.output=18 flex.input=0.625 flex.output=5 flex.above200000.input=1.25 flex.above200000.output=7.5 context=1048576 max_output=65536 cache_min=2048
        gcp.gemini gemini-2.5-flash input=0.3 output=2.5 cache_read=0.03 batch.input=0.15 batch.output=1.25 batch.cache_read=0.03 priority.input=0.54 priority.output=4.5 flex.input=0.15 flex.output=1.25 context=1048576 max_output=65536
        gcp.gemini gemini-2.5-flash-lite input=0.1 output=0.4 cache_read=0.01 batch.input=0.05 batch.output=0.2 batch.cache_read=0.01 priority.input=0.18 priority.output=0.72 flex.input=0.05 flex.output=0.2 context=1048576 max_output=65536
        gcp.gemini gemini-embedding-001 input=0.15 output=0 context=2048 retires=2028-05-14
        deepseek deepseek-v4-pro input=1.32 output=3.96 cache_read=0.044 cache_write_5m=0 context=1000000 max_output=393216
        deepseek deepseek-v4-flash input=0.3 output=1.2 cache_read=0.006 cache_write_5m=0 context=1000000 max_output=393216
        deepseek deepseek-flash input=0.3 output=1.2 cache_read=0.006 cache_write_5m=0 context=1000000 max_output=393216
        deepseek deepseek-chat input=0.28 output=0.42 cache_read=0.028 context=131072 max_output=8192 retires=2026-07-24
        deepseek deepseek-reasoner input=0.28 output=0.42 cache_read=0.028 context=131072 max_output=65536 retires=2026-07-24
        x_ai grok-4.7 input=2 output=6 cache_read=0.5 above200000.input=4 above200000.output=12 above200000.cache_read=1 context=500000 max_output=500000
        x_ai grok-4.5 input=2 output=6 cache_read=0.3 above200000.input=4 above200000.output=12 above200000.cache_read=0.6 context=500000 max_output=500000
        x_ai grok-4.3 input=1.25 output=2.5 cache_read=0.2 above200000.input=2.5 above200000.output=5 above200000.cache_read=0.4 batch.input=1 batch.output=2 batch.cache_read=0.16 batch.above200000.input=2 batch.above200000.output=4 batch.above200000.cache_read=0.32 context=1000000 max_output=1000000
        x_ai grok-code-fast-1 editions=0825 input=1 output=2 cache_read=0.2 above200000.input=2 above200000.output=4 above200000.cache_read=0.4 context=256000 max_output=256000
        mistral_ai mistral-large-4 input=0.68 output=2.09 cache_read=0.068 context=1048576
        mistral_ai mistral-large-latest input=0.5 output=1.5 cache_read=0.05 context=262144 max_output=262144
        mistral_ai mistral-medium-latest input=1.5 output=7.5 cache_read=0.15 context=262144 max_output=262144
        mistral_ai mistral-small-latest input=0.15 output=0.6 cache_read=0.015 context=262144 max_output=262144
        mistral_ai ministral-8b-latest input=0.15 output=0.15 cache_read=0.015 context=262144 max_output=262144
        mistral_ai codestral-latest input=0.3 output=0.9 cache_read=0.03 context=128000 max_output=128000
        mistral_ai devstral-latest input=0.4 output=2 cache_read=0.04 context=256000 max_output=256000
        mistral_ai mistral-embed editions=2312 input=0.1 context=8192
        groq openai/gpt-oss-120b input=0.15 output=0.6 cache_read=0.075 context=131072 max_output=65536
        groq openai/gpt-oss-20b input=0.075 output=0.3 cache_read=0.0375 context=131072 max_output=65536
        groq qwen/qwen3.8-27b input=0.8 output=4 context=131072 max_output=16384
        together meta-llama/Llama-3.3-70B-Instruct-Turbo input=1.04 output=1.04 context=131072 retires=2026-10-22
        together openai/gpt-oss-120b input=0.15 output=0.6 context=131072
        together deepseek-ai/DeepSeek-V4.1-Flash editions=1017 input=0.3 output=1.2 cache_read=0.006 context=1048576
        together Qwen/Qwen3.7-Max input=1.5 output=4.5 cache_read=0.3 context=1000000
        together zai-org/GLM-5.3 input=1.4 output=4.4 cache_read=0.26 context=1048575 max_output=128000
        fireworks accounts/fireworks/models/llama-v3p3-70b-instruct input=0.9 output=0.9 context=131072 max_output=131072
        fireworks accounts/fireworks/models/deepseek-v4p1-flash editions=1017 input=0.3 output=1.2 cache_read=0.006 priority.input=0.375 priority.output=1.5 context=1048576 max_output=393216
        fireworks accounts/fireworks/models/gpt-oss-20b input=0.07 output=0.3 cache_read=0.035 context=131072 max_output=32768
        fireworks accounts/fireworks/models/glm-5p3 input=1.4 output=4.4 cache_read=0.26 priority.input=1.75 priority.output=5.5 context=1048576 max_output=128000
        dashscope qwen3.8-max input=2 output=6 cache_read=0.25 context=991808 max_output=131072
        dashscope qwen3.8-flash input=0.15 output=0.47 cache_read=0.016 cache_write_5m=0.2 context=991808 max_output=131072
        dashscope qwen3.7-max input=2.5 output=7.5 cache_read=0.5 cache_write_5m=3.125 context=991808 max_output=65536
        dashscope qwen3-max editions=2026-01-23 input=1.2 output=6 above32000.input=2.4 above32000.output=12 above128000.input=3 above128000.output=15 context=258048 max_output=65536
        dashscope qwen-plus editions=2025-01-25 input=0.4 output=1.2 context=129024 max_output=16384
        dashscope qwen-plus-2025-04-28 input=0.4 output=1.2 reasoning=4 context=129024 max_output=16384
        dashscope qwen-plus-2025-07-14 input=0.4 output=1.2 reasoning=4 context=129024 max_output=16384
        dashscope qwen-plus-2025-07-28 input=0.4 output=1.2 reasoning=4 above256000.input=1.2 above256000.output=3.6 context=997952 max_output=32768
        dashscope qwen-plus-2025-09-11 input=0.4 output=1.2 reasoning=4 above256000.input=1.2 above256000.output=3.6 context=997952 max_output=32768
        dashscope qwen-plus-latest input=0.4 output=1.2 reasoning=4 above256000.input=1.2 above256000.output=3.6 context=997952 max_output=32768
        dashscope qwen-max input=1.6 output=6.4 context=30720 max_output=8192
        dashscope qwen-turbo editions=2025-04-28 input=0.05 output=0.2 reasoning=0.5 context=129024 max_output=16384
        dashscope qwen-turbo-2024-11-01 input=0.05 output=0.2 context=1000000 max_output=8192
        cohere command-a-03-2025 input=2.5 output=10 context=256000 max_output=8000
        cohere command-r-plus-08-2024 input=2.5 output=10 context=128000 max_output=4096
        cohere command-r-08-2024 input=0.15 output=0.6 context=128000 max_output=4096
        cohere command-r7b-12-2024 input=0.0375 output=0.15 context=128000 max_output=4096
        aws.bedrock amazon.nova-2-lite-v1:0 input=0.3 output=2.5 cache_read=0.075 batch.input=0.15 batch.output=1.25 priority.input=0.525 priority.output=4.375 context=1000000 max_output=64000
        aws.bedrock amazon.nova-pro-v1:0 input=0.8 output=3.2 cache_read=0.2 batch.input=0.4 batch.output=1.6 priority.input=1.4 priority.output=5.6 flex.input=0.4 flex.output=1.6 context=300000 max_output=10000
        aws.bedrock amazon.nova-lite-v1:0 input=0.06 output=0.24 cache_read=0.015 batch.input=0.03 batch.output=0.12 context=300000 max_output=10000
        aws.bedrock amazon.nova-micro-v1:0 input=0.035 output=0.14 cache_read=0.00875 batch.input=0.0175 batch.output=0.07 context=128000 max_output=10000
        aws.bedrock anthropic.claude-sonnet-5-5 input=2 output=10 cache_read=0.1 cache_write_5m=2.5 cache_write_1h=4 context=1000000 max_output=128000 cache_min=512
        aws.bedrock anthropic.claude-sonnet-4-5-20250929-v1:0 input=3 output=15 cache_read=0.3 cache_write_5m=3.75 cache_write_1h=6 above200000.input=6 above200000.output=22.5 above200000.cache_read=0.6 above200000.cache_write_5m=7.5 batch.input=1.5 batch.output=7.5 batch.above200000.input=3 batch.above200000.output=11.25 context=200000 max_output=64000 cache_min=1024 retires=2027-04-08
        aws.bedrock anthropic.claude-haiku-4-5-20251001-v1:0 input=1 output=5 cache_read=0.1 cache_write_5m=1.25 cache_write_1h=2 batch.input=0.5 batch.output=2.5 context=200000 max_output=64000 cache_min=4096
        azure.ai.openai gpt-5.5 editions=2026-04-23,2026-04-24 input=5 output=30 cache_read=0.5 above272000.input=10 above272000.output=45 above272000.cache_read=1 batch.input=2.5 batch.output=15 batch.cache_read=0.25 batch.above272000.input=5 batch.above272000.output=22.5 batch.above272000.cache_read=0.5 priority.input=12.5 priority.output=75 flex.input=2.5 flex.above272000.input=5 context=922000 max_output=128000 retires=2027-10-26
        azure.ai.openai gpt-4.1 editions=2025-04-14 input=2 output=8 cache_read=0.5 batch.input=1 batch.output=4 priority.input=3.5 priority.output=14 context=1047576 max_output=32768 retires=2027-04-14
        azure.ai.openai gpt-4o editions=2024-08-06,2024-11-20 input=2.5 output=10 cache_read=1.25 context=128000 max_output=16384 retires=2027-04-14
        azure.ai.openai gpt-4o-2024-05-13 input=5 output=15 batch.input=2.5 batch.output=7.5 context=128000 max_output=4096 retires=2026-12-09
        azure.ai.openai us/gpt-4o editions=2024-11-20 input=2.75 output=11 cache_read=1.375 cache_write_5m=1.38 batch.input=1.375 batch.output=5.5 context=128000 max_output=16384 retires=2027-04-14
        azure.ai.openai us/gpt-4o-2024-08-06 input=2.75 output=11 cache_read=1.375 batch.input=1.375 batch.output=5.5 context=128000 max_output=16384 retires=2027-04-14
        azure.ai.openai us/gpt-4o-2024-05-13 input=5.5 output=16.5 batch.input=2.75 batch.output=8.25 context=128000 max_output=4096 retires=2026-12-09
        moonshot_ai kimi-k3 input=3 output=15 cache_read=0.3 context=1048576 max_output=1048576
        moonshot_ai kimi-k2.6 input=0.95 output=4 cache_read=0.16 context=262144 max_output=262144
        zai glm-5.3 input=1.4 output=4.4 cache_read=0.26 cache_write_5m=0 context=1000000 max_output=128000
        zai glm-5.3-flash input=0.15 output=0.5 cache_read=0.03 cache_write_5m=0 context=1048576 max_output=128000
        cerebras gpt-oss-120b input=0.35 output=0.75 context=131072 max_output=32768
        cerebras qwen-3-32b input=0.4 output=0.8 context=128000 max_output=128000
        perplexity sonar input=1 output=1 context=128000
        perplexity sonar-pro input=3 output=15 context=200000 max_output=8000
        """
}
