@preconcurrency import Glibc

/// A value that several threads share, one at a time.
final class Guarded<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value

    init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func callAsFunction<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}

/// A queue of a few elements between threads, which wait for each other: for room on one side, for elements on the other.
final class HandOver<Element: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var elements: [Element?]
    private var first = 0
    private var count = 0
    private var isClosed = false

    init(capacity: Int) {
        elements = Array(repeating: nil, count: max(capacity, 1))
        pthread_mutex_init(mutex, nil)
        // Waits last as long as they should whatever the system's time is set to.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Adds an element, waiting for room. False once the queue is closed; the element is then lost.
    func put(_ element: Element) -> Bool {
        locked {
            while count == elements.count && !isClosed { pthread_cond_wait(changed, mutex) }
            guard !isClosed else { return false }
            append(element)
            return true
        }
    }

    /// Adds an element without waiting; if there is no room, it replaces the oldest, which is returned.
    /// Once the queue is closed, the element itself is.
    func replace(_ element: Element) -> Element? {
        locked {
            guard !isClosed else { return element }
            let oldest = count == elements.count ? removeFirst() : nil
            append(element)
            return oldest
        }
    }

    /// Removes the oldest element, waiting for one. Nil once the queue is closed and empty.
    func take() -> Element? {
        locked {
            while count == 0 && !isClosed { pthread_cond_wait(changed, mutex) }
            return count > 0 ? removeFirst() : nil
        }
    }

    /// The same, waiting no longer than that.
    func take(within time: Duration) -> Element? {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let nanoseconds = deadline.tv_nsec + Int(time.components.attoseconds / 1_000_000_000)
        deadline.tv_sec += Int(time.components.seconds) + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        return locked {
            while count == 0 && !isClosed {
                if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { break }
            }
            return count > 0 ? removeFirst() : nil
        }
    }

    /// Lets no more elements in; those inside can still be taken, unless they are discarded.
    func close(discarding: Bool = false) {
        locked {
            isClosed = true
            while discarding && count > 0 { _ = removeFirst() }
            pthread_cond_broadcast(changed)
        }
    }

    private func append(_ element: Element) {
        elements[(first + count) % elements.count] = element
        count += 1
        pthread_cond_broadcast(changed)
    }

    private func removeFirst() -> Element? {
        let element = elements[first]
        elements[first] = nil
        first = (first + 1) % elements.count
        count -= 1
        pthread_cond_broadcast(changed)
        return element
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
