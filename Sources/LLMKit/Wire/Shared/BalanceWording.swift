extension VendorError {
    /// Whether the vendor says that the account has no money left: waiting does not help, whatever the status.
    var isAboutBalance: Bool {
        if codes.contains(where: { Self.balanceNames.contains($0.lowercased()) }) { return true }
        guard let message = message?.lowercased() else { return false }
        return Self.balanceWordings.contains(where: message.contains)
    }

    /// What vendors and gateways call it.
    private static let balanceNames: Set<String> = [
        "credit_balance_exhausted", "insufficient_balance", "insufficient_credits", "insufficient_user_quota",
        "organization_spend_limit_exceeded", "project_spend_limit_exceeded", "organization_usage_limit_exceeded",
        "terminal_quota_exhausted", "budget_exceeded", "budgetexceedederror", "arrearage",
    ]

    private static let balanceWordings = [
        "credit balance", "insufficient balance", "insufficient credit", "not enough credit", "out of credits",
        "in arrears", "overdue payment", "overdue-payment", "spend limit", "spending limit", "budget has been exceeded",
    ]
}
