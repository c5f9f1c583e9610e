import CKernels
import Foundation
import Testing

@testable import LLMKit

/// Every set of instructions that this processor has, against the formulas in double precision.
@Suite struct EncoderKernelTests {


    static let all: [Kernels] = (0..<8).compactMap { llmkit_kernels_at($0).map { Kernels(value: $0.pointee) } }

    struct Kernels: @unchecked Sendable, CustomTestStringConvertible {
        var value: llmkit_kernels
        var testDescription: String { String(cString: value.name) }
    }

    /// Rows, depth and columns: all the remainders that tiles and panels have.
    private static let shapes = [
        (1, 1, 1), (2, 3, 5), (3, 4, 16), (5, 7, 17), (6, 8, 32), (7, 33, 33), (11, 12, 48), (12, 64, 64), (13, 30, 70),
        (25, 128, 96), (37, 66, 31),
    ]

    private func random(_ count: Int, _ generator: inout SeededGenerator, in range: ClosedRange<Float> = -2...2) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &generator) }
    }

    private func padded(_ columns: Int) -> Int { (columns + 31) / 32 * 32 }

    @Test(arguments: all) func `products are those of double precision`(_ kernels: Kernels) throws {
        var generator = SeededGenerator(seed: 1)
        for (rows, depth, columns) in Self.shapes {
            let x = random(rows * (depth + 3), &generator)
            let weights = random(columns * depth, &generator)
            let bias = random(columns, &generator) + [Float](repeating: 0, count: padded(columns) - columns)
            let arena = try WeightArena(capacity: 1 << 20)
            let panels = try arena.take(padded(columns) * depth, of: Float.self)
            llmkit_pack_f32(weights, depth, depth, columns, panels)
            var matrix = llmkit_matrix_f32(panels: panels, bias: try arena.take(bias), depth: depth, columns: columns)
            var y = [Float](repeating: .nan, count: rows * padded(columns))
            kernels.value.multiply_f32(&matrix, x, depth + 3, rows, &y, padded(columns))
            var worst = 0.0
            for row in 0..<rows {
                for column in 0..<columns {
                    var sum = Double(bias[column])
                    for k in 0..<depth { sum += Double(x[row * (depth + 3) + k]) * Double(weights[column * depth + k]) }
                    worst = max(worst, abs(sum - Double(y[row * padded(columns) + column])))
                }
            }
            #expect(worst < 1e-4, "\(rows) x \(depth) x \(columns)")
        }
    }

    @Test(arguments: all) func `products of bfloat16 are those of the rounded numbers`(_ kernels: Kernels) throws {
        var generator = SeededGenerator(seed: 2)
        for (rows, depth, columns) in Self.shapes {
            let x = random(rows * depth, &generator)
            let weights = random(columns * depth, &generator)
            let bias = random(padded(columns), &generator)
            let arena = try WeightArena(capacity: 1 << 20)
            let panels = try arena.take(padded(columns) * (depth + 1), of: UInt16.self)
            llmkit_pack_bf16(weights, depth, depth, columns, panels)
            var matrix = llmkit_matrix_bf16(panels: panels, bias: try arena.take(bias), depth: depth, columns: columns)
            var rounded = [UInt16](repeating: 0xFFFF, count: rows * (depth + 1))
            kernels.value.round_bf16(x, depth, rows, depth, &rounded, depth + 1)
            var y = [Float](repeating: .nan, count: rows * padded(columns))
            kernels.value.multiply_bf16(&matrix, rounded, depth + 1, rows, &y, padded(columns))
            var worst = 0.0
            for row in 0..<rows {
                for column in 0..<columns {
                    var sum = Double(bias[column])
                    for k in 0..<depth {
                        sum += Double(bf16(x[row * depth + k])) * Double(bf16(weights[column * depth + k]))
                    }
                    worst = max(worst, abs(sum - Double(y[row * padded(columns) + column])))
                }
            }
            #expect(worst < 1e-4, "\(rows) x \(depth) x \(columns)")
        }
    }

    /// The nearest number of eight significant bits, ties to even.
    private func bf16(_ x: Float) -> Float {
        let unit = Float(sign: .plus, exponent: x.exponent - 7, significand: 1)
        return x == 0 ? 0 : (x / unit).rounded(.toNearestOrEven) * unit
    }

    @Test(arguments: all) func `products of eight bits are exact integers, scaled`(_ kernels: Kernels) throws {
        var generator = SeededGenerator(seed: 3)
        for (rows, depth, columns) in Self.shapes {
            let whole = (depth + 3) / 4 * 4
            // The largest of all values are among them: nothing may saturate on the way.
            let weights = random(columns * depth, &generator).map { $0 > 1 ? 2 : $0 < -1 ? -2 : $0 }
            let biases = random(3 * padded(columns), &generator)
            let kinds = (0..<rows).map { _ in UInt8.random(in: 0..<3, using: &generator) }
            let x = (0..<rows * whole).map { index in
                index % whole < depth
                    ? [UInt8.min, .max, UInt8.random(in: 0...255, using: &generator)][index % 3] : 128
            }
            let scales = random(rows, &generator, in: 0.1...1)
            let arena = try WeightArena(capacity: 1 << 20)
            let panels = try arena.take(padded(columns) * whole, of: Int8.self)
            let columnScales = try arena.take(padded(columns), of: Float.self)
            let offsets = try arena.take(padded(columns), of: Int32.self)
            llmkit_pack_s8(weights, depth, depth, columns, panels, columnScales, offsets)
            let none = try arena.take(depth, of: Float.self)
            var matrix = llmkit_matrix_s8(
                panels: panels,
                bias: try arena.take(biases),
                scales: columnScales,
                offsets: offsets,
                shift: none,
                factor: none,
                depth: depth,
                columns: columns,
                rotation: 1
            )
            var y = [Float](repeating: .nan, count: rows * padded(columns))
            kernels.value.multiply_s8(&matrix, x, whole, scales, kinds, rows, &y, padded(columns))
            var worst = 0.0
            for row in 0..<rows {
                for column in 0..<columns {
                    let scale = (0..<depth).map { abs(weights[column * depth + $0]) }.max() ?? 0
                    var sum = 0
                    for k in 0..<depth {
                        let weight = (weights[column * depth + k] * (127 / scale)).rounded(.toNearestOrEven)
                        sum += (Int(x[row * whole + k]) - 128) * Int(weight)
                    }
                    let bias = biases[Int(kinds[row]) * padded(columns) + column]
                    let expected = Double(sum) * Double(scale / 127) * Double(scales[row]) + Double(bias)
                    worst = max(worst, abs(expected - Double(y[row * padded(columns) + column])))
                }
            }
            #expect(worst < 1e-3, "\(rows) x \(depth) x \(columns)")
        }
    }

    @Test(arguments: all) func `rows are shifted, rotated and rounded with a scale of their own`(
        _ kernels: Kernels
    ) throws {
        var generator = SeededGenerator(seed: 4)
        for (depth, rotation) in [(1, 1), (6, 2), (20, 4), (24, 8), (48, 16), (96, 32), (192, 64), (384, 128)] {
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
                rotation: rotation
            )
            let whole = (depth + 3) / 4 * 4
            var bytes = [UInt8](repeating: 0, count: 3 * whole)
            var scales = [Float](repeating: .nan, count: 3)
            var scratch = [Float](repeating: 0, count: depth)
            kernels.value.quantize(&matrix, x, depth, kinds, 3, &scratch, &bytes, whole, &scales)
            for row in 0..<3 {
                let scaled = (0..<depth).map { i in
                    Double((x[row * depth + i] - shift[Int(kinds[row]) * depth + i]) * factor[i])
                }
                let rotated = (0..<depth).map { i in
                    let first = i / rotation * rotation
                    // Walsh's functions: the sign is the parity of the bits that both indices have.
                    return (0..<rotation).reduce(0) {
                        $0 + (($1 & i).nonzeroBitCount % 2 == 0 ? 1 : -1) * scaled[first + $1]
                    }
                }
                let largest = rotated.map(abs).max() ?? 0
                #expect(abs(Double(scales[row]) - largest / 127) < 1e-5)
                for i in 0..<whole {
                    let byte = Double(bytes[row * whole + i]) - 128
                    let expected = i < depth && largest > 0 ? rotated[i] / largest * 127 : 0
                    #expect(abs(byte - expected) <= 0.501, "\(depth), row \(row), \(i)")
                }
            }
        }
    }

    @Test(arguments: all) func `activations are exact to a millionth`(_ kernels: Kernels) {
        let x = (-90_000...90_000).map { Float($0) * 1e-4 }
        let functions: [(llmkit_activation, (Double) -> Double)] = [
            (llmkit_activation_gelu, { $0 / 2 * erfc(-$0 / 2.0.squareRoot()) }),
            (
                llmkit_activation_gelu_tanh,
                { $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
            ),
            (llmkit_activation_relu, { max(0, $0) }),
        ]
        for (name, function) in functions {
            var y = x
            kernels.value.activate(name, &y, x.count, 1, x.count)
            let worst = zip(x, y).map { abs(function(Double($0)) - Double($1)) }.max() ?? 1
            #expect(worst < 2e-6, "\(name)")
            let small = zip(x, y).filter { abs($0.0) < 3 }.map { abs(function(Double($0)) - Double($1)) }.max() ?? 1
            #expect(small < 1e-6, "\(name)")
        }
    }

    @Test(arguments: all) func `rows are added and normalised`(_ kernels: Kernels) {
        var generator = SeededGenerator(seed: 5)
        for count in [1, 3, 8, 16, 21, 64, 384] {
            let (x, y) = (random(2 * count, &generator), random(2 * count, &generator))
            let (weight, bias) = (random(count, &generator), random(count, &generator))
            for hasUpdate in [true, false] {
                var result = x
                y.withUnsafeBufferPointer { update in
                    let update = hasUpdate ? update.baseAddress : nil
                    kernels.value.add_norm(&result, count, update, count, 2, count, weight, bias, 1e-6)
                }
                for row in 0..<2 {
                    let sums = (0..<count).map {
                        Double(x[row * count + $0]) + (hasUpdate ? Double(y[row * count + $0]) : 0)
                    }
                    let mean = sums.reduce(0, +) / Double(count)
                    let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
                    for i in 0..<count {
                        let expected =
                            (sums[i] - mean) / (variance + 1e-6).squareRoot() * Double(weight[i]) + Double(bias[i])
                        #expect(abs(expected - Double(result[row * count + i])) < 2e-5, "\(count)")
                    }
                }
            }
        }
    }

    @Test(arguments: all) func `attention mixes the values by the softmax of the scores`(_ kernels: Kernels) {
        var generator = SeededGenerator(seed: 6)
        for (rows, heads, size) in [
            (1, 1, 1), (2, 2, 3), (5, 1, 16), (12, 3, 32), (17, 2, 32), (33, 1, 40), (70, 2, 64),
        ] {
            let width = heads * size
            let qkv = random(rows * 3 * width, &generator)
            let count = llmkit_attend_scratch(rows, size)
            let scratch = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
            defer { scratch.deallocate() }
            var y = [Float](repeating: .nan, count: rows * width)
            kernels.value.attend(
                qkv,
                3 * width,
                rows,
                heads,
                size,
                scratch.bindMemory(to: Float.self, capacity: count),
                &y,
                width
            )
            var worst = 0.0
            for head in 0..<heads {
                func at(_ row: Int, _ part: Int, _ i: Int) -> Double {
                    Double(qkv[row * 3 * width + part * width + head * size + i])
                }
                for row in 0..<rows {
                    let scores = (0..<rows).map { other in
                        (0..<size).reduce(0) { $0 + at(row, 0, $1) * at(other, 1, $1) }
                    }
                    let shares = scores.map { exp($0 - (scores.max() ?? 0)) }
                    let total = shares.reduce(0, +)
                    for i in 0..<size {
                        let expected = (0..<rows).reduce(0) { $0 + shares[$1] / total * at($1, 2, i) }
                        worst = max(worst, abs(expected - Double(y[row * width + head * size + i])))
                    }
                }
            }
            #expect(worst < 1e-4, "\(rows) tokens, \(heads) heads of \(size)")
        }
    }
}
