/// Numbers by rank: gives the lowest, and takes changes of rank, in logarithmic time.
struct RankedHeap {
    private var heap: [(rank: Double, id: Int64)] = []
    private var places: [Int64: Int] = [:]

    var count: Int { heap.count }
    var lowest: (rank: Double, id: Int64)? { heap.first }

    /// Adds a number, or moves it to another rank.
    mutating func set(_ id: Int64, rank: Double) {
        if let place = places[id] {
            let isHigher = rank > heap[place].rank
            heap[place].rank = rank
            if isHigher { sink(place) } else { rise(place) }
        } else {
            heap.append((rank, id))
            places[id] = heap.count - 1
            rise(heap.count - 1)
        }
    }

    mutating func remove(_ id: Int64) {
        guard let place = places.removeValue(forKey: id), let last = heap.popLast() else { return }
        guard place < heap.count else { return }
        heap[place] = last
        places[last.id] = place
        rise(place)
        sink(place)
    }

    private mutating func rise(_ start: Int) {
        var place = start
        while place > 0, heap[place].rank < heap[(place - 1) / 2].rank {
            swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].rank < heap[least].rank
            {
                least = child
            }
            guard least != place else { return }
            swap(place, least)
            place = least
        }
    }

    private mutating func swap(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        places[heap[a].id] = a
        places[heap[b].id] = b
    }
}
