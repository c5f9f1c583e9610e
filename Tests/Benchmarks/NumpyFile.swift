import CPlatform

/// A matrix of 32-bit floats in NumPy's file format, version 1.
struct NumpyFile {
    let numbers: [Float]
    let columns: Int

    init(_ path: String) throws {
        guard let file = fopen(path, "rb") else { throw UsageError(message: "cannot open \(path)") }
        defer { fclose(file) }
        var start = [UInt8](repeating: 0, count: 10)
        guard fread(&start, 1, 10, file) == 10, start[1...5].elementsEqual("NUMPY".utf8), start[6] == 1 else {
            throw UsageError(message: "\(path) is no NumPy file of version 1")
        }
        var header = [UInt8](repeating: 0, count: Int(start[8]) + Int(start[9]) << 8)
        guard fread(&header, 1, header.count, file) == header.count else {
            throw UsageError(message: "\(path) is cut off")
        }
        let text = String(decoding: header, as: UTF8.self)
        let shape =
            text.split(separator: "(").dropFirst().first?.split(separator: ")").first?.split(separator: ",")
            .compactMap { Int($0.filter { $0 != " " }) } ?? []
        guard text.contains("'<f4'"), text.contains("'fortran_order': False"), shape.count == 2, shape[1] > 0 else {
            throw UsageError(message: "\(path) must hold a matrix of 32-bit floats in C order, not \(text)")
        }
        var numbers = [Float](repeating: 0, count: shape[0] * shape[1])
        guard fread(&numbers, 4, numbers.count, file) == numbers.count else {
            throw UsageError(message: "\(path) is cut off")
        }
        self.numbers = numbers
        columns = shape[1]
    }

    var rows: [[Float]] {
        stride(from: 0, to: numbers.count, by: columns).map { Array(numbers[$0..<$0 + columns]) }
    }
}
