import CKernels
import Testing

@testable import LLMKit

/// Every set of instructions that this processor has, against the formulas in double precision.
@Suite struct EncoderKernelTests {

    static let all: [Kernels] = (0..<8).compactMap { llmkit_kernels_at($0).map { Kernels(value: $0.pointee) } }

    struct Kernels: @unchecked Sendable, CustomTestStringConvertible {
        var value: llmkit_kernels
        var testDescription: String { String(cString: value.name) }
    }

    /// A product: all the remainders that tiles and panels have.
    private struct Shape: CustomStringConvertible {
        var rows: Int
        var depth: Int
        var columns: Int
        var padded: Int { (columns + 31) / 32 * 32 }
        var description: String { "\(rows) x \(depth) x \(columns)" }
    }

    private static let shapes: [Shape] = [
        (1, 1, 1), (2, 3, 5), (3, 4, 16), (5, 7, 17), (6, 8, 32), (7, 33, 33), (11, 12, 48), (12, 48, 64), (13, 30, 40),
        (25, 40, 70), (14, 66, 31),
    ].map { Shape(rows: $0.0, depth: $0.1, columns: $0.2) }

    private func random(
        _ count: Int,
        _ generator: inout SeededGenerator,
        in range: ClosedRange<Float> = -2...2
    ) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &generator) }
    }

    /// The first `width` numbers of rows that start `stride` apart.
    private func rows(_ x: [Float], stride: Int, count: Int, width: Int) -> [[Double]] {
        (0..<count).map { row in x[row * stride..<row * stride + width].map(Double.init) }
    }

    @Test(arguments: all) func `products are those of double precision`(_ kernels: Kernels) throws {
        var generator = SeededGenerator(seed: 1)
        for shape in Self.shapes {
            let stride = shape.depth + 3
            let x = random(shape.rows * stride, &generator)
            let weights = random(shape.columns * shape.depth, &generator)
            let bias = random(shape.padded, &generator)
            let arena = try WeightArena(capacity: 1 << 20)
            let panels = try arena.take(shape.padded * shape.depth, of: Float.self)
            llmkit_pack_f32(weights, shape.depth, shape.depth, shape.columns, panels)
            var matrix = llmkit_matrix_f32(
                panels: panels,
                bias: try arena.take(bias),
                depth: shape.depth,
                columns: shape.columns
            )
            var y = [Float](repeating: .nan, count: shape.rows * shape.padded)
            kernels.value.multiply_f32(&matrix, x, stride, shape.rows, &y, shape.padded)
            let expected = EncoderFormulas.linear(
                rows(x, stride: stride, count: shape.rows, width: shape.depth),
                weights.map(Double.init),
                bias.prefix(shape.columns).map(Double.init)
            )
            let found = rows(y, stride: shape.padded, count: shape.rows, width: shape.columns)
            #expect(EncoderFormulas.distance(found, expected) < 1e-4, "\(shape)")
        }
    }

    @Test(arguments: all) func `products of bfloat16 are those of the rounded numbers`(_ kernels: Kernels) throws {
        var generator = SeededGenerator(seed: 2)
        for shape in Self.shapes {
            let x = random(shape.rows * shape.depth, &generator)
            let weights = random(shape.columns * shape.depth, &generator)
            let bias = random(shape.padded, &generator)
            let arena = try WeightArena(capacity: 1 << 20)
            let panels = try arena.take(shape.padded * (shape.depth + 1), of: UInt16.self)
            llmkit_pack_bf16(weights, shape.depth, shape.depth, shape.columns, panels)
            var matrix = llmkit_matrix_bf16(
                panels: panels,
                bias: try arena.take(bias),
                depth: shape.depth,
                columns: shape.columns
            )
            var rounded = [UInt16](repeating: 0xFFFF, count: shape.rows * (shape.depth + 1))
            kernels.value.round_bf16(x, shape.depth, shape.rows, shape.depth, &rounded, shape.depth + 1)
            var y = [Float](repeating: .nan, count: shape.rows * shape.padded)
            kernels.value.multiply_bf16(&matrix, rounded, shape.depth + 1, shape.rows, &y, shape.padded)
            let expected = EncoderFormulas.linear(
                rows(x.map(bf16), stride: shape.depth, count: shape.rows, width: shape.depth),
                weights.map { Double(bf16($0)) },
                bias.prefix(shape.columns).map(Double.init)
            )
            let found = rows(y, stride: shape.padded, count: shape.rows, width: shape.columns)
            #expect(EncoderFormulas.distance(found, expected) < 1e-4, "\(shape)")
        }
    }

    /// The nearest number of eight significant bits, ties to even.
    private func bf16(_ x: Float) -> Float {
        let unit = Float(sign: .plus, exponent: x.exponent - 7, significand: 1)
        return x == 0 ? 0 : (x / unit).rounded(.toNearestOrEven) * unit
    }

    @Test(arguments: all) func `products of eight bits are exact integers, scaled`(_ kernels: Kernels) throws {
        var generator = SeededGenerator(seed: 3)
        for shape in Self.shapes {
            let whole = (shape.depth + 3) / 4 * 4
            // The largest of all values are among them: nothing may saturate on the way.
            let weights: [Float] = random(shape.columns * shape.depth, &generator).map { min(max($0 * 2, -2), 2) }
            let biases = random(3 * shape.padded, &generator)
            let kinds: [UInt8] = (0..<shape.rows).map { _ in UInt8.random(in: 0..<3, using: &generator) }
            let scales = random(shape.rows, &generator, in: 0.1...1)
            var x = [UInt8](repeating: 128, count: shape.rows * whole)
            for index in x.indices where index % whole < shape.depth {
                x[index] = [UInt8.min, .max, UInt8.random(in: 0...255, using: &generator)][index % 3]
            }
            let arena = try WeightArena(capacity: 1 << 20)
            let panels = try arena.take(shape.padded * whole, of: Int8.self)
            let columnScales = try arena.take(shape.padded, of: Float.self)
            let offsets = try arena.take(shape.padded, of: Int32.self)
            llmkit_pack_s8(weights, shape.depth, shape.depth, shape.columns, panels, columnScales, offsets)
            let none = try arena.take(shape.depth, of: Float.self)
            var matrix = llmkit_matrix_s8(
                panels: panels,
                bias: try arena.take(biases),
                scales: columnScales,
                offsets: offsets,
                shift: none,
                factor: none,
                depth: shape.depth,
                columns: shape.columns,
                rotation: 1
            )
            var y = [Float](repeating: .nan, count: shape.rows * shape.padded)
            kernels.value.multiply_s8(&matrix, x, whole, scales, kinds, shape.rows, &y, shape.padded)
            var expected: [[Double]] = []
            for row in 0..<shape.rows {
                let activations: [Int] = x[row * whole..<row * whole + shape.depth].map { Int($0) - 128 }
                var products: [Double] = []
                for column in 0..<shape.columns {
                    let own = weights[column * shape.depth..<(column + 1) * shape.depth]
                    let largest: Float = own.map(abs).max() ?? 0
                    let rounded: [Int] = own.map { Int(($0 * (127 / largest)).rounded(.toNearestOrEven)) }
                    let sum: Int = zip(activations, rounded).reduce(0) { $0 + $1.0 * $1.1 }
                    let scaled: Double = Double(sum) * Double(largest / 127) * Double(scales[row])
                    products.append(scaled + Double(biases[Int(kinds[row]) * shape.padded + column]))
                }
                expected.append(products)
            }
            let found = rows(y, stride: shape.padded, count: shape.rows, width: shape.columns)
            #expect(EncoderFormulas.distance(found, expected) < 1e-3, "\(shape)")
        }
    }

    @Test(arguments: all) func `rows are shifted, rotated and rounded with a scale of their own`(
        _ kernels: Kernels
    ) throws {
        var generator = SeededGenerator(seed: 4)
        for (depth, block) in [(1, 1), (6, 2), (20, 4), (24, 8), (48, 16), (96, 32), (192, 64), (128, 128), (256, 256)]
        {
            // The third row is all zeros once it is shifted: its scale is none.
            let shift = random(3 * depth, &generator)
            let kinds: [UInt8] = [1, 0, 2]
            let x = random(2 * depth, &generator) + shift.suffix(depth)
            let arena = try WeightArena(capacity: 1 << 16)
            let factor = random(depth, &generator, in: 0.5...2)
            var matrix = llmkit_matrix_s8(
                panels: try arena.take(1, of: Int8.self),
                bias: try arena.take(1, of: Float.self),
                scales: try arena.take(1, of: Float.self),
                offsets: try arena.take(1, of: Int32.self),
                shift: try arena.take(shift),
                factor: try arena.take(factor),
                depth: depth,
                columns: 1,
                rotation: block
            )
            let whole = (depth + 3) / 4 * 4
            var bytes = [UInt8](repeating: 0, count: 3 * whole)
            var scales = [Float](repeating: .nan, count: 3)
            var scratch = [Float](repeating: 0, count: depth)
            kernels.value.quantize(&matrix, x, depth, kinds, 3, &scratch, &bytes, whole, &scales)
            for row in 0..<3 {
                var scaled: [Double] = []
                for i in 0..<depth {
                    let difference: Float = x[row * depth + i] - shift[Int(kinds[row]) * depth + i]
                    scaled.append(Double(difference) * Double(factor[i]))
                }
                let rotated = EncoderFormulas.rotate(scaled, block: block)
                let largest = rotated.map(abs).max() ?? 0
                #expect(abs(Double(scales[row]) - largest / 127) < 1e-5)
                let steps: [Double] = rotated.map { largest > 0 ? $0 / largest * 127 : 0 }
                let found: [Double] = bytes[row * whole..<(row + 1) * whole].map { Double($0) - 128 }
                #expect(EncoderFormulas.distance([Array(found.prefix(depth))], [steps]) < 0.502, "\(depth), row \(row)")
                #expect(found.dropFirst(depth).allSatisfy { $0 == 0 })
            }
        }
    }

    @Test(arguments: all) func `activations are exact to a millionth`(_ kernels: Kernels) {
        let x: [Float] = (-1_800...1_800).map { Float($0) * 5e-3 }
        let functions: [(llmkit_activation, (Double) -> Double)] = [
            (llmkit_activation_gelu, EncoderFormulas.gelu),
            (llmkit_activation_gelu_tanh, EncoderFormulas.geluTanh),
            (llmkit_activation_relu, EncoderFormulas.relu),
        ]
        for (name, function) in functions {
            var y = x
            kernels.value.activate(name, &y, x.count, 1, x.count)
            let expected: [Double] = x.map { function(Double($0)) }
            #expect(EncoderFormulas.distance([y.map(Double.init)], [expected]) < 1e-6, "\(name)")
        }
    }

    @Test(arguments: all) func `rows are added and normalised`(_ kernels: Kernels) {
        var generator = SeededGenerator(seed: 5)
        for count in [1, 3, 8, 16, 21, 64, 100] {
            let (x, update) = (random(2 * count, &generator), random(2 * count, &generator))
            let (weight, bias) = (random(count, &generator), random(count, &generator))
            for hasUpdate in [true, false] {
                var result = x
                update.withUnsafeBufferPointer { update in
                    let added = hasUpdate ? update.baseAddress : nil
                    kernels.value.add_norm(&result, count, added, count, 2, count, weight, bias, 1e-6)
                }
                let sums: [Float] = hasUpdate ? zip(x, update).map { $0 + $1 } : x
                let expected = EncoderFormulas.norm(
                    rows(sums, stride: count, count: 2, width: count),
                    weight.map(Double.init),
                    bias.map(Double.init),
                    epsilon: 1e-6
                )
                let found = rows(result, stride: count, count: 2, width: count)
                #expect(EncoderFormulas.distance(found, expected) < 2e-5, "\(count)")
            }
        }
    }

    @Test(arguments: all) func `attention mixes the values by the softmax of the scores`(_ kernels: Kernels) {
        var generator = SeededGenerator(seed: 6)
        let cases = [(1, 1, 1), (2, 2, 3), (5, 1, 16), (12, 3, 32), (17, 2, 32), (33, 1, 40), (40, 1, 64)]
        for (tokens, heads, size) in cases {
            let width = heads * size
            let qkv = random(tokens * 3 * width, &generator)
            let count = llmkit_attend_scratch(tokens, size)
            let memory = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
            defer { memory.deallocate() }
            let scratch = memory.bindMemory(to: Float.self, capacity: count)
            var y = [Float](repeating: .nan, count: tokens * width)
            kernels.value.attend(qkv, 3 * width, tokens, heads, size, scratch, &y, width)
            for head in 0..<heads {
                let parts: [[[Double]]] = (0..<3).map { part in
                    rows(
                        Array(qkv.dropFirst(part * width + head * size)),
                        stride: 3 * width,
                        count: tokens,
                        width: size
                    )
                }
                let expected = EncoderFormulas.attend(parts[0], parts[1], parts[2], scale: 1)
                let found = rows(Array(y.dropFirst(head * size)), stride: width, count: tokens, width: size)
                #expect(EncoderFormulas.distance(found, expected) < 1e-4, "\(tokens) tokens, \(heads) heads of \(size)")
            }
        }
    }
}
