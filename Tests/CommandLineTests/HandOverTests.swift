import Testing

@testable import eseg

@Suite struct HandOverTests {
    @Test func elementsComeOutInOrder() {
        let queue = HandOver<Int>(capacity: 3)
        #expect([1, 2, 3].allSatisfy(queue.put))
        queue.close()
        #expect(queue.take() == 1 && queue.take() == 2 && queue.take() == 3)
        #expect(queue.take() == nil && !queue.put(4))
    }

    @Test func theLatestReplacesTheOldest() {
        let queue = HandOver<Int>(capacity: 2)
        #expect(queue.replace(1) == nil && queue.replace(2) == nil && queue.replace(3) == 1)
        #expect(queue.take() == 2 && queue.take() == 3)
        queue.close()
        #expect(queue.replace(4) == 4)
    }

    @Test func closingCanDiscard() {
        let queue = HandOver<Int>(capacity: 2)
        #expect(queue.put(1))
        queue.close(discarding: true)
        #expect(queue.take() == nil)
    }

    @Test func waitingHasAnEnd() {
        #expect(HandOver<Int>(capacity: 1).take(within: .milliseconds(1)) == nil)
    }

    @Test func everyElementArrivesThroughAFullQueue() throws {
        let queue = HandOver<Int>(capacity: 1), sum = Guarded(0)
        let reader = try Worker {
            while let element = queue.take() { sum { $0 += element } }
        }
        for element in 1...1000 { #expect(queue.put(element)) }
        queue.close()
        reader.join()
        #expect(sum { $0 } == 500_500)
    }
}
