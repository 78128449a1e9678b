import ESegNetwork

extension NetworkDescription {
    /// Executors give a network the pixels of an image as they are. Throws where it takes their channels in another order.
    func requireRGB() throws(NetworkError) {
        guard channelOrder == .rgb else {
            throw NetworkError(
                file: name, field: "network.channel_order", found: channelOrder.rawValue,
                expected: "rgb, which FloatNetwork.readingRGB makes of it")
        }
    }
}
