namespace CnnFast.Onnx.Conformance.Families;

/// <summary>The models of all families.</summary>
internal static class FamilyCases
{
    public static IReadOnlyList<Func<FamilyCase>> All { get; } =
    [
        () => new("text detector by scales, opset 11", TextDetectors.Build(11, true, false, TextDetectors.Small, 8, 24), [[3, 64, 32], [3, 32, 96]], OnnxLayout.Nhwc),
        () => new("text detector by sizes, opset 11", TextDetectors.Build(11, true, true, TextDetectors.Small, 8, 24), [[3, 48, 37], [3, 33, 64]], OnnxLayout.Nhwc),
        () => new("text detector with HardSigmoid, opset 16", TextDetectors.Build(16, false, true, TextDetectors.Small, 8, 24), [[3, 32, 64], [3, 45, 33]], OnnxLayout.Nhwc),
        () => new("line detector with aligned corners, opset 11", LineDetectors.Build(11, "align_corners", "reflect", LineDetectors.Small, 12, 12, 8), [[4, 32, 40], [4, 48, 32]], OnnxLayout.Nhwc),
        () => new("line detector with half pixels, opset 13", LineDetectors.Build(13, "half_pixel", "constant", LineDetectors.Small, 12, 12, 8), [[4, 32, 24], [4, 40, 48]], OnnxLayout.Nhwc),
        () => new("line detector of PyTorch, opset 18", LineDetectors.Build(18, "pytorch_half_pixel", "edge", LineDetectors.Small, 12, 12, 8), [[4, 24, 40], [4, 40, 32]], OnnxLayout.Nhwc),
        () => new("face detector of one size, opset 11", FaceDetectors.BuildStatic(11, 32, FaceDetectors.Small, 16), [[3, 32, 32]]),
        () => new("face detector, opset 12", FaceDetectors.BuildDynamic(12, true, FaceDetectors.Small, 16), [[3, 32, 48], [3, 50, 37]]),
        () => new("face detector that copies the batch, opset 17", FaceDetectors.BuildDynamic(17, false, FaceDetectors.Small, 16), [[3, 32, 48], [3, 50, 37]]),
        () => new("face detector of MediaPipe, opset 13", FaceDetectors.BuildBlaze(13, 32, 2, 8, 12, 16), [[3, 32, 32]], OnnxLayout.Nhwc),
        () => new("U-Net with transposed convolutions", SegmentationNets.Unet(13, true, 6, 3), [[3, 32, 40], [3, 48, 24]], OnnxLayout.Nhwc),
        () => new("U-Net with enlargements", SegmentationNets.Unet(17, false, 6, 3), [[3, 32, 40], [3, 48, 24]], OnnxLayout.Nhwc),
        () => new("change of style", SegmentationNets.Style(11, 6, 2), [[3, 32, 40], [3, 48, 24]], OnnxLayout.Nhwc),
        () => new("classifier, flattened", Classifiers.Flattened(), [[3, 32, 24]], OnnxLayout.Nhwc),
        () => new("classifier, mean", Classifiers.Averaged(17, "mean"), [[3, 32, 24], [3, 41, 35]], OnnxLayout.Nhwc),
        () => new("classifier, mean, opset 18", Classifiers.Averaged(18, "mean negative"), [[3, 32, 24], [3, 41, 35]], OnnxLayout.Nhwc),
        () => new("classifier, mean kept", Classifiers.Averaged(17, "mean kept"), [[3, 32, 24], [3, 41, 35]], OnnxLayout.Nhwc),
        () => new("classifier, pool reshaped", Classifiers.Averaged(17, "pool reshaped"), [[3, 32, 24], [3, 41, 35]], OnnxLayout.Nhwc),
        () => new("classifier, pool squeezed", Classifiers.Averaged(17, "pool squeezed"), [[3, 32, 24], [3, 41, 35]], OnnxLayout.Nhwc),
        () => new("shuffled channels", Classifiers.Shuffled(false), [[3, 32, 40], [3, 48, 33]], OnnxLayout.Nhwc, 3),
        () => new("shuffled channels by slices of the shape", Classifiers.Shuffled(true), [[3, 32, 40], [3, 48, 33]], OnnxLayout.Nhwc, 3),
        () => new("classifier of TensorFlow", Classifiers.TensorFlow(false, 8, (16, 1), (16, 2)), [[32, 40, 3], [24, 48, 3]], OnnxLayout.Nchw, IsChannelsLast: true),
        () => new("segmentation of TensorFlow", Classifiers.TensorFlow(true, 8, (16, 1), (16, 2)), [[32, 40, 3], [24, 48, 3]], OnnxLayout.Nchw, IsChannelsLast: true),
        () => new("waves of one length", AudioNets.Build(400), [[2, 400]]),
        () => new("waves", AudioNets.Build(-1), [[2, 400], [2, 333]]),
        () => new("ConvNeXt, opset 16", AttentionNets.ConvNeXt(16, (16, 2)), [[3, 32, 24], [3, 48, 40]]),
        () => new("ConvNeXt, opset 17", AttentionNets.ConvNeXt(17, (16, 1), (24, 2)), [[3, 32, 24], [3, 48, 40]]),
        () => new("recogniser of text, opset 17", AttentionNets.Recognizer(17, 16, 32, 11, (8, 2, 1), (16, 4, 1)), [[3, 16, 32]]),
        () => new("vision transformer, opset 14", AttentionNets.Vision(14, false, false), [[3, 32, 24]]),
        () => new("vision transformer with a class token, opset 17", AttentionNets.Vision(17, true, false), [[3, 32, 24]]),
        () => new("vision transformer of timm, opset 17", AttentionNets.Vision(17, true, true), [[3, 32, 24]]),
    ];
}
