import LLMKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension Answer {
    /// Spreads the answer's certainty over its tokens: their geometric mean is the certainty, some are surer than others.
    /// - Parameter top: how many alternatives each token gets.
    func logProbabilities(top: Int, hash: StableHash) -> [TokenLogProbability] {
        let mean = log(certainty)
        return tokens.indices.map { index in
            // Neighbours get mirrored weights, which average to one.
            let swing = hash.combined(with: index / 2).unit
            let isPaired = index ^ 1 < tokens.count
            let weight = isPaired ? (index % 2 == 0 ? 1 + swing : 1 - swing) : 1
            let chosen = mean * weight
            let rest = max(1e-9, 1 - exp(chosen))
            let alternatives = (0..<max(0, min(top, 20))).map { rank in
                rank == 0
                    ? TokenLogProbability.Alternative(tokens[index], Self.rounded(chosen))
                    : TokenLogProbability.Alternative("~\(rank)", Self.rounded(log(rest * pow(0.5, Double(rank)))))
            }
            return TokenLogProbability(tokens[index], Self.rounded(chosen), top: alternatives)
        }
    }

    private static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
