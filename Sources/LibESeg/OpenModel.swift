import CESeg
import ESegNetwork
import ESegRuntime

/// What an `eseg_model` stands for: a model, and the texts that tell about it.
final class OpenModel: Handled {
    static let mark: UInt64 = 0x6573_6567_6d6f_6465
    static let name = "model"

    let model: Model
    private let name: CText
    private let isa: CText
    private let classNames: [CText]
    private let palette: Palette

    init(_ model: Model) throws {
        self.model = model
        name = try CText(model.description.name)
        isa = try CText(model.isa.description)
        classNames = try model.classNames.map { try CText($0) }
        palette = Palette(classNames: model.classNames)
    }

    var info: eseg_model_info {
        let description = model.description
        var info = eseg_model_info()
        info.name = name.pointer
        info.isa = isa.pointer
        info.classes = Int32(classNames.count)
        info.width = Int32(description.imageSize?.width ?? 0)
        info.height = Int32(description.imageSize?.height ?? 0)
        info.least_side = Int32(Graph.imageSides.lowerBound)
        info.greatest_side = Int32(Graph.imageSides.upperBound)
        info.mean = (description.mean[0], description.mean[1], description.mean[2])
        info.std = (description.std[0], description.std[1], description.std[2])
        info.logit_scale = model.logitScale
        info.doubt_margin = model.doubt.margin
        info.doubtful_share = model.doubt.seen.map { Float($0.pixels) } ?? -1
        return info
    }

    func classInfo(_ index: Int32) throws(CallError) -> eseg_class {
        guard classNames.indices.contains(Int(index)) else {
            throw .argument("index", found: "\(index)", expected: "0 to \(classNames.count - 1), a class of the model's")
        }
        let color = palette[UInt8(index)]
        return eseg_class(name: classNames[Int(index)].pointer, red: color.red, green: color.green, blue: color.blue)
    }
}
