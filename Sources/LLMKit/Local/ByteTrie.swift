import CPlatform

/// Byte strings with a number each, made for finding the longest one that begins at some place.
///
/// Nodes are numbered breadth first, so that a node's children lie side by side, in the order of their bytes: a step is a
/// search among a few adjacent bytes.
struct ByteTrie: Sendable {
    private struct Node {
        var firstChild: Int32 = 0
        var childCount: Int16 = 0
        var value: Int32 = -1
    }

    private var nodes: [Node] = [Node()]
    /// The byte that leads to each node.
    private var labels: [UInt8] = [0]

    /// The node where every string begins.
    static let root = 0

    /// - Parameter entries: the strings; of equal ones the last counts. Values must not be negative.
    init(_ entries: ByteStrings) {
        entries.bytes.withUnsafeBufferPointer { bytes in
            let sorted = entries.sortedAndUnique()
            // Where a node's strings lie among the sorted ones, and how many of their bytes led to it.
            var queue: [(strings: Range<Int>, depth: Int)] = [(0..<sorted.count, 0)]
            var node = 0
            while node < queue.count {
                var (strings, depth) = queue[node]
                if let first = strings.first, sorted[first].length == depth {
                    nodes[node].value = sorted[first].value
                    strings = strings.dropFirst()
                }
                nodes[node].firstChild = Int32(truncatingIfNeeded: nodes.count)
                var start = strings.lowerBound
                while start < strings.upperBound {
                    let label = bytes[sorted[start].start + depth]
                    var end = start + 1
                    while end < strings.upperBound, bytes[sorted[end].start + depth] == label { end += 1 }
                    nodes.append(Node())
                    labels.append(label)
                    queue.append((start..<end, depth + 1))
                    nodes[node].childCount += 1
                    start = end
                }
                node += 1
            }
        }
    }

    /// The node that the strings with this beginning share; `nil` if there are none.
    func node(after prefix: some Sequence<UInt8>) -> Int? {
        nodes.withUnsafeBufferPointer { nodes in
            labels.withUnsafeBufferPointer { labels in
                var node = Self.root
                for byte in prefix {
                    guard let child = Self.child(of: node, byte, nodes, labels) else { return nil }
                    node = child
                }
                return node
            }
        }
    }

    /// The number of exactly this string.
    func value(of string: some Sequence<UInt8>) -> Int32? {
        guard let node = node(after: string), nodes[node].value >= 0 else { return nil }
        return nodes[node].value
    }

    /// The longest string that `bytes` has at `start`, not the empty one.
    /// - Parameter root: the node to begin at, for strings whose beginning is not in the text.
    @inline(__always)
    func longestMatch(
        in bytes: UnsafeBufferPointer<UInt8>,
        at start: Int,
        from root: Int = ByteTrie.root
    ) -> (end: Int, value: Int32)? {
        nodes.withUnsafeBufferPointer { nodes in
            labels.withUnsafeBufferPointer { labels in
                var best: (end: Int, value: Int32)?
                var node = root
                var index = start
                while index < bytes.count, let child = Self.child(of: node, bytes[index], nodes, labels) {
                    index += 1
                    node = child
                    if nodes[node].value >= 0 { best = (index, nodes[node].value) }
                }
                return best
            }
        }
    }

    @inline(__always)
    private static func child(
        of node: Int,
        _ byte: UInt8,
        _ nodes: UnsafeBufferPointer<Node>,
        _ labels: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        var low = Int(nodes[node].firstChild)
        var count = Int(nodes[node].childCount)
        let end = low + count
        while count > 0 {
            let half = count / 2
            if labels[low + half] < byte {
                low += half + 1
                count -= half + 1
            } else {
                count = half
            }
        }
        return low < end && labels[low] == byte ? low : nil
    }
}

/// Byte strings with a number each, in one array: cheap to collect by the ten thousand, and compared byte by byte, where
/// `String` takes canonically equivalent texts for equal.
struct ByteStrings {
    struct Slice {
        var start: Int
        var length: Int
        var value: Int32
    }

    private(set) var bytes: [UInt8] = []
    private(set) var slices: [Slice] = []

    mutating func append(_ string: some Collection<UInt8>, _ value: Int32) {
        slices.append(Slice(start: bytes.count, length: string.count, value: value))
        bytes.append(contentsOf: string)
    }

    /// In the order of their bytes; of equal strings only the last that was appended.
    fileprivate func sortedAndUnique() -> [Slice] {
        bytes.withUnsafeBytes { memory in
            func order(_ a: Slice, _ b: Slice) -> Int {
                guard let base = memory.baseAddress else { return 0 }
                let common = Int(memcmp(base + a.start, base + b.start, min(a.length, b.length)))
                return common != 0 ? common : a.length - b.length
            }
            let sorted = slices.sorted {
                let order = order($0, $1)
                return order != 0 ? order < 0 : $0.start > $1.start
            }
            var unique: [Slice] = []
            unique.reserveCapacity(sorted.count)
            for slice in sorted {
                if let last = unique.last, order(last, slice) == 0 { continue }
                unique.append(slice)
            }
            return unique
        }
    }
}
