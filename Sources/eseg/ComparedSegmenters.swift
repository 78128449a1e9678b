import Evaluation

extension Int8Segmenter: QuantizedSegmenter {}
extension FloatNetworkSegmenter: FloatSegmenter {}
