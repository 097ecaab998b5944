using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Tests.Models;

/// <summary>Small models that between them hold every layer with awkward options.</summary>
internal static class TestModels
{
    public static TheoryData<string> Names => ["chain", "strides", "branches", "pools", "gate", "dense", "depthwise", "activations",
        "functions", "normalized", "images", "excite", "transposed", "groups", "sizes", "sequences"];

    /// <summary>Those too that no layers build: they come back from files of ONNX as other operations.</summary>
    public static TheoryData<string> NamesWithImported => [.. Names.Select(row => row.Data), "affine"];

    public static Model Build(string name, ulong seed = 7) => name switch
    {
        "chain" => Chain(seed),
        "strides" => Strides(seed),
        "branches" => Branches(seed),
        "pools" => Pools(seed),
        "gate" => Gate(seed),
        "depthwise" => Depthwise(seed),
        "activations" => Activations(seed),
        "functions" => Functions(seed),
        "normalized" => Normalized(seed),
        "images" => Images(seed),
        "excite" => Excite(seed),
        "transposed" => Transposed(seed),
        "groups" => LayerModels.Groups(seed),
        "sizes" => LayerModels.Sizes(seed),
        "sequences" => LayerModels.Sequences(seed),
        "affine" => Affine(seed),
        "dense" => new Sequential(new Flatten(), new Dense(7, Activation.ReLU), new Dropout(0), new Dense(4, useBias: false))
            .Build(new Shape(3, 5, 2), seed),
        _ => throw new ArgumentException(name),
    };

    public static float[] Input(Model model, int n, int seed = 3)
    {
        var random = new SeededRandom((ulong)seed);
        var values = new float[n * model.InputShape.ElementCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((2 * random.NextDouble()) - 1);
        return values;
    }

    private static Model Chain(ulong seed) => new Sequential(
        new Conv2D(5, 3, padding: Padding.Same, activation: Activation.ReLU, biasInitializer: Initializer.Constant(0.1f)),
        new MaxPool2D(2),
        new Dropout(0),
        new Conv2D(6, (2, 3), activation: Activation.ReLU),
        new Flatten(),
        new Dense(9, Activation.ReLU),
        new Dense(4),
        new Softmax()).Build(new Shape(8, 10, 2), seed, "chain");

    private static Model Strides(ulong seed) => new Sequential(
        new Conv2D(6, (3, 2), stride: (2, 1), padding: Padding.Explicit(1, 0, 2, 1), useBias: false),
        new ReLU(),
        new Conv2D(8, (2, 3), dilation: (2, 1), groups: 2, padding: Padding.Same, activation: Activation.ReLU),
        new Conv2D(8, 3, stride: 2, groups: 8, padding: Padding.Same, biasInitializer: Initializer.Constant(0.05f)),
        new ReLU(),
        new GlobalAveragePool2D(),
        new Dense(3),
        new Softmax()).Build(new Shape(9, 7, 4), seed);

    private static Model Depthwise(ulong seed) => new Sequential(
        new DepthwiseConv2D((3, 2), stride: (1, 2), padding: Padding.Same, depthMultiplier: 3, activation: Activation.ReLU,
            biasInitializer: Initializer.Constant(0.12f)),
        new Conv2D(5, 1),
        new DepthwiseConv2D(3, dilation: (1, 2), padding: Padding.Explicit(1, 2, 0, 1), useBias: false),
        new DepthwiseConv2D(2, stride: 2, biasInitializer: Initializer.Constant(0.05f)),
        new GlobalAveragePool2D(),
        new Dense(3)).Build(new Shape(7, 11, 2), seed);

    private static Model Normalized(ulong seed)
    {
        var x = new Input(6, 7, 3);
        ModelNode stem = new Conv2D(5, 3, useBias: false).Apply(new BatchNormalization().Apply(x));
        ModelNode main = new ReLU().Apply(new BatchNormalization(epsilon: 0.01f, momentum: 0.9f).Apply(stem));
        ModelNode side = new DepthwiseConv2D(3, padding: Padding.Same).Apply(new BatchNormalization(useScale: false).Apply(main));
        ModelNode sum = new BatchNormalization(useOffset: false, useScale: false, momentum: 0).Apply(new Add().Apply(main, side));
        ModelNode row = new Dense(6).Apply(new Flatten().Apply(sum));
        Model model = Model.Build(x, new Dense(3).Apply(new BatchNormalization(epsilon: 0.1f, useOffset: false).Apply(row)), seed);
        var random = new SeededRandom(seed, 1000);
        foreach (Parameter parameter in model.Parameters.Where(parameter => parameter.Name.StartsWith("batch", StringComparison.Ordinal)))
        {
            // Scales and variances around 1, offsets and means around 0.
            double centre = parameter.Info.Role is ParameterRole.Scale or ParameterRole.Variance ? 1 : 0;
            var values = new float[parameter.Shape.ElementCount];
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)(centre + random.NextDouble() - 0.5);
            parameter.Assign(values);
        }

        return model;
    }

    private static Model Branches(ulong seed)
    {
        var x = new Input(5, 6, 2);
        ModelNode stem = new Conv2D(4, 3, padding: Padding.Same, activation: Activation.ReLU, biasInitializer: Initializer.Constant(0.1f),
            name: "stem").Apply(x);
        ModelNode left = new Conv2D(4, 3, padding: Padding.Same, biasInitializer: Initializer.Constant(0.2f)).Apply(stem);
        ModelNode sum = new ReLU().Apply(new Add().Apply(left, stem, stem));
        ModelNode right = new Conv2D(3, 1, activation: Activation.ReLU, biasInitializer: Initializer.Constant(-0.05f)).Apply(stem);
        ModelNode all = new Concatenate().Apply(sum, right, x);
        ModelNode flat = new Flatten().Apply(new MaxPool2D(2, stride: 3).Apply(all));
        ModelNode side = new Dense(5).Apply(new GlobalAveragePool2D().Apply(all));
        ModelNode main = new Dense(5).Apply(flat);
        return Model.Build(x, new Softmax().Apply(new Add().Apply(main, side)), seed, "branches");
    }

    private static Model Pools(ulong seed) => new Sequential(
        new Conv2D(3, 3, padding: Padding.Same),
        new MaxPool2D((3, 2), stride: (2, 1), padding: Padding.Same),
        new AveragePool2D(3, stride: 2, padding: Padding.Explicit(1), countPadding: true),
        new Conv2D(4, 2, padding: Padding.Same),
        new AveragePool2D(2, stride: 1, padding: Padding.Same),
        new MaxPool2D(2, stride: 1, dilation: (1, 2)),
        new Flatten(),
        new Dense(3)).Build(new Shape(11, 9, 2), seed);

    private static Model Gate(ulong seed)
    {
        var x = new Input(12);
        ModelNode features = new Dense(6, Activation.ReLU).Apply(x);
        ModelNode gate = new Softmax().Apply(new Dense(6).Apply(features));
        return Model.Build(x, new Dense(3).Apply(new Concatenate().Apply(new Add().Apply(gate, features), gate)), seed);
    }

    private static Model Activations(ulong seed) => new Sequential(
        new Conv2D(5, 3, padding: Padding.Same, activation: Activation.SiLU),
        new LeakyReLU(0.2f),
        new Conv2D(4, 2, activation: Activation.HardSwish, filterInitializer: Initializer.ScaledNormal(1.5f)),
        new Tanh(),
        new Conv2D(6, 1, activation: Activation.ReLU6, filterInitializer: Initializer.ScaledNormal(3)),
        new SiLU(),
        new Flatten(),
        new Dense(9, Activation.Tanh),
        new Sigmoid(),
        new Dense(8, Activation.Sigmoid),
        new HardSwish(),
        new Dense(7, Activation.SiLU),
        new ReLU6(),
        new Dense(3)).Build(new Shape(5, 6, 3), seed);

    // Every function of single elements and PReLU, as a node and, where layers have it as an option, in a dense and a convolution layer.
    private static Model Functions(ulong seed)
    {
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.AddInput(new Shape(4, 5, 3));
        ValueInfo stem = builder.Add(new Conv2DOperation(4, new Window2D(2, 2), 1, Activation.None, true), [x]);
        var ends = new List<ValueInfo>();
        foreach (ReferenceFunction function in ReferenceFunctions.All)
            ends.Add(builder.Add(new GlobalAveragePool2DOperation(), [builder.Add(new FunctionOperation(function.Epilogue), [stem])]));
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            ValueInfo images = builder.Add(
                new Conv2DOperation(3, new Window2D(3, 2, StrideW: 2, Padding: Padding.Same), 1, activation, true), [stem]);
            ends.Add(builder.Add(new DenseOperation(2, activation, true), [builder.Add(new GlobalAveragePool2DOperation(), [images])]));
        }

        ends.Add(builder.Add(new PReLUOperation(),
            [builder.Add(new GlobalAveragePool2DOperation(), [builder.Add(new PReLUOperation(), [stem])])]));
        ValueInfo y = builder.Add(new DenseOperation(3, Activation.None, true), [builder.Add(new ConcatenateOperation(), ends)]);
        var random = new SeededRandom(seed, 1000);
        return new Model(builder.Build([y], (_, _, parameter) => parameter.Assign(Values(random, parameter.Shape.ElementCount))),
            "functions");
    }

    private static float[] Values(SeededRandom random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];

    private static Model Images(ulong seed)
    {
        var x = new Input(4, 5, 3);
        ModelNode scaled = new Rescaling(0.5f, -0.25f).Apply(x);
        ModelNode stem = new Conv2D(5, 3).Apply(new ZeroPadding2D(2, 0, 1, 3).Apply(scaled));
        ModelNode near = new UpSampling2D((2, 3)).Apply(stem);
        ModelNode smooth = new UpSampling2D((2, 3), Interpolation.Bilinear).Apply(new Rescaling(1.5f, 0.1f).Apply(stem));
        ModelNode product = new Multiply().Apply(near, smooth, near);
        ModelNode padded = new ZeroPadding2D((0, 1)).Apply(product);
        ModelNode wide = new Reshape([-1, 5]).Apply(new Conv2D(5, 2, stride: 2).Apply(padded));
        ModelNode peaks = new GlobalMaxPool2D().Apply(new Reshape([1, -1, 5]).Apply(wide));
        ModelNode peak = new GlobalMaxPool2D().Apply(smooth);
        return Model.Build(x, new Dense(4).Apply(new Concatenate().Apply(peaks, peak)), seed, "images");
    }

    private static Model Excite(ulong seed)
    {
        var x = new Input(7, 6, 3);
        ModelNode stem = new Conv2D(9, 3, padding: Padding.Same, activation: Activation.HardSwish).Apply(x);
        ModelNode squeezed = new Dense(4, Activation.ReLU, biasInitializer: Initializer.Constant(0.3f))
            .Apply(new GlobalAveragePool2D().Apply(stem));
        ModelNode gated = new Multiply().Apply(stem, new Dense(9, Activation.Sigmoid).Apply(squeezed));
        ModelNode gate = new Conv2D(9, 1, activation: Activation.Sigmoid).Apply(new AveragePool2D((7, 6)).Apply(gated));
        ModelNode twice = new Multiply().Apply(gated, gate);
        return Model.Build(x, new Dense(3).Apply(new Flatten().Apply(new Conv2D(2, 3).Apply(twice))), seed, "excite");
    }

    // Scales and shifts of channels, as imported models have them.
    private static Model Affine(ulong seed)
    {
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.AddInput(new Shape(5, 4, 3));
        ValueInfo scaled = builder.Add(new ChannelAffineOperation(), [x]);
        ValueInfo stem = builder.Add(
            new Conv2DOperation(6, new Window2D(3, 2, Padding: Padding.Same), 1, Activation.None, false), [scaled]);
        ValueInfo activated = builder.Add(new FunctionOperation(Activation.SiLU), [builder.Add(new ChannelAffineOperation(), [stem])]);
        ValueInfo row = builder.Add(new DenseOperation(5, Activation.None, false),
            [builder.Add(new FlattenOperation(), [builder.Add(new AddOperation(), [activated, stem])])]);
        ValueInfo y = builder.Add(new ChannelAffineOperation(), [row]);
        var random = new SeededRandom(seed, 1000);
        return new Model(builder.Build([y], (_, _, parameter) => parameter.Assign(Values(random, parameter.Shape.ElementCount))), "affine");
    }

    private static Model Transposed(ulong seed)
    {
        var x = new Input(3, 4, 4);
        ModelNode same = new Conv2DTranspose(6, (3, 2), stride: (2, 1), padding: Padding.Same, activation: Activation.SiLU,
                biasInitializer: Initializer.Constant(0.1f))
            .Apply(x);
        ModelNode grouped = new Conv2DTranspose(4, (2, 3), dilation: (2, 1), groups: 2, padding: Padding.Explicit(1, 0, 2, 1),
                activation: Activation.ReLU, biasInitializer: Initializer.Constant(0.15f))
            .Apply(same);
        // A stride beyond the filter leaves pixels that no tap reaches; depthwise; a residual.
        ModelNode sparse = new Conv2DTranspose(4, (2, 1), stride: (3, 2), outputPadding: (1, 1), activation: Activation.Tanh,
                biasInitializer: Initializer.Constant(-0.2f))
            .Apply(x);
        ModelNode depthwise = new Conv2DTranspose(4, 3, stride: 2, groups: 4, padding: Padding.Explicit(1), outputPadding: (1, 0),
                activation: Activation.HardSwish, biasInitializer: Initializer.Constant(0.3f))
            .Apply(x);
        ModelNode plain = new Conv2DTranspose(4, (4, 2), stride: 2, padding: Padding.Explicit(1, 0, 1, 1), useBias: false).Apply(x);
        ModelNode sum = new ReLU6().Apply(new Add().Apply(depthwise, plain));
        ModelNode one = new Dense(5).Apply(new GlobalAveragePool2D().Apply(grouped));
        ModelNode two = new Dense(5).Apply(new Flatten().Apply(new Conv2D(1, 3, stride: 2).Apply(sparse)));
        ModelNode three = new Dense(5).Apply(new Flatten().Apply(new Conv2DTranspose(2, 1).Apply(sum)));
        return Model.Build(x, new Dense(3).Apply(new Concatenate().Apply(one, two, three)), seed, "transposed");
    }
}
