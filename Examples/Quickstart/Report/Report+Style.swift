extension Report {
    /// Two palettes, light and dark, each with a contrast of at least 4.5 to 1 for text and 3 to 1 for marks.
    static let style = """
        :root {
          --page: #f6f7f9; --card: #ffffff; --text: #1b2430; --soft: #56616f; --line: #dde2e8;
          --cache: #0f766e; --similar: #7e22ce; --cheap: #2563eb; --strong: #c2410c; --failed: #be123c; --baseline: #6b7280;
          --notice: #fff4e0; --notice-line: #b45309;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #11151b; --card: #1a2029; --text: #e8ecf1; --soft: #a3adba; --line: #313a46;
            --cache: #2dd4bf; --similar: #d8a4ff; --cheap: #6ba5ff; --strong: #fb923c; --failed: #fb7185; --baseline: #9aa4b1;
            --notice: #2e2412; --notice-line: #f0b35a;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1120px; padding: 24px 16px 40px; background: var(--page); color: var(--text);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0.4em 0 0.3em; letter-spacing: -0.01em; }
        h2 { font-size: 1.05rem; margin: 0 0 0.4em; }
        h2 small { color: var(--notice-line); font-weight: 600; margin-left: 0.4em; }
        header p { max-width: 75ch; color: var(--soft); margin: 0 0 1em; }
        header .notice { max-width: none; background: var(--notice); color: var(--text); border-left: 4px solid
          var(--notice-line); padding: 10px 14px; border-radius: 4px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin-bottom: 16px; }
        .tiles div, figure, .tables > div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        .tiles div { padding: 10px 14px; }
        .tiles span { display: block; color: var(--soft); font-size: 0.85rem; }
        .tiles b { display: block; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px; }
        figure { margin: 0; padding: 16px; display: flex; flex-direction: column; }
        figure svg { width: 100%; max-width: 460px; height: auto; display: block; margin: 0 auto; }
        figcaption { color: var(--soft); font-size: 0.9rem; margin-top: 8px; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; margin: 0 0 6px; padding: 0;
          font-size: 0.9rem; color: var(--soft); }
        .legend i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; }
        i.cache { background: var(--cache); } i.similar { background: var(--similar); } i.cheap, i.paid { background: var(--cheap); }
        i.strong { background: var(--strong); } i.failed { background: var(--failed); }
        i.baseline { background: var(--baseline); }
        svg text { font: 13.5px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--text); }
        svg .tick { fill: var(--soft); font-variant-numeric: tabular-nums; }
        svg .value { font-weight: 600; font-variant-numeric: tabular-nums; }
        svg .grid { stroke: var(--line); } svg .axis { stroke: var(--soft); }
        svg .threshold { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 5 4; }
        svg .cache { fill: var(--cache); } svg .similar { fill: var(--similar); } svg .cheap, svg .paid { fill: var(--cheap); }
        svg .strong { fill: var(--strong); } svg .failed { fill: var(--failed); } svg .baseline { fill: var(--baseline); }
        svg .curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
        svg .curve.paid { stroke: var(--cheap); } svg .curve.baseline { stroke: var(--baseline); }
        svg .area { opacity: 0.15; } svg .dot { fill-opacity: 0.75; }
        details { margin-top: 8px; font-size: 0.9rem; } summary { cursor: pointer; color: var(--soft); }
        code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.95em; }
        table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); }
        td { white-space: nowrap; }
        th:first-child { text-align: left; } thead th { color: var(--soft); font-weight: 500; }
        tbody th { font-weight: 500; } tr > :last-child { padding-right: 0; }
        .tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px;
          margin-top: 16px; align-items: start; }
        .run td:last-child, .run thead th:last-child { text-align: left; white-space: normal; color: var(--soft); }
        th:first-child { overflow-wrap: break-word; } .run tbody th { white-space: nowrap; }
        .tables > div { padding: 16px; min-width: 0; }
        footer { color: var(--soft); font-size: 0.85rem; margin-top: 20px; }
        @media (max-width: 480px) {
          body { padding: 16px 12px 32px; } figure, .tables > div { padding: 12px; }
          .wide thead, .run thead { display: none; }
          .wide, .wide tbody, .wide tr, .wide th, .wide td { display: block; }
          .wide tr { border-bottom: 1px solid var(--line); padding: 6px 0; }
          .wide th, .wide td { border: 0; padding: 1px 0; }
          .wide td { display: flex; justify-content: space-between; gap: 12px; white-space: normal; }
          .wide td::before { content: attr(data-column); color: var(--soft); }
          .run table, .run tbody { display: block; }
          .run tr { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; padding: 5px 0;
            border-bottom: 1px solid var(--line); }
          .run th, .run td { border: 0; padding: 0; white-space: normal; } .run td:last-child { flex: 0 0 100%; }
          .run td:empty { display: none; }
        }
        @media print { body { background: none; } figure, .tables > div { break-inside: avoid; } }
        """
}
