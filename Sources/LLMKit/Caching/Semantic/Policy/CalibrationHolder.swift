/// A policy that goes by a calibration, or begins with one.
protocol CalibrationHolder: HitPolicy {
    /// The one that its owner gave it, or what is believed of the embedder.
    var givenCalibration: Calibration? { get }
    /// Whether what it promises rests on the calibration.
    var isProvenByCalibration: Bool { get }
}

extension CalibratedPolicy: CalibrationHolder {
    var givenCalibration: Calibration? { calibration }
    var isProvenByCalibration: Bool { true }
}

/// Its promise holds whatever it begins with.
extension AdaptivePolicy: CalibrationHolder {
    var givenCalibration: Calibration? { calibration }
    var isProvenByCalibration: Bool { false }
}

extension BuiltInPolicy: CalibrationHolder {
    var givenCalibration: Calibration? { (base as? any CalibrationHolder)?.givenCalibration }
    var isProvenByCalibration: Bool { (base as? any CalibrationHolder)?.isProvenByCalibration ?? false }
}

extension HitPolicy {
    /// Refuses a calibration of another embedder: what is proven of one's cosines says nothing of another's.
    func checkCalibration(for embedder: VectorOrigin) throws(LLMError) {
        guard let vectors = (self as? any CalibrationHolder)?.givenCalibration?.vectors, vectors != embedder else {
            return
        }
        throw .configuration(
            "the calibration was fitted with vectors of the embedder \(vectors), but the semantic cache has the embedder \(embedder), "
                + "of whose cosines it says nothing: fit it anew with the cache's embedder, or give the cache the calibration's"
        )
    }

    /// Whether its promise rests on a calibration that does not say whose vectors it was fitted with.
    var restsOnUnknownVectors: Bool {
        guard let holder = self as? any CalibrationHolder, holder.isProvenByCalibration else { return false }
        return holder.givenCalibration.map { $0.vectors == nil } ?? false
    }
}
