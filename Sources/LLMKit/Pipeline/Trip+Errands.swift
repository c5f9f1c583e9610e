import PortableFoundation

extension Trip {
    /// Does what caches have left to be done: bills of embeddings at once, checks of their decisions beside the request.
    @inline(never)
    func runErrands() {
        let errands = query.takeErrands()
        guard !errands.isEmpty else { return }
        for embedding in errands.embeddings { bill(embedding) }
        for check in errands.checks { send(check) }
    }

    private func bill(_ embedding: CacheErrands.Embedding) {
        let model = embedding.info.modelID ?? embedding.info.identity
        let vendor = embedding.info.vendor ?? ProviderInfo().vendor
        var charge = Charge(
            date: context.time.date,
            requestID: context.requestID,
            caller: request.caller,
            purpose: .embedding,
            model: ModelName(model),
            vendor: vendor
        )
        charge.reservation = reservation
        charge.modelAsked = embedding.info.modelID
        charge.usage = embedding.usage
        charge.timing = Timing(total: embedding.duration)
        if let price = pipeline.prices.price(vendor: vendor, model: model, at: charge.date) {
            charge.cost = price.cost(of: embedding.usage)
            charge.priceVersion = pipeline.prices.version
        }
        paid(charge.cost)
        pipeline.meter.record(charge)
    }

    /// A check neither delays nor fails the caller's request, so it goes on beside it, as a shadow does. There is room
    /// for so many; beyond that, nothing is learned.
    private func send(_ check: @escaping CacheErrands.Check) {
        let lifetime = pipeline.lifetime
        guard lifetime.beginCheck() else { return }
        let models = JudgeModels { [self] name, request in
            guard let entry = pipeline.table[name] else {
                throw LLMError(.noSuchModel, "the judge asks '\(name)', which is not a model of the pipeline")
            }
            let call = Call(self, entry, purpose: .check, tier: nil, isStreamed: false)
            guard lifetime.beginShadow(call) else {
                call.dismiss()
                throw LLMError(.cancelled, "too many shadows and checks are in flight, or the pipeline was shut down")
            }
            defer { lifetime.endShadow(call) }
            return call.settle(.answered(try await call.respond(to: request)))
        }
        Task { [meter = pipeline.meter] in
            if let trial = await check(models) { meter.record(trial) }
            lifetime.endCheck()
        }
    }
}
