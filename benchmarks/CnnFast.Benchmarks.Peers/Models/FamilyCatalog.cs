using CnnFast.Onnx.Conformance.Families;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// Models of real size of the families that the tests hold against ONNX Runtime in small, with random weights from a fixed seed.
/// </summary>
internal static class FamilyCatalog
{
    private static readonly (string Name, int[] Input, Func<byte[]> Build)[] s_models =
    [
        ("text-scales", [1, 3, 640, 640], () => TextDetectors.Build(11, true, false, TextDetectors.Large, 16, 96)),
        ("text-sizes", [1, 3, 544, 736], () => TextDetectors.Build(17, false, true, TextDetectors.Large, 16, 96)),
        ("recognizer", [1, 3, 48, 320], () => AttentionNets.Recognizer(17, 48, 320, 6625, (64, 2, 2), (128, 4, 3), (256, 8, 2))),
        ("lines-corners", [1, 4, 512, 512], () => LineDetectors.Build(11, "align_corners", "constant", LineDetectors.Large, 32, 64, 64)),
        ("lines-pixels", [1, 4, 512, 512], () => LineDetectors.Build(18, "half_pixel", "edge", LineDetectors.Large, 32, 64, 64)),
        ("faces", [1, 3, 640, 640], () => FaceDetectors.BuildDynamic(12, true, FaceDetectors.Large, 64)),
        ("faces-static", [1, 3, 320, 320], () => FaceDetectors.BuildStatic(11, 320, FaceDetectors.Large, 64)),
        ("blazeface-back", [1, 3, 256, 256], () => FaceDetectors.BuildBlaze(13, 256, 8, 24, 24, 48, 96)),
        ("unet-transpose", [1, 3, 256, 256], () => SegmentationNets.Unet(13, true, 32, 4)),
        ("unet-bilinear", [1, 3, 256, 256], () => SegmentationNets.Unet(17, false, 32, 4)),
        ("style", [1, 3, 224, 224], () => SegmentationNets.Style(11, 32, 5)),
        ("convnext", [1, 3, 224, 224], () => AttentionNets.ConvNeXt(16, (64, 2), (128, 2), (256, 6), (512, 2))),
        ("convnext-17", [1, 3, 224, 224], () => AttentionNets.ConvNeXt(17, (64, 2), (128, 2), (256, 6), (512, 2))),
        ("tf-mobilenet", [1, 224, 224, 3], () => Classifiers.TensorFlow(false, 32, (64, 1), (128, 2), (128, 1), (256, 2), (256, 1),
            (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1))),
        ("tf-segments", [1, 256, 256, 3], () => Classifiers.TensorFlow(true, 16, (32, 1), (64, 2), (64, 1), (64, 1))),
        ("densenet121", [1, 3, 224, 224], () => DenseNets.Build(64, 32, 1000, 6, 12, 24, 16)),
        ("inception-v3", [1, 3, 299, 299], () => InceptionNets.Build(1, 1000)),
        ("efficientnet-b0", [1, 3, 224, 224],
            () => MobileClassifiers.EfficientNet(32, 1280, 1000, MobileClassifiers.EfficientNetB0)),
        ("mobilenetv3", [1, 3, 224, 224], () => MobileClassifiers.MobileNetV3(16, 1280, 1000, TextDetectors.Large)),
        ("shufflenetv2", [1, 3, 224, 224],
            () => MobileClassifiers.ShuffleNetV2(224, 224, 1024, 1000, (116, 4), (232, 8), (464, 4))),
        ("mobilenet-hs", [1, 3, 224, 224], () => MobileClassifiers.MobileNet(32, 1000, (64, 1), (128, 2), (128, 1), (256, 2), (256, 1),
            (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1))),
        ("yolov8n", [1, 3, 640, 640], () => ObjectDetectors.Build(640, 640, 16, 80)),
    ];

    /// <summary>The names, in the order of the table.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_models.Select(model => model.Name)];

    /// <summary>Writes the model of a name into a folder.</summary>
    /// <returns>The file and the dimensions of its input.</returns>
    public static (string File, int[] Input) Write(string name, string folder)
    {
        (_, int[] input, Func<byte[]> build) = s_models.First(model => model.Name == name);
        string file = Path.Combine(folder, name + ".onnx");
        File.WriteAllBytes(file, build());
        return (file, input);
    }
}
