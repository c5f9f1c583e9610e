import CPlatform

/// What a count of events says about their true share: the exact limits of Clopper and Pearson (Biometrika 26, 1934).
enum BinomialLimit {
    /// The largest true share that still agrees with what was seen: with at least the given confidence it is no higher.
    /// - Parameters:
    ///   - events: how many of the trials were events, 0 to `trials`.
    ///   - confidence: one-sided, above 0 and below 1.
    static func upper(_ events: Int, of trials: Int, confidence: Double) -> Double {
        upper(Double(events), of: Double(trials), confidence: confidence)
    }

    /// The smallest true share that still agrees with what was seen.
    static func lower(_ events: Int, of trials: Int, confidence: Double) -> Double {
        lower(Double(events), of: Double(trials), confidence: confidence)
    }

    /// The same for weighted trials, counted as so many equal ones.
    static func upper(_ events: Double, of trials: Double, confidence: Double) -> Double {
        guard trials > 0, events < trials else { return 1 }
        return quantile(confidence, max(0, events) + 1, trials - max(0, events))
    }

    static func lower(_ events: Double, of trials: Double, confidence: Double) -> Double {
        guard trials > 0, events > 0 else { return 0 }
        return quantile(1 - confidence, min(events, trials), trials - min(events, trials) + 1)
    }

    /// Whether ``upper(_:of:confidence:)`` is no higher than `share`, without computing it.
    static func isProven(_ events: Int, of trials: Int, within share: Double, confidence: Double) -> Bool {
        isProven(Double(events), of: Double(trials), within: share, confidence: confidence)
    }

    /// The same for weighted trials.
    static func isProven(_ events: Double, of trials: Double, within share: Double, confidence: Double) -> Bool {
        guard trials > 0, events < trials else { return share >= 1 }
        // The limit is the quantile of a beta distribution: compare its distribution function at `share` instead.
        return regularizedBeta(share, max(0, events) + 1, trials - max(0, events)) >= confidence
    }

    /// How many trials without any event prove the share.
    static func trialsToProve(_ share: Double, confidence: Double) -> Int {
        guard share > 0, share < 1, confidence < 1 else { return share >= 1 ? 1 : .max }
        let trials = (log(1 - confidence) / log1p(-share)).rounded(.up)
        return trials < 1e15 ? max(1, Int(trials)) : .max
    }

    /// The quantile of the beta distribution, by bisection.
    private static func quantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
        if b <= 0 { return 1 }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<80 {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { break }
            if regularizedBeta(middle, a, b) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The regularised incomplete beta function I_x(a, b), the distribution function of the beta distribution.
    ///
    /// Lentz's method on the continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions.
    /// - Parameters:
    ///   - x: 0 to 1.
    ///   - a: above 0.
    ///   - b: above 0.
    static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        // The fraction converges fast on this side of the mean; the other side by symmetry.
        guard x <= (a + 1) / (a + b + 2) else { return 1 - regularizedBeta(1 - x, b, a) }
        let logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var fraction = d
        // It takes about the square root of the larger parameter many steps.
        for step in 1...100_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            fraction *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            fraction *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return min(1, max(0, exp(logFront) * fraction / a))
    }

    /// The logarithm of the gamma function for positive arguments: Stirling's series after shifting up.
    ///
    /// Our own, because the C library's keeps its result's sign in a global variable.
    static func logGamma(_ x: Double) -> Double {
        var (x, shift) = (x, 0.0)
        while x < 15 {
            shift += log(x)
            x += 1
        }
        let inverse = 1 / (x * x)
        let series =
            (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse * (1.0 / 1680 - inverse / 1188)))) / x
        return (x - 0.5) * log(x) - x + 0.918_938_533_204_672_74 + series - shift
    }
}
