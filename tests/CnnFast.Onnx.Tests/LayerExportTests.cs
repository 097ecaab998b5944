using CnnFast.Layers;

namespace CnnFast.Onnx.Tests;

/// <summary>Layers whose ONNX form depends on where they stand or on their options.</summary>
public sealed class LayerExportTests
{
    public static TheoryData<string, OnnxLayout> Cases()
    {
        var data = new TheoryData<string, OnnxLayout>();
        foreach (string name in s_cases.Keys)
        {
            foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
                data.Add(name, layout);
        }

        return data;
    }

    private static readonly Dictionary<string, Func<Model>> s_cases = new()
    {
        ["convolution with groups, dilation and sides of their own"] = () => Chain(new Shape(9, 8, 4),
            new Conv2D(6, (3, 2), stride: (1, 2), dilation: (2, 1), groups: 2, padding: Padding.Explicit(1, 0, 3, 2))),
        ["convolution padded same with stride"] = () => Chain(new Shape(8, 9, 2),
            new Conv2D(3, (3, 4), stride: (2, 3), padding: Padding.Same, activation: Activation.ReLU, useBias: false)),
        ["transposed convolution padded same"] = () => Chain(new Shape(4, 5, 4),
            new Conv2DTranspose(6, 3, stride: (2, 1), groups: 2, padding: Padding.Same, activation: Activation.ReLU)),
        ["transposed convolution with a stride beyond the filter, padded same"] = () =>
            Chain(new Shape(4, 5, 4), new Conv2DTranspose(6, 1, stride: (2, 3), padding: Padding.Same, useBias: false)),
        ["transposed convolution with dilation, sides and output padding of its own"] = () => Chain(new Shape(4, 5, 4),
            new Conv2DTranspose(3, (2, 3), stride: (2, 3), dilation: (3, 1), padding: Padding.Explicit(1, 0, 3, 1), outputPadding: (1, 2))),
        ["maximum with dilation and padding as wide as the window"] = () =>
            Chain(new Shape(9, 10, 3), new Conv2D(3, 1), new MaxPool2D(2, stride: 1, dilation: 3, padding: Padding.Same)),
        ["maximum with padding that no window reads"] = () =>
            Chain(new Shape(5, 5, 2), new MaxPool2D(2, stride: 3, padding: Padding.Explicit(0, 0, 2, 2))),
        ["average without the padding"] = () => Chain(new Shape(7, 6, 2), new AveragePool2D(3, stride: 2, padding: Padding.Same)),
        ["average with the padding"] = () =>
            Chain(new Shape(7, 6, 2), new AveragePool2D((3, 2), stride: 2, padding: Padding.Explicit(1, 1, 2, 0), countPadding: true)),
        ["fused activations"] = () => Chain(new Shape(6, 5, 3),
            new Conv2D(4, 2, activation: Activation.ReLU6, biasInitializer: Initializer.Constant(5.5f)),
            new Conv2D(4, 2, activation: Activation.SiLU), new Flatten(), new Dense(5, Activation.HardSwish),
            new Dense(5, Activation.Sigmoid), new Dense(5, Activation.Tanh)),
        ["normalised images and rows"] = () => Chain(new Shape(4, 5, 3), new BatchNormalization(), new Conv2D(2, 3),
            new BatchNormalization(), new Flatten(), new BatchNormalization(useScale: false), new Dense(3)),
        ["reshaped images, channels kept and not"] = () => Chain(new Shape(4, 6, 2), new Conv2D(4, 1), new Reshape([2, 12, 4]),
            new Conv2D(3, 2), new Reshape([3, 11, 1]), new Conv2D(2, 2), new Reshape([-1])),
        ["factors from a row"] = Excitation,
        ["enlarged by an odd factor, both ways"] = () => Chain(new Shape(4, 5, 3), new UpSampling2D((3, 2), Interpolation.Nearest),
            new UpSampling2D((2, 3), Interpolation.Bilinear), new GlobalMaxPool2D()),
        ["rescaled and padded"] = () => Chain(new Shape(4, 5, 3), new Rescaling(0.5f, -1), new ZeroPadding2D(1, 2, 3, 0), new Conv2D(2, 3)),
        ["one relu on images"] = () => Chain(new Shape(4, 5, 3), new ReLU()),
        ["one relu on rows"] = () => Chain(new Shape(7), new ReLU()),
        ["flatten at the end"] = () => Chain(new Shape(4, 5, 3), new Conv2D(2, 3), new Flatten()),
        ["flatten alone"] = () => Chain(new Shape(4, 5, 3), new Flatten()),
        ["flatten of a row"] = () => Chain(new Shape(6), new Flatten(), new Dense(3)),
        ["flatten of one channel"] = () => Chain(new Shape(4, 5, 1), new Flatten(), new Dense(3)),
        ["activation and softmax between flatten and dense"] = () =>
            Chain(new Shape(4, 5, 3), new Conv2D(2, 2), new Flatten(), new ReLU(), new Dropout(0.5f), new Softmax(), new Dense(3)),
        ["dropout at the end"] = () => Chain(new Shape(4, 5, 3), new Conv2D(2, 3), new Dropout(0.5f)),
        ["dropout alone"] = () => Chain(new Shape(4, 5, 3), new Dropout(0.5f)),
        ["softmax over channels"] = () => Chain(new Shape(4, 5, 3), new Conv2D(4, 3), new Softmax()),
        ["softmax over channels of the input"] = () => Chain(new Shape(4, 5, 3), new Softmax()),
        ["flattened images side by side"] = FlattenedSideBySide,
        ["sums of flattened images"] = SumsOfFlattened,
        ["sum of input and convolution"] = SumWithInput,
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_computes_the_same_in_onnx_runtime(string name, OnnxLayout layout) =>
        OnnxCheck.Holds(name, s_cases[name](), new OnnxExportOptions { Layout = layout });

    private static Model Chain(Shape input, params ReadOnlySpan<Layer> layers) => new Sequential(layers).Build(input, seed: 5);

    private static Model FlattenedSideBySide()
    {
        var x = new Input(4, 5, 3);
        ModelNode left = new Flatten().Apply(new Conv2D(2, 3).Apply(x));
        ModelNode right = new Flatten().Apply(new MaxPool2D(2).Apply(x));
        return Model.Build(x, new Dense(3).Apply(new Concatenate().Apply(left, right)), seed: 5);
    }

    // The first sum is of two rows of images of one shape, the second of rows in different orders.
    private static Model SumsOfFlattened()
    {
        var x = new Input(4, 5, 3);
        ModelNode left = new Flatten().Apply(new Conv2D(2, 3).Apply(x));
        ModelNode right = new Flatten().Apply(new Conv2D(2, 3).Apply(x));
        ModelNode sum = new Add().Apply(left, right);
        ModelNode row = new Dense(12).Apply(sum);
        return Model.Build(x, new Dense(3).Apply(new Add().Apply(sum, row)), seed: 5);
    }

    private static Model Excitation()
    {
        var x = new Input(4, 5, 3);
        ModelNode squeezed = new Dense(3, Activation.Sigmoid).Apply(new GlobalAveragePool2D().Apply(x));
        ModelNode pixel = new Conv2D(3, 1).Apply(new Reshape([1, 1, 3]).Apply(squeezed));
        return Model.Build(x, new Multiply().Apply(new Multiply().Apply(x, squeezed), pixel), seed: 5);
    }

    private static Model SumWithInput()
    {
        var x = new Input(4, 5, 3);
        return Model.Build(x, new Add().Apply(x, new Conv2D(3, 3, padding: Padding.Same).Apply(x), x), seed: 5);
    }
}
