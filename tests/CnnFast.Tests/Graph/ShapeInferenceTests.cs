using CnnFast.Layers;

namespace CnnFast.Tests.Graph;

/// <summary>Output shapes of every layer, and the sentences for what does not fit.</summary>
public sealed class ShapeInferenceTests
{
    public static TheoryData<Layer, int[], int[]> Shapes => new()
    {
        { new Conv2D(8, 3), [28, 20, 3], [26, 18, 8] },
        { new Conv2D(8, (3, 5), stride: (2, 1), padding: Padding.Same), [28, 20, 3], [14, 20, 8] },
        { new Conv2D(6, 3, dilation: (2, 3), groups: 3), [9, 9, 3], [5, 3, 6] },
        { new Conv2D(2, 2, padding: Padding.Explicit(1, 0, 2, 3)), [4, 4, 1], [6, 6, 2] },
        { new DepthwiseConv2D(3, padding: Padding.Same), [28, 20, 3], [28, 20, 3] },
        { new DepthwiseConv2D((3, 2), stride: (2, 1), dilation: (1, 3), depthMultiplier: 4), [9, 9, 3], [4, 6, 12] },
        { new Conv2DTranspose(8, 3), [5, 7, 4], [7, 9, 8] },
        { new Conv2DTranspose(8, (3, 2), stride: (2, 3), padding: Padding.Same), [5, 7, 4], [10, 21, 8] },
        { new Conv2DTranspose(6, (2, 3), stride: (3, 2), dilation: (1, 2), groups: 2), [5, 7, 4], [14, 17, 6] },
        { new Conv2DTranspose(1, 1, stride: 3, outputPadding: 2), [5, 7, 4], [15, 21, 1] },
        { new Conv2DTranspose(2, 3, stride: 2, padding: Padding.Explicit(1, 0, 2, 1), outputPadding: (1, 0)), [5, 7, 4], [9, 14, 2] },
        { new MaxPool2D(2), [7, 6, 5], [3, 3, 5] },
        { new MaxPool2D(3, stride: 2, padding: Padding.Same), [7, 6, 5], [4, 3, 5] },
        { new MaxPool2D(2, stride: 1, dilation: 2), [7, 6, 5], [5, 4, 5] },
        { new AveragePool2D((2, 3)), [7, 6, 5], [3, 2, 5] },
        { new GlobalAveragePool2D(), [7, 6, 5], [5] },
        { new Flatten(), [7, 6, 5], [210] },
        { new Flatten(), [12], [12] },
        { new Dense(4), [12], [4] },
        { new ReLU(), [7, 6, 5], [7, 6, 5] },
        { new ReLU6(), [7, 6, 5], [7, 6, 5] },
        { new LeakyReLU(), [7, 6, 5], [7, 6, 5] },
        { new SiLU(), [12], [12] },
        { new HardSwish(), [7, 6], [7, 6] },
        { new Sigmoid(), [7, 6, 5], [7, 6, 5] },
        { new Tanh(), [12], [12] },
        { new BatchNormalization(), [7, 6, 5], [7, 6, 5] },
        { new BatchNormalization(useScale: false), [12], [12] },
        { new GlobalMaxPool2D(), [7, 6, 5], [5] },
        { new Reshape([5, -1, 2]), [7, 6, 5], [5, 21, 2] },
        { new Reshape([210]), [7, 6, 5], [210] },
        { new ZeroPadding2D(2), [7, 6, 5], [11, 10, 5] },
        { new ZeroPadding2D((1, 0)), [7, 6, 5], [9, 6, 5] },
        { new ZeroPadding2D(1, 2, 3, 4), [7, 6, 5], [11, 12, 5] },
        { new UpSampling2D(), [7, 6, 5], [14, 12, 5] },
        { new UpSampling2D((1, 3), Interpolation.Bilinear), [7, 6, 5], [7, 18, 5] },
        { new Rescaling(2), [7, 6], [7, 6] },
        { new Softmax(), [12], [12] },
        { new Dropout(0.5f), [3, 2], [3, 2] },
    };

    public static TheoryData<Layer, int[], string> Misfits => new()
    {
        { new Reshape([5, -1]), [12],
            "Reshape 'reshape_1': input has shape (N, 12), 12 elements a sample; expected a multiple of 5 for the targetShape (5, -1)." },
        { new Reshape([5, 2], name: "r"), [3, 4],
            "Reshape 'r': input has shape (N, 3, 4), 12 elements a sample; expected 10 for the targetShape (5, 2)." },
        { new ZeroPadding2D(1), [12], "ZeroPadding2D 'zero_padding2d_1': input has shape (N, 12); expected images (N, H, W, C): " +
            "put it before Flatten, Dense and global pooling layers." },
        { new UpSampling2D(50_000), [2, 3, 4], "UpSampling2D 'up_sampling2d_1': the output would be 100000×150000 pixels of 4 channels, " +
            "more than 2147483647 elements; the input has shape (N, 2, 3, 4)." },
        { new ZeroPadding2D(int.MaxValue), [2, 3, 4], "ZeroPadding2D 'zero_padding2d_1': the output would be 4294967296×4294967297 " +
            "pixels of 4 channels, more than 2147483647 elements; the input has shape (N, 2, 3, 4)." },
        { new Dense(10), [26, 26, 32], "Dense 'dense_1': input has shape (N, 26, 26, 32); expected features (N, F): " +
            "insert Flatten or GlobalAveragePool2D before it." },
        { new Conv2D(4, 3), [128], "Conv2D 'conv2d_1': input has shape (N, 128); expected images (N, H, W, C): put it before Flatten, " +
            "Dense and global pooling layers." },
        { new MaxPool2D(2, name: "pool"), [128], "MaxPool2D 'pool': input has shape (N, 128); expected images (N, H, W, C): " +
            "put it before Flatten, Dense and global pooling layers." },
        { new GlobalAveragePool2D(), [9], "GlobalAveragePool2D 'global_average_pool2d_1': input has shape (N, 9); expected images (N, H, " +
            "W, C): put it before Flatten, Dense and global pooling layers." },
        { new Conv2D(6, 3, groups: 4, name: "mix"), [8, 8, 8],
            "Conv2D 'mix': groups 4 must divide the 8 input channels and the 6 filters; the input has shape (N, 8, 8, 8)." },
        { new Conv2D(6, 9, name: "big"), [8, 8, 1], "Conv2D 'big': the dilated filter spans 9×9 pixels, more than the 8×8 of the padded " +
            "input (input N1 H8 W8 C1; filter H9 W9 I1 O6; stride 1×1; dilation 1×1; groups 1; padding Valid)." },
        { new Conv2DTranspose(6, 3, groups: 4, name: "mix"), [8, 8, 8],
            "Conv2DTranspose 'mix': groups 4 must divide the 8 input channels and the 6 filters; the input has shape (N, 8, 8, 8)." },
        { new Conv2DTranspose(6, 3), [128], "Conv2DTranspose 'conv2d_transpose_1': input has shape (N, 128); expected images (N, H, W, " +
            "C): put it before Flatten, Dense and global pooling layers." },
        { new Conv2DTranspose(6, 3, padding: Padding.Explicit(2, 0, 1, 0), name: "cut"), [1, 8, 8],
            "Conv2DTranspose 'cut': the output height would be 0; expected 1 to 1073741824 (input 1, filter 3, stride 1, dilation 1, " +
                "padding [2, 0, 1, 0], output padding 0)." },
        { new Conv2DTranspose(6, 3, stride: int.MaxValue, padding: Padding.Same, name: "far"), [2, 8, 8],
            "Conv2DTranspose 'far': the output height would be 4294967294; expected 1 to 1073741824 (input 2, filter 3, " +
                "stride 2147483647, dilation 1, padding Same, output padding 0)." },
        { new Conv2DTranspose(6, 3, stride: 50_000, name: "wide"), [2, 3, 8], "Conv2DTranspose 'wide': " +
            "the output would be 50003×100003 pixels of 6 channels, more than 2147483647 elements; the input has shape (N, 2, 3, 8)." },
        { new DepthwiseConv2D(3), [128], "DepthwiseConv2D 'depthwise_conv2d_1': input has shape (N, 128); expected images (N, H, W, C): " +
            "put it before Flatten, Dense and global pooling layers." },
        { new DepthwiseConv2D(9, name: "big"), [8, 8, 2], "DepthwiseConv2D 'big': the dilated filter spans 9×9 pixels, more than the 8×8 " +
            "of the padded input (input N1 H8 W8 C2; filter H9 W9 I1 O2; stride 1×1; dilation 1×1; groups 2; padding Valid)." },
        { new DepthwiseConv2D(1, depthMultiplier: 2_000_000_000, name: "wide"), [8, 8, 2], "DepthwiseConv2D 'wide': " +
            "2 input channels and a depthMultiplier of 2000000000 make 4000000000 output channels; expected at most 2147483647." },
        { new Dense(100_000), [100_000], "Dense 'dense_1': 100000 inputs and 100000 units make a filter of more than 2147483647 " +
            "elements; the input has shape (N, 100000)." },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_layer_infers_its_output(Layer layer, int[] input, int[] expected) =>
        Assert.Equal(new Shape(expected), new Sequential(layer).Build(new Shape(input)).OutputShape);

    [Theory]
    [MemberData(nameof(Misfits))]
    public void What_does_not_fit_is_one_sentence(Layer layer, int[] input, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ShapeException>(() => new Sequential(layer).Build(new Shape(input))).Message);

    [Fact]
    public void Add_rejects_different_shapes_with_all_of_them()
    {
        var x = new Input(8, 8, 3);
        ModelNode y = new Add(name: "sum").Apply(x, new Conv2D(4, 1).Apply(x));
        Assert.Equal("Add 'sum': the inputs have shapes (N, 8, 8, 3) and (N, 8, 8, 4); expected the same shape for all.",
            Assert.Throws<ShapeException>(() => Model.Build(x, y)).Message);
    }

    [Fact]
    public void Multiply_takes_one_shape_or_images_and_factors()
    {
        var x = new Input(8, 6, 3);
        Assert.Equal(new Shape(8, 6, 3), Model.Build(x, new Multiply().Apply(x, new GlobalMaxPool2D().Apply(x))).OutputShape);
        Assert.Equal(new Shape(8, 6, 3), Model.Build(x, new Multiply().Apply(x, new AveragePool2D((8, 6)).Apply(x))).OutputShape);
        ModelNode y = new Multiply(name: "gate").Apply(new GlobalMaxPool2D().Apply(x), x);
        Assert.Equal(
            "Multiply 'gate': the inputs have shapes (N, 3) and (N, 8, 6, 3); expected the same shape for all, or images (N, H, W, " +
                "C) and then factors (N, C) or (N, 1, 1, C).",
            Assert.Throws<ShapeException>(() => Model.Build(x, y)).Message);
    }

    [Fact]
    public void Concatenate_joins_channels_and_rejects_other_differences()
    {
        var x = new Input(8, 6, 3);
        Assert.Equal(new Shape(8, 6, 10), Model.Build(x, new Concatenate().Apply(x, new Conv2D(4, 1).Apply(x), x)).OutputShape);
        ModelNode y = new Concatenate().Apply(x, new Conv2D(4, 3).Apply(x));
        Assert.Equal(
            "Concatenate 'concatenate_1': input 1 (input) is (N, 8, 6, 3) and input 2 (conv2d_1) is (N, 6, 4, 4); " +
                "expected the same height (8 and 6 differ) and width (6 and 4 differ).",
            Assert.Throws<ShapeException>(() => Model.Build(x, y)).Message);
        ModelNode narrow = new Concatenate().Apply(x, new Conv2D(4, 1).Apply(x), new MaxPool2D((1, 2), name: "half").Apply(x));
        Assert.Equal(
            "Concatenate 'concatenate_1': input 1 (input) is (N, 8, 6, 3) and input 3 (half) is (N, 8, 3, 3); " +
                "expected the same width (6 and 3 differ).",
            Assert.Throws<ShapeException>(() => Model.Build(x, narrow)).Message);
        ModelNode flat = new Concatenate().Apply(x, new Flatten().Apply(x));
        Assert.Equal(
            "Concatenate 'concatenate_1': input 1 (input) is (N, 8, 6, 3) and input 2 (flatten_1) is (N, 144); " +
                "expected as many dimensions.",
            Assert.Throws<ShapeException>(() => Model.Build(x, flat)).Message);
    }

    [Fact]
    public void A_size_that_does_not_fit_a_U_Net_is_a_sentence_about_the_two_that_meet()
    {
        string message = Assert.Throws<ShapeException>(() => ModelZoo.Find("unet")!.Build(new Shape(37, 64, 1))).Message;
        Assert.Contains("expected the same height (", message, StringComparison.Ordinal);
        Assert.StartsWith("Concatenate '", message, StringComparison.Ordinal);
    }
}
