import CResources
import PortableFoundation

/// What is believed of an embedder's matches before there is any traffic.
///
/// Learned, in numbers of neighbourhoods alone and with no text of theirs, from caches that fill with the questions of
/// Banking77 (CC BY 4.0) and CLINC150 (CC BY 3.0): see `NOTICE`, and the `semantic-cold` benchmark, which fits one.
enum EmbedderPrior {
    /// The prior of an embedder; `nil` where nothing is known.
    static func of(_ embedder: EmbedderInfo) -> Calibration? {
        // Encoders of this family and width spread their cosines alike, and a belief that is wrong costs no more than the loan.
        guard embedder.identity.hasPrefix("minilm:"), embedder.dimensions == 384 else { return nil }
        return miniLM
    }

    private static let miniLM: Calibration? = {
        let resource = llmkit_prior_minilm()
        let data = Data(UnsafeBufferPointer(start: resource.bytes, count: resource.count))
        return try? JSONDecoder().decode(Calibration.self, from: data)
    }()
}

/// A policy that can begin with what is known of an embedder.
protocol PriorPolicy: HitPolicy {
    func begin(with prior: Calibration)
}

extension AdaptivePolicy: PriorPolicy {
    /// Begins with what is believed of an embedder, if anything is.
    package func begin(with embedder: EmbedderInfo) {
        if let prior = EmbedderPrior.of(embedder) { begin(with: prior) }
    }
}

extension BuiltInPolicy: PriorPolicy {
    func begin(with prior: Calibration) { (base as? any PriorPolicy)?.begin(with: prior) }
}
