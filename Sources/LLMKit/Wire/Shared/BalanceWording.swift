extension VendorError {
    /// Whether the vendor says that no money, or nothing of an allowance, is left: waiting does not help, whatever the
    /// status.
    var isAboutBalance: Bool {
        if codes.contains(where: { Self.balanceNames.contains($0.lowercased()) }) { return true }
        guard let message = message?.lowercased() else { return false }
        if Self.balanceWordings.contains(where: message.contains) { return true }
        // Limits of a rate pass.
        if Self.passing.contains(where: message.contains) { return false }
        let words = Set(message.split { !$0.isLetter && $0 != "'" && $0 != "’" })
        return Self.balanceWords.contains { groups in groups.allSatisfy { !words.isDisjoint(with: $0) } }
    }

    /// What vendors and gateways call it.
    private static let balanceNames: Set<String> = [
        "credit_balance_exhausted", "insufficient_balance", "insufficient_balance_error", "insufficient_credits",
        "insufficient_funds", "insufficient_user_quota", "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded", "spend_limit_exceeded", "organization_usage_limit_exceeded",
        "terminal_quota_exhausted", "budget_exceeded", "budgetexceedederror", "arrearage", "creditserror",
        "accountoverdueerror", "pre_consume_token_quota_failed", "base_resp_1008",
    ]

    private static let balanceWordings = [
        "credit balance", "insufficient balance", "insufficient credit", "not enough credit", "out of credits",
        "in arrears", "overdue payment", "overdue-payment", "spend limit", "spending limit", "budget has been exceeded",
        "key limit exceeded", "no payment method",
        "余额不足", "余额已用", "欠费", "额度不足", "额度已用", "无可用资源包",
    ]

    private static let passing = [
        "per minute", "per second", "per hour", "per day", "per-minute", "per-hour", "per-day", "rate limit",
        "ratelimit", "too many requests", "try again in", "retry in", "retry after", "please wait", "rpm", "tpm",
        "memory",
    ]

    /// Words that tell it only together, one of each group.
    private static let balanceWords: [[Set<Substring>]] = [
        [
            ["balance", "credit", "credits", "funds"],
            [
                "insufficient", "exhausted", "overdue", "negative", "depleted", "enough", "no", "not", "doesn't",
                "doesn’t", "don't", "don’t", "without", "recharge", "zero", "used",
            ],
        ],
        [["invoice", "invoices", "payment", "bill"], ["overdue", "unpaid", "outstanding", "failed"]],
        [
            ["limit", "limits", "cap", "quota", "allowance", "budget"],
            ["daily", "weekly", "monthly", "usage", "spend", "spending", "budget", "billing"],
            ["reached", "exceeded", "exceed", "exceeds", "exhausted", "hit", "over", "used"],
        ],
    ]
}
