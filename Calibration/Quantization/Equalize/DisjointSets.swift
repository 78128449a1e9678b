/// Sets of the numbers 0..<count, each of which starts in one of its own; the least of a set stands for it.
struct DisjointSets {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    func root(of number: Int) -> Int {
        var number = number
        while parents[number] != number { number = parents[number] }
        return number
    }

    mutating func join(_ first: Int, _ second: Int) {
        let (a, b) = (shortened(first), shortened(second))
        parents[max(a, b)] = min(a, b)
    }

    private mutating func shortened(_ number: Int) -> Int {
        var number = number
        while parents[number] != number {
            parents[number] = parents[parents[number]]
            number = parents[number]
        }
        return number
    }
}
