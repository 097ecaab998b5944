namespace CnnFast;

/// <summary>Well-known architectures, built with the functional builder and random weights.</summary>
public static class ModelZoo
{
    private const int ImageNetClasses = 1000;
    private const int Digits = 10;

    private static readonly Shape Digit = new(28, 28, 1);
    private static readonly Shape Photo = new(224, 224, 3);

    /// <summary>The net of the backpropagation tutorial, the preset <c>tutorial</c> without its recipe.</summary>
    public static ZooModel Tutorial { get; } = new("tutorial", TutorialNet.Description, Digit, Digits,
        (x, classes) => TutorialNet.Layers(classes).Apply(x));

    /// <summary>
    /// LeNet-5 as it is built today: 5×5 convolutions of 6 and 16 channels, ReLU, maximum pooling, dense 120, 84 (LeCun et al. 1998).
    /// </summary>
    public static ZooModel LeNet5 { get; } = new("lenet5",
        "LeNet-5: conv 5x5 6, 16, dense 120, 84 (LeCun et al. 1998), with ReLU and maximum pooling", Digit, Digits, DigitNets.LeNet5);

    /// <summary>The usual small net for MNIST: 3×3 convolutions of 32 and 64 channels, maximum pooling, dense 128.</summary>
    public static ZooModel MnistCnn { get; } = new("mnist_cnn", "conv 3x3 32, conv 3x3 64, max 2x2, dense 128", Digit, Digits,
        DigitNets.MnistCnn);

    /// <summary>VGG-16 (Simonyan and Zisserman 2014).</summary>
    public static ZooModel Vgg16 { get; } = new("vgg16", "VGG-16 (Simonyan and Zisserman 2014)", Photo, ImageNetClasses,
        (x, classes) => Vgg.Classifier(Vgg.Features(x), classes));

    /// <summary>The convolutional part of VGG-16: <c>[H, W, 3]</c> to <c>[H/32, W/32, 512]</c>.</summary>
    public static ZooModel Vgg16Features { get; } = new("vgg16_features",
        "the convolutions of VGG-16, without its dense layers; has no classes", Photo, ImageNetClasses, (x, _) => Vgg.Features(x));

    /// <summary>ResNet-18 (He et al. 2015).</summary>
    public static ZooModel ResNet18 { get; } = new("resnet18", "ResNet-18 (He et al. 2015)", Photo, ImageNetClasses,
        (x, classes) => ResNet.Basic(x, [2, 2, 2, 2], classes));

    /// <summary>ResNet-50 with the stride in the 3×3 convolution of a block, as torchvision has it (v1.5).</summary>
    public static ZooModel ResNet50 { get; } = new("resnet50", "ResNet-50 (He et al. 2015), stride in the 3x3 convolutions (v1.5)", Photo,
        ImageNetClasses, (x, classes) => ResNet.Bottleneck(x, [3, 4, 6, 3], classes));

    /// <summary>MobileNetV2 of width 1 (Sandler et al. 2018).</summary>
    public static ZooModel MobileNetV2 { get; } = new("mobilenetv2", "MobileNetV2, width 1 (Sandler et al. 2018)", Photo, ImageNetClasses,
        MobileNet.V2);

    /// <summary>SqueezeNet 1.1 (Iandola et al. 2016).</summary>
    public static ZooModel SqueezeNet { get; } = new("squeezenet", "SqueezeNet 1.1 (Iandola et al. 2016)", Photo, ImageNetClasses,
        SqueezeNets.V11);

    /// <summary>A small U-Net for segmentation (Ronneberger et al. 2015): one probability a class for every pixel.</summary>
    public static ZooModel UNet { get; } = new("unet",
        "a small U-Net (Ronneberger et al. 2015): 16 to 128 channels, a class for every pixel", new Shape(128, 128, 3), 2, UNets.Small);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ZooModel> All { get; } = [Tutorial, LeNet5, MnistCnn, Vgg16, Vgg16Features, ResNet18, ResNet50, MobileNetV2,
        SqueezeNet, UNet];

    /// <summary>The architecture of a name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The architecture, or null when there is none of that name.</returns>
    public static ZooModel? Find(string name) => All.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
