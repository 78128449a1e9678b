/// Keys of `QuantizedNetwork.provenance` that say what a network was made from and what it costs.
public enum Provenance {
    public static let weights = "weights"
    public static let frames = "calibration.frames"
    public static let size = "calibration.size"
    public static let cost = "cost"
}
