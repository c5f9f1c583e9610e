import CCurl

/// What libcurl reads of a request while it sends it: one block of memory that lasts as long as the transfer and is used
/// again by the next, so that a request of ordinary size is prepared without an allocation.
struct RequestMemory: ~Copyable {
    private var block: UnsafeMutableRawPointer?
    private var capacity = 0
    private(set) var url: UnsafePointer<CChar>?
    private(set) var headers: UnsafeMutablePointer<curl_slist>?
    private(set) var body: UnsafeRawPointer?

    /// A block larger than this is not kept for the next request.
    private static let keptCapacity = 64 << 10

    deinit { block?.deallocate() }

    /// Lays out the request anew; what the accessors pointed to is gone.
    mutating func fill(with request: HTTPRequest) {
        let nodeSize = MemoryLayout<curl_slist>.stride
        // libcurl would announce a body and wait for leave, and call any body without a type a form: an empty header
        // line switches each off.
        let hasType = request.headers.contains { Self.isContentType($0.name) }
        let switches: [StaticString] = hasType ? ["Expect:"] : ["Expect:", "Content-Type:"]
        let count = request.headers.count + switches.count
        var size = count * nodeSize + request.url.utf8.count + 1 + request.body.count + 1
        for header in request.headers { size += header.name.utf8.count + header.value.utf8.count + 3 }
        for line in switches { size += line.utf8CodeUnitCount + 1 }
        reserve(size)
        guard let block else { return }

        let nodes = block.bindMemory(to: curl_slist.self, capacity: count)
        var cursor = Cursor(next: block + count * nodeSize)
        var index = 0
        func link(_ line: UnsafeMutableRawPointer) {
            let next = index + 1 < count ? nodes + index + 1 : nil
            (nodes + index).initialize(to: curl_slist(data: line.assumingMemoryBound(to: CChar.self), next: next))
            index += 1
        }
        for header in request.headers {
            let line = cursor.next
            cursor.append(header.name)
            // To libcurl, a name with a colon and no value takes a header away; a semicolon sends it empty.
            let isBlank = header.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            cursor.append(isBlank ? ";" : ": ")
            if !isBlank { cursor.append(header.value) }
            cursor.terminate()
            link(line)
        }
        for line in switches {
            let start = cursor.next
            cursor.append(line)
            cursor.terminate()
            link(start)
        }
        headers = nodes
        url = UnsafePointer(cursor.next.assumingMemoryBound(to: CChar.self))
        cursor.append(request.url)
        cursor.terminate()
        body = UnsafeRawPointer(cursor.next)
        request.body.withUnsafeBytes { cursor.append($0) }
    }

    /// Lets go of a large block once the transfer is over.
    mutating func trim() {
        guard capacity > Self.keptCapacity else { return }
        block?.deallocate()
        block = nil
        capacity = 0
        (url, headers, body) = (nil, nil, nil)
    }

    private mutating func reserve(_ size: Int) {
        guard size > capacity else { return }
        block?.deallocate()
        capacity = max(size, 2048)
        block = .allocate(byteCount: capacity, alignment: MemoryLayout<curl_slist>.alignment)
    }

    private static func isContentType(_ name: String) -> Bool {
        name.utf8.count == 12 && name.lowercased() == "content-type"
    }

    /// Writes one piece behind the other into a block that was measured to hold them all.
    private struct Cursor {
        var next: UnsafeMutableRawPointer

        mutating func append(_ bytes: UnsafeRawBufferPointer) {
            guard let base = bytes.baseAddress else { return }
            next.copyMemory(from: base, byteCount: bytes.count)
            next += bytes.count
        }

        mutating func append(_ text: String) {
            var text = text
            text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
        }

        mutating func append(_ text: StaticString) {
            append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }

        mutating func terminate() {
            next.storeBytes(of: 0, as: UInt8.self)
            next += 1
        }
    }
}
